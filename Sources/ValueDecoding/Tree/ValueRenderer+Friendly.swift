/// Objects of Python's library that people know by their values. Only where arguments, state and items
/// have exactly the expected shape; anything else is shown as any object is.
extension ValueRenderer {
  mutating func renderFriendly(_ record: ObjectRecord) throws(DecodingFailure) -> Bool {
    guard record.keywords == nil, record.base == nil, record.arguments.count <= 3,
      case .global(let index) = tree[record.callee], let name = tree.global(index)
    else { return false }
    let arguments = Array(tree.children(of: record.arguments))
    switch name.full {
    case "collections.OrderedDict", "collections.defaultdict", "collections.Counter",
      "collections.deque":
      return try renderCollection(name.name, record, arguments)
    case "uuid.UUID": return renderUUID(record)
    default: break
    }
    guard record.states.count == 0, record.items.count == 0, record.setItems.count == 0 else {
      return false
    }
    switch name.full {
    case "datetime.datetime": return try renderDateTime(arguments)
    case "datetime.date": return renderClock("$date", arguments, PythonTime.date)
    case "datetime.time": return renderClock("$time", arguments, PythonTime.time)
    case "datetime.timedelta": return renderDuration(arguments)
    case "datetime.timezone": return renderZone(record)
    case "decimal.Decimal": return renderWord("$decimal", arguments, count: 1)
    case "builtins.complex": return renderComplex(arguments)
    default:
      return name.full.hasSuffix(".ZoneInfo._unpickle")
        && renderWord("$zoneinfo", arguments, count: nil)
    }
  }

  private mutating func renderWord(_ tag: String, _ arguments: [NodeID], count: Int?) -> Bool {
    guard let first = arguments.first, count == nil || count == arguments.count,
      case .text(let span) = tree[first], !SurrogateHalves.areIn(tree.bytes(of: span))
    else { return false }
    tagged(tag) { $0.writer.string(utf8: $0.tree.bytes(of: span)) }
    return true
  }

  private mutating func renderClock(
    _ tag: String, _ arguments: [NodeID], _ text: (ArraySlice<UInt8>) -> String?
  ) -> Bool {
    guard arguments.count == 1, case .bytes(let span) = tree[arguments[0]],
      let written = text(tree.bytes(of: span))
    else { return false }
    tagged(tag) { $0.writer.string(written) }
    return true
  }

  private mutating func renderDateTime(_ arguments: [NodeID]) throws(DecodingFailure) -> Bool {
    guard arguments.count == 1 || arguments.count == 2,
      case .bytes(let span) = tree[arguments[0]],
      let time = PythonTime.dateTime(tree.bytes(of: span))
    else { return false }
    let zone = arguments.element(at: 1)
    let offset = zone.flatMap { self.offset(ofZone: $0) }
    writer.beginObject()
    writer.key("$datetime")
    writer.string(time.text + (offset ?? ""))
    if let zone, offset == nil {
      writer.key("$tz")
      try render(zone)
    }
    if time.isFolded {
      writer.key("$fold")
      writer.integer(1)
    }
    writer.endObject()
    return true
  }

  private mutating func renderDuration(_ arguments: [NodeID]) -> Bool {
    guard let parts = integers(arguments), parts.count == 3 else { return false }
    tagged("$timedelta") { renderer in
      renderer.writer.beginObject()
      for (name, value) in zip(["days", "seconds", "microseconds"], parts) {
        renderer.writer.key(name)
        renderer.writer.integer(value)
      }
      renderer.writer.endObject()
    }
    return true
  }

  private mutating func renderZone(_ record: ObjectRecord) -> Bool {
    guard let offset = offset(of: record) else { return false }
    tagged("$timezone") { $0.writer.string(offset) }
    return true
  }

  private mutating func renderComplex(_ arguments: [NodeID]) -> Bool {
    let parts = arguments.compactMap { number($0) }
    guard arguments.count == 2, parts.count == 2 else { return false }
    tagged("$complex") { renderer in
      renderer.writer.beginArray()
      for part in parts { renderer.writer.double(part) }
      renderer.writer.endArray()
    }
    return true
  }

  private mutating func renderUUID(_ record: ObjectRecord) -> Bool {
    guard record.arguments.count == 0, record.items.count == 0, record.setItems.count == 0,
      record.states.count == 1,
      let state = tree.children(of: record.states).first(where: { _ in true }),
      case .dictionary(let children) = tree[state], children.count == 2
    else { return false }
    let pair = Array(tree.children(of: children))
    guard tree.text(pair[0]) == "int", let value = wide(pair[1]) else { return false }
    let digits = String(value, radix: 16)
    let padded = Array((String(repeating: "0", count: 32 - digits.utf8.count) + digits).utf8)
    let parts = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map {
      String(decoding: padded[$0], as: UTF8.self)
    }
    tagged("$uuid") { $0.writer.string(parts.joined(separator: "-")) }
    return true
  }

  private mutating func renderCollection(
    _ name: String, _ record: ObjectRecord, _ arguments: [NodeID]
  ) throws(DecodingFailure) -> Bool {
    guard record.states.count == 0 else { return false }
    let hasItems = record.items.count > 0
    let hasPairs = record.setItems.count > 0
    switch name {
    case "OrderedDict" where arguments.isEmpty && !hasItems:
      try tagged("$ordereddict") { (inside) throws(DecodingFailure) in
        try inside.writePairs(record.setItems)
      }
    case "defaultdict" where arguments.count <= 1 && !hasItems:
      try renderWithFactory(record, arguments.first)
    case "Counter" where arguments.count == 1 && !hasItems && !hasPairs:
      guard case .dictionary = tree[arguments[0]] else { return false }
      try tagged("$counter") { (inside) throws(DecodingFailure) in try inside.render(arguments[0]) }
    case "deque" where !hasPairs: return try renderDeque(record, arguments)
    default: return false
    }
    return true
  }

  private mutating func renderWithFactory(
    _ record: ObjectRecord, _ factory: NodeID?
  ) throws(DecodingFailure) {
    writer.beginObject()
    writer.key("$defaultdict")
    try renderPairs(record.setItems)
    writer.key("$factory")
    if let factory { try render(factory) } else { writer.null() }
    writer.endObject()
  }

  private mutating func renderDeque(
    _ record: ObjectRecord, _ arguments: [NodeID]
  ) throws(DecodingFailure) -> Bool {
    var bound: NodeID?
    if arguments.count == 2, case .tuple(let none) = tree[arguments[0]], none.count == 0,
      isIntegerOrNone(arguments[1])
    {
      bound = arguments[1]
    } else if !arguments.isEmpty {
      return false
    }
    writer.beginObject()
    writer.key("$deque")
    try array(record.items)
    writer.key("$maxlen")
    if let bound { try render(bound) } else { writer.null() }
    writer.endObject()
    return true
  }
}
