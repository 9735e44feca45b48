import CacheModel
import TerminalCanvas

/// Reads one configuration and says of every mistake where it is.
struct ConfigurationReader {
  let file: String

  /// One field of an object: the names that lead to it, and its value.
  struct Entry {
    var field: ConfigurationField
    var path: String
    var node: JSON5Node
  }

  /// The fields of an object, each known to belong there.
  func entries(
    of node: JSON5Node, _ place: ConfigurationField.Place, path: String,
    example: String
  ) throws(ConfigurationError) -> [Entry] {
    guard case .object(let members) = node.value else {
      throw wrong(node, path, expected: "an object", example: example)
    }
    var entries: [Entry] = []
    for member in members {
      let fields = ConfigurationField.fields(of: place)
      let fieldPath = path.isEmpty ? member.name : "\(path).\(member.name)"
      guard let field = fields.first(where: { $0.rawValue == member.name }) else {
        throw unknown(member, path: fieldPath, fields)
      }
      entries.append(Entry(field: field, path: fieldPath, node: member.node))
    }
    return entries
  }

  private func unknown(
    _ member: JSON5Member, path: String, _ fields: [ConfigurationField]
  ) -> ConfigurationError {
    let names = fields.map(\.rawValue)
    let near = Self.otherNames[member.name] ?? NearestName.to(member.name, among: names)
    let hint = near.map { "; is \($0) meant?" } ?? "; known are " + names.joined(separator: ", ")
    return error(member.position, Self.shown(path), "there is no such field" + hint)
  }

  /// Other words for the same.
  private static let otherNames = [
    "url": "source", "uri": "source", "color": "colour", "readonly": "read-only",
    "readOnly": "read-only", "read_only": "read-only", "separator": "separators",
    "passwordCommand": "password-command", "password_command": "password-command",
    "keymap": "keys", "bindings": "keys", "profile": "profiles", "themes": "theme",
  ]

  // MARK: Values

  func text(_ entry: Entry) throws(ConfigurationError) -> String {
    guard case .string(let text) = entry.node.value else {
      throw wrong(entry, expected: "a text in quotes")
    }
    guard !text.isEmpty, !text.unicodeScalars.contains("\0") else {
      throw error(entry, text.isEmpty ? "is empty" : "holds a NUL")
    }
    return text
  }

  func flag(_ entry: Entry) throws(ConfigurationError) -> Bool {
    guard case .flag(let flag) = entry.node.value else {
      throw wrong(entry, expected: "true or false")
    }
    return flag
  }

  /// A word out of a few.
  func choice<Choice: RawRepresentable & CaseIterable>(
    _ entry: Entry, _ type: Choice.Type
  ) throws(ConfigurationError) -> Choice where Choice.RawValue == String {
    let word = try text(entry)
    guard let choice = Choice(rawValue: word) else {
      throw notOneOf(Choice.allCases.map(\.rawValue), word, entry)
    }
    return choice
  }

  func notOneOf(
    _ names: [String], _ word: String, _ entry: Entry
  ) -> ConfigurationError {
    let near = NearestName.to(word, among: names).map { "; is \($0) meant?" } ?? ""
    return error(
      entry, "\(Self.quoted(word)) is not one of \(names.joined(separator: ", "))\(near)")
  }

  /// A whole number, or a size such as `"1mb"` where that is allowed.
  func number(
    _ entry: Entry, in bounds: ClosedRange<Int>, allowsSize: Bool = false
  ) throws(ConfigurationError) -> Int {
    let number: Int?
    switch entry.node.value {
    case .number(let text): number = Self.integer(text)
    case .string(let text) where allowsSize: number = Self.size(text)
    default:
      throw wrong(entry, expected: allowsSize ? "a number or a size in quotes" : "a number")
    }
    guard let number, bounds.contains(number) else {
      throw error(
        entry, "expected a number from \(bounds.lowerBound) to \(bounds.upperBound)")
    }
    return number
  }

  private static func integer(_ text: String) -> Int? {
    guard text.utf8.count <= 18 else { return nil }
    return text.lowercased().hasPrefix("0x") ? Int(text.dropFirst(2), radix: 16) : Int(text)
  }

  /// `4096`, `512kb`, `2mb`, `1gb`: units of 1024.
  private static func size(_ text: String) -> Int? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let units = [
      "": 1, "b": 1, "kb": 1 << 10, "k": 1 << 10, "mb": 1 << 20, "m": 1 << 20,
      "gb": 1 << 30, "g": 1 << 30,
    ]
    let word = text[digits.endIndex...].lowercased().filter { $0 != " " }
    guard digits.utf8.count <= 10, let number = Int(digits), let unit = units[word] else {
      return nil
    }
    return number * unit
  }

  /// One text or a list of them.
  func texts(_ node: JSON5Node, _ path: String, example: String) throws(ConfigurationError)
    -> [(text: String, position: TextPosition)]
  {
    let nodes: [JSON5Node]
    if case .array(let elements) = node.value { nodes = elements } else { nodes = [node] }
    var texts: [(String, TextPosition)] = []
    for node in nodes {
      guard case .string(let text) = node.value else {
        throw wrong(node, path, expected: "a text or a list of texts", example: example)
      }
      texts.append((text, node.position))
    }
    return texts
  }

  // MARK: Errors

  func error(
    _ position: TextPosition, _ path: String, _ problem: String, example: String? = nil
  ) -> ConfigurationError {
    ConfigurationError(
      file: file, position: position, field: path, problem: problem, example: example)
  }

  func error(_ entry: Entry, _ problem: String) -> ConfigurationError {
    error(entry.node.position, entry.path, problem, example: entry.field.example)
  }

  func wrong(_ entry: Entry, expected: String) -> ConfigurationError {
    wrong(entry.node, entry.path, expected: expected, example: entry.field.example)
  }

  func wrong(
    _ node: JSON5Node, _ path: String, expected: String, example: String
  ) -> ConfigurationError {
    error(
      node.position, path, "expected \(expected), and found \(node.kindWords)", example: example)
  }

  static func quoted(_ text: String) -> String { "\"\(shown(text))\"" }

  /// A word of the file within a message.
  static func shown(_ text: String) -> String { TextSanitizer.listText(String(text.prefix(80))) }
}
