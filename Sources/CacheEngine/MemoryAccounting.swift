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

  /// A key with its value: slot, chain, recency links, deadline, and the arrays.
  package static func entry(key: [UInt8], value: StoredValue, hasDeadline: Bool) -> Int {
    let table = MemoryLayout<ScanTable<Entry>.Slot>.stride + 4
    let links = MemoryLayout<RecencyList.Link>.stride
    let deadline = hasDeadline ? MemoryLayout<DeadlineHeap.Item>.stride + 4 : 0
    return table + links + deadline + array(key) + contents(of: value)
  }

  private static func contents(of value: StoredValue) -> Int {
    switch value {
    case .string(let bytes): array(bytes)
    case .hash(let hash): 64 + hash.charge
    }
  }
}
