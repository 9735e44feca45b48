import ValueDecoding

/// JSON compared path by path: what a person wrote otherwise but meant the same is no difference.
extension ValueDifference {
  mutating func compareJSON(
    _ old: [UInt8], _ new: [UInt8], at place: String, _ reach: Reach
  ) {
    let before = JSONLeaves(old, isComplete: reach.isOldWhole)
    let after = JSONLeaves(new, isComplete: reach.isNewWhole)
    func name(_ path: String) -> String {
      [place, path].filter { !$0.isEmpty }.joined(separator: " ")
    }
    for path in after.paths {
      guard let value = after.values[path] else { continue }
      if let past = before.values[path] {
        if past != value {
          add(name(path), text(past, at: name(path)), text(value, at: name(path)))
        }
      } else if !before.isCut {
        add(name(path), nil, text(value, at: name(path)))
      }
    }
    guard !after.isCut else { return }
    for path in before.paths where after.values[path] == nil {
      add(name(path), before.values[path].map { text($0, at: name(path)) }, nil)
    }
  }
}

/// The numbers, strings, words and empty containers of a JSON text by their paths. Of a name that an
/// object has twice the later counts.
private struct JSONLeaves {
  private(set) var paths: [String] = []
  private(set) var values: [String: ArraySlice<UInt8>] = [:]
  /// Whether there is more of the text.
  private(set) var isCut = false
  private var open: [Container] = []

  private struct Container {
    /// The path of what is in it, without its own name or number.
    var path: String
    /// Elements so far; nil for an object.
    var count: Int?
    var name = ""
    var isEmpty = true
  }

  /// With their paths these bound the memory, however deep the text is.
  private static let limit = 4000

  init(_ bytes: [UInt8], isComplete: Bool) {
    var reader = JSONReader(bytes)
    do throws(JSONSyntaxError) {
      while let event = try reader.next() {
        guard paths.count < Self.limit else {
          isCut = true
          return
        }
        take(event, of: bytes, isComplete: isComplete)
      }
      isCut = !isComplete
    } catch {
      isCut = true
    }
  }

  private mutating func take(_ event: JSONEvent, of bytes: [UInt8], isComplete: Bool) {
    switch event {
    case .beginObject: open.append(Container(path: nextPath(), count: nil))
    case .beginArray: open.append(Container(path: nextPath(), count: 0))
    case .endObject, .endArray:
      guard let container = open.popLast(), container.isEmpty else { return }
      keep(container.path, Array((container.count == nil ? "{}" : "[]").utf8)[...])
    case .key(let range):
      guard let last = open.indices.last else { return }
      open[last].name = Self.step(bytes[range])
      open[last].isEmpty = false
    case .string(let range), .number(let range), .literal(let range):
      // More digits may follow where the reading ended.
      if isComplete || range.upperBound < bytes.count { keep(nextPath(), bytes[range]) }
    }
  }

  /// The path of the value that comes next.
  private mutating func nextPath() -> String {
    guard let last = open.indices.last else { return "" }
    guard let place = open[last].count else {
      let (path, name) = (open[last].path, open[last].name)
      return path.isEmpty && name.first == "." ? String(name.dropFirst()) : path + name
    }
    open[last].count = place + 1
    open[last].isEmpty = false
    return "\(open[last].path)[\(place)]"
  }

  private mutating func keep(_ path: String, _ value: ArraySlice<UInt8>) {
    if values.updateValue(value, forKey: path) == nil { paths.append(path) }
  }

  /// `.name`, or `["a name"]` where it is no plain word.
  private static func step(_ quoted: ArraySlice<UInt8>) -> String {
    let name = quoted.dropFirst().dropLast()
    let isWord = name.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || byte >= 0x80
    }
    let text = SpelledName.of(Array(isWord ? name : quoted), limit: 100)
    return isWord && !name.isEmpty ? ".\(text)" : "[\(text)]"
  }
}
