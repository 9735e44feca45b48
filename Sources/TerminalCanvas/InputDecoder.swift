/// Bytes from a terminal to keys.
///
/// One stream carries what a person does and what the terminal itself answers (its colours, its
/// version, the cursor's place), in sequences of ECMA-48 and xterm's additions; each may be cut
/// anywhere between two reads and an answer may come seconds after the question. Guarantees: the
/// same bytes give the same keys however they are cut; no part of a sequence ever shows up as typed
/// characters; what is not known is swallowed whole; nothing grows beyond the limits.
///
/// The one ambiguity is ESC, a key of its own and the start of all sequences. It counts as the key
/// when nothing follows for a short while; where the rest of a sequence did come after that once, the
/// decoder waits longer from then on. Time is the caller's: it feeds bytes when there are some, and
/// calls `elapse` at `deadline` when a look at the descriptor found none; so a program that was
/// busy meanwhile does not mistake what waited in the queue for something late.
package struct InputDecoder: Sendable {
  package struct Limits: Sendable {
    /// After this ESC alone is the key. Terminals send a sequence in one piece.
    package var escape: Duration = .milliseconds(10)
    /// The same at a terminal that has once sent the rest of a sequence later, as a slow line does.
    package var splitEscape: Duration = .milliseconds(50)
    /// After this an unfinished sequence is given up.
    package var sequence: Duration = .seconds(1)
    /// From this many bytes on, an answer also ends by a pause as long as `escape`.
    package var answerBytes = 4096
    /// More of a paste is dropped.
    package var pasteBytes = 1 << 20
    /// A paste ends by this silence, if its end never comes.
    package var pasteSilence: Duration = .seconds(2)
    /// Two presses on the same cell are a double click within this.
    package var doubleClick: Duration = .milliseconds(400)

    package init() {}
  }

  enum State: Sendable {
    case ground
    /// Inside a UTF-8 sequence of so many bytes.
    case character(length: Int)
    /// After ESC; `pending` holds further ESCs.
    case escape
    /// After ESC [, which ends at a final byte; `pending` holds the parameters.
    case control
    /// After ESC O.
    case single
    /// Inside an answer that ends with BEL or ST; so many bytes were swallowed. `pending` holds the
    /// byte that opened it and the first of these.
    case answer(bytes: Int, afterEscape: Bool)
    /// Inside a mouse report of the oldest kind.
    case oldMouse(left: Int)
    /// Inside a bracketed paste; `pending` holds it.
    case paste
  }

  let limits: Limits
  var state = State.ground
  var pending: [UInt8] = []
  /// Whether ESC stood before the character or sequence that is being read.
  var isAlt = false
  var pasteOverflowed = false
  /// How much of the mark that ends a paste has been seen.
  var pasteEndMatched = 0
  var lastPress: (at: ContinuousClock.Instant, position: Position)?
  private(set) var now: ContinuousClock.Instant
  /// When the sequence began, and when bytes came last.
  private var begun: ContinuousClock.Instant
  private var touched: ContinuousClock.Instant
  /// When ESC was taken for the key because nothing followed.
  private var escapedAt: ContinuousClock.Instant?
  private var keys: [Key] = []
  var answers: [TerminalAnswer] = []
  /// The terminal was asked for something and has not answered: a `]` that comes alone within a
  /// second after ESC then begins an answer, unless nothing follows it.
  package var expectsAnswer = false
  /// The ESC of the sequence was taken for the key already.
  var isLate = false
  /// Sequences have come in pieces at this terminal.
  private var areSequencesSplit = false

  package init(limits: Limits = Limits(), now: ContinuousClock.Instant) {
    self.limits = limits
    self.now = now
    begun = now
    touched = now
  }

  /// Takes the bytes of one read and returns the keys that they complete.
  package mutating func feed(
    _ bytes: some Collection<UInt8>, now: ContinuousClock.Instant
  ) -> [Key] {
    self.now = now
    touched = now
    resumeLateSequence(bytes)
    for byte in bytes { take(byte) }
    return takeKeys()
  }

  /// Takes what the terminal has answered so far; most programs ask for nothing.
  package mutating func takeAnswers() -> [TerminalAnswer] {
    defer { answers = [] }
    return answers
  }

  /// Whether it is open if ESC is the key that was pressed: soon it will be known.
  package var isEscapeOpen: Bool {
    if case .escape = state { true } else { false }
  }

  /// When `elapse` must be called if nothing comes before; nil when nothing is unfinished.
  package var deadline: ContinuousClock.Instant? {
    switch state {
    case .ground: nil
    case .escape: begun + (areSequencesSplit ? limits.splitEscape : limits.escape)
    case .answer(let bytes, _) where bytes > limits.answerBytes: touched + limits.escape
    case .paste: touched + limits.pasteSilence
    default: begun + limits.sequence
    }
  }

  /// Tells that nothing has come until now.
  package mutating func elapse(now: ContinuousClock.Instant) -> [Key] {
    self.now = now
    guard let deadline, now >= deadline else { return [] }
    switch state {
    case .escape:
      for _ in 0...pending.count { emit(.escape) }
      escapedAt = now
    case .control where pending.isEmpty: emit(.alt("["))
    case .answer(bytes: 0, afterEscape: false): emitOpener()
    case .single: emit(.alt("O"))
    case .paste: finishPaste(isTruncated: true)
    default: break
    }
    leave()
    return takeKeys()
  }

  mutating func emit(_ key: Key) { keys.append(key) }

  /// Nothing followed what might have opened an answer: it was typed.
  mutating func emitOpener() {
    guard let opener = pending.first.map({ Character(Unicode.Scalar($0)) }) else { return }
    emit(isLate ? .character(opener) : .alt(opener))
  }

  /// Back to the ground state.
  mutating func leave() {
    state = .ground
    pending.removeAll(keepingCapacity: pending.capacity <= 4096)
    isAlt = false
    isLate = false
  }

  mutating func enter(_ next: State) {
    state = next
    begun = now
  }

  private mutating func takeKeys() -> [Key] {
    defer { keys = [] }
    return keys
  }

  /// A sequence whose ESC came so early that it was taken for the key: nobody types its next bytes
  /// in one read, so they are not characters.
  private mutating func resumeLateSequence(_ bytes: some Collection<UInt8>) {
    guard case .ground = state, let escaped = escapedAt else { return }
    escapedAt = nil
    guard now - escaped < limits.sequence, let first = bytes.first else { return }
    guard let second = bytes.dropFirst().first else {
      if expectsAnswer, first == 0x5D { resume() }
      return
    }
    let isNumeric = (0x30...0x39).contains(second) || (0x3C...0x3F).contains(second)
    let isArrow = (0x41...0x48).contains(second) && bytes.count == 2
    let isPlainArrow = (0x41...0x44).contains(second) && bytes.count == 2
    if first == 0x5D && isNumeric || first == 0x5B && (isNumeric || isArrow)
      || first == 0x4F && isPlainArrow
    {
      resume()
    }
  }

  private mutating func resume() {
    enter(.escape)
    isLate = true
    areSequencesSplit = true
  }
}
