/// Reads a pickle, protocols 0 to 5, as a description: a stack machine (Python's pickletools has the
/// opcodes) that makes nodes where Python would make objects.
///
/// Nothing is imported, looked up, called or built: a class is a name, an instance or a call is a
/// record of what the stream says of it. Lengths are checked against what is left before anything is
/// taken, opcodes are counted, the tree's weight and the clock are looked at as it goes. Any bytes end
/// in a tree or in a failure, in linear time.
struct PickleReader {
  let bytes: [UInt8]
  let budget: DecodingBudget
  var position: Int
  var tree: DecodedValue
  var stack: [NodeID] = []
  /// How high the stack was at each mark.
  var marks: [Int] = []
  /// The height below which nothing may be taken: that of the last mark.
  var fence = 0
  var memo: [NodeID] = []
  var sparseMemo: [UInt32: NodeID] = [:]
  var memoCount = 0
  var opcodes = 0
  private(set) var suspicious: Set<String> = []

  let noneID: NodeID
  let trueID: NodeID
  let falseID: NodeID

  init(_ bytes: [UInt8], from start: Int = 0, within budget: DecodingBudget) {
    self.bytes = bytes
    self.budget = budget
    position = start
    tree = DecodedValue(source: bytes)
    noneID = tree.add(.none)
    trueID = tree.add(.bool(true))
    falseID = tree.add(.bool(false))
  }

  /// Bytes that follow the pickle.
  var trailing: Int { bytes.count - position }

  /// Reads to STOP.
  mutating func read() throws(DecodingFailure) {
    guard bytes.count < Int(UInt32.max) else { throw .memoryLimit }
    while true {
      let opcode = try byte()
      opcodes += 1
      if opcodes > budget.limits.opcodes { throw .opcodeLimit }
      if opcodes & (DecodingBudget.stride - 1) == 0 { try check() }
      if opcode == UInt8(ascii: ".") {
        tree.root = try pop()
        return
      }
      try execute(opcode)
    }
  }

  func check() throws(DecodingFailure) {
    try budget.check(weight: tree.weight + stack.count * 4 + memo.count * 4 + sparseMemo.count * 24)
  }

  /// Remembers a name that would be dangerous if it were called.
  mutating func note(_ name: GlobalName) {
    if SuspiciousNames.contains(name) { suspicious.insert(name.full) }
  }
}

// Bytes.
extension PickleReader {
  mutating func byte() throws(DecodingFailure) -> UInt8 {
    guard position < bytes.count else { throw .pickleTruncated }
    defer { position += 1 }
    return bytes[position]
  }

  /// The place of the next `count` bytes.
  mutating func take(_ count: Int) throws(DecodingFailure) -> Range<Int> {
    guard count <= bytes.count - position else { throw .pickleTruncated }
    defer { position += count }
    return position..<(position + count)
  }

  /// An unsigned number of up to eight bytes, the lowest first.
  mutating func unsigned(_ count: Int) throws(DecodingFailure) -> UInt64 {
    var value: UInt64 = 0
    for index in try take(count).reversed() { value = value << 8 | UInt64(bytes[index]) }
    return value
  }

  /// The place of as many bytes as a number of `width` bytes says.
  mutating func counted(_ width: Int) throws(DecodingFailure) -> Range<Int> {
    let count = try unsigned(width)
    guard count <= UInt64(bytes.count - position) else { throw .pickleTruncated }
    return try take(Int(count))
  }

  /// As `counted(4)` where the number is signed.
  mutating func countedSigned() throws(DecodingFailure) -> Range<Int> {
    let count = Int32(bitPattern: UInt32(truncatingIfNeeded: try unsigned(4)))
    guard count >= 0 else { throw .pickleBadValue }
    return try take(Int(count))
  }

  /// The place of a line without its end.
  mutating func line() throws(DecodingFailure) -> Range<Int> {
    let start = position
    guard let end = bytes[start...].firstIndex(of: 0x0A) else { throw .pickleTruncated }
    position = end + 1
    return start..<end
  }

  func span(_ range: Range<Int>) -> ByteSpan {
    ByteSpan(start: UInt32(truncatingIfNeeded: range.lowerBound), count: UInt32(range.count))
  }
}

// The stack.
extension PickleReader {
  mutating func push(_ node: ValueNode) {
    stack.append(tree.add(node))
  }

  mutating func pop() throws(DecodingFailure) -> NodeID {
    guard stack.count > fence else { throw .pickleBadOp }
    return stack.removeLast()
  }

  func top() throws(DecodingFailure) -> NodeID {
    guard stack.count > fence, let top = stack.last else { throw .pickleBadOp }
    return top
  }

  mutating func mark() {
    marks.append(stack.count)
    fence = stack.count
  }

  /// Takes the last mark away; the values above it begin at the answer.
  mutating func popMark() throws(DecodingFailure) -> Int {
    guard let start = marks.popLast() else { throw .pickleBadOp }
    fence = marks.last ?? 0
    return start
  }

  /// Takes the values from a height upwards into a list.
  mutating func list(from start: Int) -> ChildList {
    var list = ChildList()
    for id in stack[min(start, stack.count)...] { tree.append(id, to: &list) }
    stack.removeLast(max(0, stack.count - start))
    return list
  }

  mutating func markedList() throws(DecodingFailure) -> ChildList {
    list(from: try popMark())
  }

  mutating func remember(at index: UInt64) throws(DecodingFailure) {
    let id = try top()
    guard let index = UInt32(exactly: index) else { throw .pickleBadValue }
    if recalled(index) == nil { memoCount += 1 }
    // An index within reach of the steps so far has its place in an array, any other in a table.
    guard Int(index) < 2 * opcodes + 64 else {
      sparseMemo[index] = id
      return
    }
    sparseMemo[index] = nil
    while memo.count <= Int(index) { memo.append(ChildList.nowhere) }
    memo[Int(index)] = id
  }

  private func recalled(_ index: UInt32) -> NodeID? {
    if let id = memo.element(at: Int(index)), id != ChildList.nowhere { return id }
    return sparseMemo.isEmpty ? nil : sparseMemo[index]
  }

  mutating func recall(_ index: UInt64) throws(DecodingFailure) {
    guard let index = UInt32(exactly: index), let id = recalled(index) else { throw .pickleBadOp }
    stack.append(id)
  }
}
