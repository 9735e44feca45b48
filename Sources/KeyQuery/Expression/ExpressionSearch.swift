import KeyPattern

/// One search: the machine is in a set of places and takes byte after byte of the text.
///
/// Each place is entered at most once for a byte, so that a search takes at most (steps of the
/// program) x (bytes of the text) however the expression is written. Every place remembers where
/// its match began; they are kept in the order of these beginnings, and the first to enter a place
/// has it, so that what is found begins as far left as possible and then is as long as possible.
struct ExpressionSearch {
  private struct Thread {
    var step: Int
    var start: Int
  }

  private let program: ExpressionProgram
  private let text: ArraySlice<UInt8>
  /// Whether the first sign of a match is enough.
  private let isBrief: Bool
  private var threads: [Thread] = []
  private var following: [Thread] = []
  /// At which position each step was last entered.
  private var entered: [Int]
  private var open: [Int] = []
  private(set) var found: Range<Int>?
  /// Places entered and left, the measure of the work.
  private(set) var work = 0

  init(_ program: ExpressionProgram, in text: ArraySlice<UInt8>, isBrief: Bool) {
    self.program = program
    self.text = text
    self.isBrief = isBrief
    entered = [Int](repeating: -1, count: program.steps.count)
  }

  mutating func run() {
    var position = text.startIndex
    while true {
      if found == nil { begin(at: &position) }
      if isBrief, found != nil { return }
      guard position < text.endIndex, !threads.isEmpty || found == nil else { return }
      advance(text[position], to: position + 1)
      if isBrief, found != nil { return }
      swap(&threads, &following)
      following.removeAll(keepingCapacity: true)
      position += 1
    }
  }

  /// Lets a match begin here, or where the next byte stands that can begin one.
  private mutating func begin(at position: inout Int) {
    if let firstBytes = program.firstBytes {
      if threads.isEmpty {
        while position < text.endIndex, !firstBytes.contains(text[position]) { position += 1 }
      }
      guard position < text.endIndex, firstBytes.contains(text[position]) else { return }
    }
    enter(0, start: position, at: position)
  }

  private mutating func advance(_ byte: UInt8, to position: Int) {
    for thread in threads {
      if let found, thread.start > found.lowerBound { break }
      work += 1
      if case .byte(let members) = program.steps[thread.step], members.contains(byte) {
        enter(thread.step + 1, start: thread.start, at: position, isFollowing: true)
      }
    }
  }

  /// Enters a step and all that can be reached from it without a byte.
  private mutating func enter(
    _ first: Int, start: Int, at position: Int, isFollowing: Bool = false
  ) {
    open.append(first)
    while let number = open.popLast() {
      guard entered[number] != position else { continue }
      entered[number] = position
      work += 1
      switch program.steps[number] {
      case .byte where isFollowing: following.append(Thread(step: number, start: start))
      case .byte: threads.append(Thread(step: number, start: start))
      case .fork(let one, let other): open += [other, one]
      case .jump(let target): open.append(target)
      case .place(let place):
        if place.holds(at: position, in: text) { open.append(number + 1) }
      case .accept: accept(start..<position)
      }
    }
  }

  private mutating func accept(_ range: Range<Int>) {
    guard let found else { return self.found = range }
    let isLonger = range.lowerBound == found.lowerBound && range.upperBound > found.upperBound
    if range.lowerBound < found.lowerBound || isLonger { self.found = range }
  }
}
