import CacheModel

/// Tells options, their values and arguments apart, from left to right.
struct WordSplitter {
  private var rest: ArraySlice<String>
  private(set) var arguments: [String] = []
  private(set) var values: [CommandLineOption: String] = [:]
  private(set) var command: Subcommand?

  init(_ words: [String]) {
    rest = words[...]
  }

  mutating func run() throws(UsageError) {
    while let word = rest.popFirst() {
      if word == "--" {
        for argument in rest { take(argument: argument) }
        return
      }
      if word.hasPrefix("-"), word != "-" {
        try take(option: word)
      } else {
        take(argument: word)
      }
    }
  }

  private mutating func take(argument: String) {
    if command == nil, arguments.isEmpty, let named = Subcommand(rawValue: argument) {
      command = named
    } else {
      arguments.append(argument)
    }
  }

  private mutating func take(option word: String) throws(UsageError) {
    let sign = word.hasPrefix("--") ? word.firstIndex(of: "=") : nil
    let name = sign.map { String(word[..<$0]) } ?? word
    guard let option = CommandLineOption.named(name) else {
      throw unknown(name)
    }
    var value = sign.map { String(word[word.index(after: $0)...]) }
    if option.takesValue, value == nil { value = try nextValue(of: option) }
    if !option.takesValue, value != nil {
      throw UsageError("\(option.name) takes no value", command: command)
    }
    guard values[option] == nil || !option.takesValue else {
      throw UsageError("\(option.name) is given twice", command: command)
    }
    values[option] = value ?? ""
  }

  private mutating func nextValue(of option: CommandLineOption) throws(UsageError) -> String {
    guard let next = rest.first, next != "--",
      CommandLineOption.named(next) == nil
    else {
      throw UsageError(
        "\(option.name) needs a value (\(option.row.value ?? "")); "
          + "for example \(option.row.example)", command: command)
    }
    rest = rest.dropFirst()
    return next
  }

  private func unknown(_ name: String) -> UsageError {
    let shown = name.prefix(40)
    if let second = name.dropFirst().first, second.isNumber {
      return UsageError(
        "\"\(shown)\" is not an option; a TTL that begins with - is written --ttl=\(shown), and "
          + "any other argument that does stands behind --", command: command)
    }
    let options = command.map { $0.row.options + Subcommand.laterConnection }
    let known = (options ?? CommandLineOption.allCases).flatMap(\.row.names)
    let near = NearestName.to(name, among: known.filter { $0.hasPrefix("--") })
    let hint = near.map { "; is \($0) meant?" } ?? ""
    return UsageError("there is no option \(shown)\(hint)", command: command)
  }
}
