extension ValueText {
  /// Lays JSON out with two blanks a level. What breaks off, because the value does or because the
  /// lines are used up, ends with `…`.
  static func laidOutJSON(_ bytes: [UInt8], isComplete: Bool, lineLimit: Int) -> ValueText {
    var reader = JSONReader(bytes)
    var layout = JSONLayout(bytes: bytes)
    do throws(JSONSyntaxError) {
      while layout.lines.count < lineLimit, let event = try reader.next() {
        if !isComplete, case .number(let range) = event, range.upperBound == bytes.count {
          throw reader.endedEarly  // more digits may follow
        }
        layout.add(event, depth: reader.depth)
      }
    } catch {
      return ValueText(form: .json, lines: layout.brokenOff(), isCut: true)
    }
    let isWhole = layout.lines.count < lineLimit
    return ValueText(
      form: .json, lines: isWhole ? layout.finished() : layout.brokenOff(), isCut: !isWhole)
  }
}

/// Puts events into lines. An empty container stays on one line.
private struct JSONLayout {
  let bytes: [UInt8]
  var lines: [ValueLine] = []
  private var line: [ValueToken] = []
  private var previous: JSONEvent?

  init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  mutating func add(_ event: JSONEvent, depth: Int) {
    separate(from: event, depth: depth)
    switch event {
    case .beginObject: token(.punctuation, "{")
    case .endObject: token(.punctuation, "}")
    case .beginArray: token(.punctuation, "[")
    case .endArray: token(.punctuation, "]")
    case .key(let range):
      token(.key, source(range))
      token(.punctuation, ": ")
    case .string(let range): token(.string, source(range))
    case .number(let range): token(.number, source(range))
    case .literal(let range): token(.literal, source(range))
    }
    previous = event
  }

  func finished() -> [ValueLine] {
    line.isEmpty ? lines : lines + [ValueLine(line)]
  }

  func brokenOff() -> [ValueLine] {
    finished() + [ValueLine([ValueToken(.punctuation, "…")])]
  }

  /// The comma and the line break that stand between two events.
  private mutating func separate(from event: JSONEvent, depth: Int) {
    switch (previous, event) {
    case (nil, _), (.key, _): return
    case (.beginObject, .endObject), (.beginArray, .endArray): return
    case (.beginObject, _), (.beginArray, _): breakLine(depth: indent(before: event, depth))
    case (_, .endObject), (_, .endArray): breakLine(depth: depth)
    default:
      token(.punctuation, ",")
      breakLine(depth: indent(before: event, depth))
    }
  }

  /// `depth` counts the containers after the event; one that opens stands a level further out.
  private func indent(before event: JSONEvent, _ depth: Int) -> Int {
    event == .beginObject || event == .beginArray ? depth - 1 : depth
  }

  private mutating func breakLine(depth: Int) {
    lines.append(ValueLine(line))
    line = depth > 0 ? [ValueToken(.plain, String(repeating: "  ", count: depth))] : []
  }

  private mutating func token(_ role: ValueToken.Role, _ text: String) {
    line.append(ValueToken(role, text))
  }

  private func source(_ range: Range<Int>) -> String {
    String(decoding: bytes[range], as: UTF8.self)
  }
}
