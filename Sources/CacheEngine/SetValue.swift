/// A set of byte strings. As long as it has at most 512 members that are all integers it is a
/// sorted array of them, eight bytes each and found by binary search; then a hash table, for good.
/// The bound is that of Redis' set-max-intset-entries.
package struct SetValue: CollectionValue {
  package static let packedMembers = 512

  private enum Form: Sendable {
    case integers([Int64])
    case members(ScanTable<Void>)
  }

  private var form = Form.integers([])
  /// Charged memory of the members, in bytes.
  package private(set) var charge = 0

  package init() {}

  package init(_ members: some Sequence<[UInt8]>) {
    for member in members { insert(member) }
  }

  package init?(_ value: StoredValue) {
    guard case .set(let set) = value else { return nil }
    self = set
  }

  package var stored: StoredValue { .set(self) }

  package var count: Int {
    switch form {
    case .integers(let integers): integers.count
    case .members(let table): table.count
    }
  }

  /// The members in ascending order while the set is one of integers, otherwise nil.
  package var integers: [Int64]? {
    if case .integers(let integers) = form { integers } else { nil }
  }

  package func contains(_ member: [UInt8]) -> Bool {
    switch form {
    case .integers(let integers):
      guard let number = DecimalInteger.parse(member) else { return false }
      return integers.place(of: number).isFound
    case .members(let table): return table.slot(of: member) != nil
    }
  }

  /// Adds a member and answers whether it is new.
  @discardableResult
  package mutating func insert(_ member: [UInt8]) -> Bool {
    guard case .integers(var integers) = form else { return insertMember(member) }
    guard let number = DecimalInteger.parse(member) else {
      becomeTable()
      return insertMember(member)
    }
    let (place, isFound) = integers.place(of: number)
    guard !isFound else { return false }
    form = .integers([])  // so that `integers` is the only owner and is changed in place
    integers.insert(number, at: place)
    form = .integers(integers)
    charge += MemoryLayout<Int64>.stride
    if integers.count > Self.packedMembers { becomeTable() }
    return true
  }

  /// Removes a member and answers whether it was there.
  @discardableResult
  package mutating func remove(_ member: [UInt8]) -> Bool {
    switch form {
    case .integers(var integers):
      guard let number = DecimalInteger.parse(member),
        case let (place, true) = integers.place(of: number)
      else { return false }
      form = .integers([])
      integers.remove(at: place)
      form = .integers(integers)
      charge -= MemoryLayout<Int64>.stride
      return true
    case .members(var table):
      guard let slot = table.slot(of: member) else { return false }
      form = .integers([])
      table.remove(at: slot)
      table.compactIfSparse()
      form = .members(table)
      charge -= MemoryAccounting.member(member)
      return true
    }
  }

  /// Visits all members: integers in ascending order, others in no order.
  package func forEach(_ visit: ([UInt8]) -> Void) {
    switch form {
    case .integers(let integers): integers.forEach { visit(DecimalInteger.bytes($0)) }
    case .members(let table): table.forEach { member, _ in visit(member) }
    }
  }

  package var members: [[UInt8]] {
    var members: [[UInt8]] = []
    members.reserveCapacity(count)
    forEach { members.append($0) }
    return members
  }

  /// A member chosen by `random`, which gives a number below its argument; nil when there is none.
  package func anyMember(random: (Int) -> Int) -> [UInt8]? {
    switch form {
    case .integers(let integers):
      integers.isEmpty ? nil : DecimalInteger.bytes(integers[random(integers.count)])
    case .members(let table): table.anySlot(random: random).map { table.key(at: $0) }
    }
  }

  /// One step of a walk with `ScanTable`'s guarantee; integers come in one step.
  package func scan(from cursor: UInt64, count: Int, visit: ([UInt8]) -> Void) -> UInt64 {
    guard case .members(let table) = form else {
      forEach(visit)
      return 0
    }
    return table.scan(from: cursor, count: count) { visit(table.key(at: $0)) }
  }

  private mutating func insertMember(_ member: [UInt8]) -> Bool {
    guard case .members(var table) = form, table.slot(of: member) == nil else { return false }
    form = .integers([])
    _ = table.insert(member, ())
    form = .members(table)
    charge += MemoryAccounting.member(member)
    return true
  }

  private mutating func becomeTable() {
    let members = members
    var table = ScanTable<Void>(vacant: ())
    charge = 0
    for member in members {
      _ = table.insert(member, ())
      charge += MemoryAccounting.member(member)
    }
    form = .members(table)
  }
}

extension [Int64] {
  /// Where a number stands or belongs in an ascending array.
  fileprivate func place(of number: Int64) -> (place: Int, isFound: Bool) {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < number { low = middle + 1 } else { high = middle }
    }
    return (low, low < count && self[low] == number)
  }
}
