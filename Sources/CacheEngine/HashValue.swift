/// The fields of a hash, in the order of insertion while none was removed.
package struct HashValue: CollectionValue {
  /// Redis packs hashes up to these bounds and reports another encoding beyond them.
  package static let packedFields = 512
  package static let packedBytes = 64

  private var fields = ScanTable<[UInt8]>(vacant: [])
  /// Charged memory of the fields, in bytes.
  package private(set) var charge = 0
  /// Whether the hash ever passed the bounds of packing; it does not go back.
  package private(set) var isPacked = true

  package init() {}

  package init?(_ value: StoredValue) {
    guard case .hash(let hash) = value else { return nil }
    self = hash
  }

  package var stored: StoredValue { .hash(self) }

  package var count: Int { fields.count }

  package func value(of field: [UInt8]) -> [UInt8]? {
    fields.slot(of: field).map { fields[$0] }
  }

  /// Sets a field and answers whether it is new.
  @discardableResult
  package mutating func set(_ field: [UInt8], _ value: [UInt8]) -> Bool {
    if max(field.count, value.count) > Self.packedBytes { isPacked = false }
    if let slot = fields.slot(of: field) {
      charge += MemoryAccounting.array(value) - MemoryAccounting.array(fields[slot])
      fields[slot] = value
      return false
    }
    _ = fields.insert(field, value)
    charge += MemoryAccounting.field(field, value)
    if count > Self.packedFields { isPacked = false }
    return true
  }

  /// Removes a field and answers whether it was there.
  package mutating func remove(_ field: [UInt8]) -> Bool {
    guard let slot = fields.slot(of: field) else { return false }
    charge -= MemoryAccounting.field(field, fields[slot])
    fields.remove(at: slot)
    fields.compactIfSparse()
    return true
  }

  /// Visits all fields. Linear.
  package func forEach(_ visit: (_ field: [UInt8], _ value: [UInt8]) -> Void) {
    fields.forEach(visit)
  }

  /// One step of a walk with `ScanTable`'s guarantee; a packed hash comes in one step.
  package func scan(
    from cursor: UInt64, count: Int, visit: (_ field: [UInt8], _ value: [UInt8]) -> Void
  ) -> UInt64 {
    guard !isPacked else {
      forEach(visit)
      return 0
    }
    return fields.scan(from: cursor, count: count) { visit(fields.key(at: $0), fields[$0]) }
  }
}
