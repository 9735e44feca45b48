/// What a stored transition has, one bit each.
struct TransitionFlags: OptionSet {
  var rawValue: UInt8

  static let before = TransitionFlags(rawValue: 1)
  static let beforeDeadline = TransitionFlags(rawValue: 2)
  /// The old value is kept by its parts, not as a payload.
  static let typed = TransitionFlags(rawValue: 4)
  /// The change left a state, of which there is a mark.
  static let marked = TransitionFlags(rawValue: 8)
  static let markDeadline = TransitionFlags(rawValue: 16)
  /// What the change left is not known.
  static let unknownAfter = TransitionFlags(rawValue: 32)
  /// The old state has tags.
  static let tagged = TransitionFlags(rawValue: 64)

  static let all: TransitionFlags = [
    .before, .beforeDeadline, .typed, .marked, .markDeadline, .unknownAfter, .tagged,
  ]
}
