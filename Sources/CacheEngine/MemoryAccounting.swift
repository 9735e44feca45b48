/// What an entry is charged, in bytes: an estimate of what it really occupies, from the layout of
/// the tables and from the header and the rounding of heap blocks. The same figure decides about
/// eviction and is what MEMORY USAGE and `used_memory` report.
package enum MemoryAccounting {
  /// A heap block for `bytes`: 32 bytes of array header, rounded up to the allocator's 16.
  package static func array(_ bytes: [UInt8]) -> Int {
    bytes.isEmpty ? 0 : (bytes.count + 32 + 15) & ~15
  }

  /// A field of a hash: its slot, its place in a chain and its two arrays.
  static func field(_ field: [UInt8], _ value: [UInt8]) -> Int {
    MemoryLayout<ScanTable<[UInt8]>.Slot>.stride + 4 + array(field) + array(value)
  }

  /// A key with its value: slot, chain, recency links, deadline, pairs with tags, and the arrays.
  package static func entry(
    key: [UInt8], value: StoredValue, hasDeadline: Bool, tagCount: Int = 0
  ) -> Int {
    let table = MemoryLayout<ScanTable<Entry>.Slot>.stride + 4
    let links = MemoryLayout<RecencyList.Link>.stride
    let deadline = hasDeadline ? MemoryLayout<DeadlineHeap.Item>.stride + 4 : 0
    return table + links + deadline + pairs(tagCount) + array(key) + contents(of: value)
  }

  /// The pairs of a key with its tags: a slot of a dictionary with its array, and for each pair a
  /// number in it, a slot and a place in a chain.
  private static func pairs(_ count: Int) -> Int {
    count == 0 ? 0 : 64 + count * (4 + MemoryLayout<TagIndex.Members.Slot>.stride + 4)
  }

  /// A tag: its slot, its place in a chain, its name, and the blocks of the table of its keys.
  static func tag(_ name: [UInt8]) -> Int {
    MemoryLayout<ScanTable<TagIndex.Members>.Slot>.stride + 4 + array(name) + 80
  }

  /// A member of a set that is not kept as an integer.
  static func member(_ member: [UInt8]) -> Int {
    MemoryLayout<ScanTable<Void>.Slot>.stride + 4 + array(member)
  }

  /// A member of a sorted set: its slot, its place in a chain, its place in the order, its array.
  static func scored(_ member: [UInt8]) -> Int {
    MemoryLayout<ScanTable<Double>.Slot>.stride + 4 + MemoryLayout<ScoreOrder.Item>.stride
      + array(member)
  }

  /// An entry of a stream.
  static func streamEntry(_ fields: PackedElements) -> Int {
    MemoryLayout<StreamValue.Entry>.stride + array(fields.bytes)
  }

  private static func contents(of value: StoredValue) -> Int {
    switch value {
    case .string(let bytes): array(bytes)
    case .hash(let hash): box(of: HashValue.self) + hash.charge
    case .list(let list): box(of: ListValue.self) + list.charge
    case .set(let set): box(of: SetValue.self) + set.charge
    case .sortedSet(let set): box(of: SortedSetValue.self) + set.charge
    case .stream(let stream): box(of: StreamValue.self) + stream.charge
    }
  }

  /// The block that holds a collection, and the arrays of its tables.
  private static func box<Value>(of type: Value.Type) -> Int {
    (MemoryLayout<Value>.stride + 16 + 15) & ~15 + 64
  }
}
