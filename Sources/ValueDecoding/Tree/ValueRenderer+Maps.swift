/// One name in an object that is being put together, and what stands under it.
struct NamedValue {
  var name: ArraySlice<UInt8>
  var value: NodeID
  /// The dictionary that it comes from, where that counts as a level of its own.
  var owner: NodeID?
}

extension ValueRenderer {
  /// An object where every key is text that does not begin with `$`; otherwise pairs in a `$dict`.
  mutating func renderPairs(_ children: ChildList) throws(DecodingFailure) {
    if let names = names(in: children) {
      writer.beginObject()
      try write(names)
      writer.endObject()
    } else {
      writer.beginObject()
      writer.key("$dict")
      try writePairs(children)
      writer.endObject()
    }
  }

  /// `[[key,value],…]`
  mutating func writePairs(_ children: ChildList) throws(DecodingFailure) {
    writer.beginArray()
    var pairs = tree.children(of: children)
    while let key = pairs.next(), let value = pairs.next() {
      writer.beginArray()
      try render(key)
      try render(value)
      writer.endArray()
    }
    writer.endArray()
  }

  /// The names of a map in their order, nil when one of its keys cannot be a name.
  func names(in children: ChildList, owner: NodeID? = nil) -> [NamedValue]? {
    var result: [NamedValue] = []
    result.reserveCapacity(Int(min(children.count, 1 << 16)) / 2)
    var pairs = tree.children(of: children)
    while let key = pairs.next(), let value = pairs.next() {
      guard case .text(let span) = tree[key] else { return nil }
      let name = tree.bytes(of: span)
      guard name.first != UInt8(ascii: "$"), !SurrogateHalves.areIn(name) else { return nil }
      result.append(NamedValue(name: name, value: value, owner: owner))
    }
    return result
  }

  /// Writes the members of an object; of a name that stands there twice, the last one.
  mutating func write(_ names: [NamedValue]) throws(DecodingFailure) {
    for entry in Self.lastOfEach(names) {
      try account()
      writer.key(utf8: entry.name)
      guard let owner = entry.owner else {
        try render(entry.value)
        continue
      }
      try within(owner) { (inside) throws(DecodingFailure) in try inside.render(entry.value) }
    }
  }

  /// Whether no two of a few names are the same. A table would take longer.
  private static func areApart(_ names: [NamedValue]) -> Bool {
    for (place, entry) in names.enumerated() {
      let name = entry.name
      for other in names[..<place]
      where other.name.count == name.count && other.name.last == name.last && other.name == name {
        return false
      }
    }
    return true
  }

  /// The names in the order in which each came first, with the value that came last.
  private static func lastOfEach(_ names: [NamedValue]) -> [NamedValue] {
    if names.count <= 16, areApart(names) { return names }
    var places: [ArraySlice<UInt8>: Int] = [:]
    places.reserveCapacity(names.count)
    var result: [NamedValue] = []
    result.reserveCapacity(names.count)
    for entry in names {
      if let place = places[entry.name] {
        result[place] = entry
      } else {
        places[entry.name] = result.count
        result.append(entry)
      }
    }
    return result
  }
}
