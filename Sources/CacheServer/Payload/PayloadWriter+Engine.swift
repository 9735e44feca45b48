import CacheEngine
import DumpPayload

extension PayloadWriter {
  mutating func append(_ value: StoredValue) {
    switch value {
    case .string(let string):
      append(.string)
      append(string)
    case .hash(let hash):
      begin(.hash, hash.count)
      hash.forEach { field, value in
        append(field)
        append(value)
      }
    case .list(let list):
      begin(.nodes, list.nodeCount)
      list.forEachNode { node in
        appendLength(2)  // a packed node
        append(node)
      }
    case .set(let set): append(set)
    case .sortedSet(let set): append(set)
    case .stream(let stream): append(stream)
    }
  }

  /// As a listpack in a string.
  mutating func append(_ elements: PackedElements) {
    appendListpack(entries: elements.bytes, count: elements.count)
  }

  private mutating func append(_ set: SetValue) {
    if let integers = set.integers {
      append(.integerSet)
      return appendIntegers(integers)
    }
    begin(.set, set.count)
    set.forEach { append($0) }
  }

  private mutating func append(_ set: SortedSetValue) {
    guard !set.isPacked else {
      var packed = PackedElements()
      set.forEach(in: 0..<set.count) { member, score in
        packed.append(member)
        packed.append(Score.packedText(score))
      }
      append(.packedScored)
      return append(packed)
    }
    begin(.scored, set.count)
    // The highest first, so that Redis finds the place of each at once.
    for (member, score) in set.members(in: 0..<set.count, reversed: true) {
      append(member)
      append(score)
    }
  }
}
