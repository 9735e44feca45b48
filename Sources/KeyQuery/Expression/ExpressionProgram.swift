import KeyPattern

/// A regular expression as steps of a machine that is in many places at once (Thompson,
/// "Regular Expression Search Algorithm", 1968).
struct ExpressionProgram: Sendable, Hashable {
  enum Step: Sendable, Hashable {
    /// Goes on behind one of these bytes.
    case byte(ByteClass)
    /// Goes on at both.
    case fork(Int, Int)
    case jump(Int)
    case place(ExpressionPlace)
    case accept
  }

  /// More steps than this are refused.
  static let mostSteps = 4000
  /// Parts that may be visited while repetitions are written out; those without steps count too.
  private static let mostParts = 20_000

  private(set) var steps: [Step] = []
  /// Bytes with one of which every match begins; nil when a match may be empty.
  private(set) var firstBytes: ByteClass?
  private var partsLeft = Self.mostParts

  init(_ tree: ExpressionTree) throws(ExpressionError) {
    try write(tree)
    try add(.accept)
    firstBytes = findFirstBytes()
  }

  private mutating func add(_ step: Step) throws(ExpressionError) {
    guard steps.count < Self.mostSteps else { throw ExpressionError(.tooLarge, at: 0) }
    steps.append(step)
  }

  private mutating func write(_ tree: ExpressionTree) throws(ExpressionError) {
    partsLeft -= 1
    guard partsLeft > 0 else { throw ExpressionError(.tooLarge, at: 0) }
    switch tree {
    case .bytes(let bytes): for byte in bytes { try add(.byte(ByteClass(byte))) }
    case .oneOf(let members): try add(.byte(members))
    case .place(let place): try add(.place(place))
    case .sequence(let parts): for part in parts { try write(part) }
    case .choice(let branches): try write(branches[...])
    case .repeated(let part, let least, let most):
      for _ in 0..<least { try write(part) }
      if let most { try writeOptional(part, count: most - least) } else { try writeLoop(part) }
    }
  }

  private mutating func write(_ branches: ArraySlice<ExpressionTree>) throws(ExpressionError) {
    var jumps: [Int] = []
    for branch in branches.dropLast() {
      let fork = steps.count
      try add(.fork(fork + 1, 0))
      try write(branch)
      jumps.append(steps.count)
      try add(.jump(0))
      steps[fork] = .fork(fork + 1, steps.count)
    }
    if let last = branches.last { try write(last) }
    for jump in jumps { steps[jump] = .jump(steps.count) }
  }

  private mutating func writeOptional(
    _ part: ExpressionTree, count: Int
  ) throws(ExpressionError) {
    var forks: [Int] = []
    for _ in 0..<count {
      forks.append(steps.count)
      try add(.fork(0, 0))
      try write(part)
    }
    for fork in forks { steps[fork] = .fork(fork + 1, steps.count) }
  }

  private mutating func writeLoop(_ part: ExpressionTree) throws(ExpressionError) {
    let fork = steps.count
    try add(.fork(0, 0))
    try write(part)
    try add(.jump(fork))
    steps[fork] = .fork(fork + 1, steps.count)
  }

  /// Takes every place for given, which makes the set larger and never too small.
  private func findFirstBytes() -> ByteClass? {
    var found = ByteClass()
    var seen = [Bool](repeating: false, count: steps.count)
    var open = [0]
    while let number = open.popLast() {
      guard !seen[number] else { continue }
      seen[number] = true
      switch steps[number] {
      case .byte(let members): found.formUnion(members)
      case .fork(let one, let other): open += [one, other]
      case .jump(let target): open.append(target)
      case .place: open.append(number + 1)
      case .accept: return nil
      }
    }
    return found
  }
}
