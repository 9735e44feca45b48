/// The kinds of keyspace events, with the letters of notify-keyspace-events.
struct EventKinds: OptionSet {
  let rawValue: Int

  /// To the channel of the key, with the event as message.
  static let keyspace = EventKinds(rawValue: 1)
  /// To the channel of the event, with the key as message.
  static let keyevent = EventKinds(rawValue: 2)
  static let generic = EventKinds(rawValue: 4)
  static let string = EventKinds(rawValue: 8)
  static let list = EventKinds(rawValue: 16)
  static let set = EventKinds(rawValue: 32)
  static let hash = EventKinds(rawValue: 64)
  static let sortedSet = EventKinds(rawValue: 128)
  static let expired = EventKinds(rawValue: 256)
  static let evicted = EventKinds(rawValue: 512)
  static let stream = EventKinds(rawValue: 1024)
  static let module = EventKinds(rawValue: 2048)
  static let missed = EventKinds(rawValue: 4096)
  static let new = EventKinds(rawValue: 8192)

  /// What the letter A stands for.
  static let all: EventKinds = [
    .generic, .string, .list, .set, .hash, .sortedSet, .expired, .evicted, .stream, .module,
  ]

  private static let letters: [(Character, EventKinds)] = [
    ("g", .generic), ("$", .string), ("l", .list), ("s", .set), ("h", .hash), ("z", .sortedSet),
    ("x", .expired), ("e", .evicted), ("t", .stream), ("d", .module), ("n", .new),
    ("K", .keyspace), ("E", .keyevent), ("m", .missed), ("A", .all),
  ]

  init(rawValue: Int) {
    self.rawValue = rawValue
  }

  /// Nil for a letter that means nothing.
  init?(letters text: String) {
    self = []
    for letter in text {
      guard let (_, kinds) = Self.letters.first(where: { $0.0 == letter }) else { return nil }
      formUnion(kinds)
    }
  }

  /// The letters in the order in which Redis tells them.
  var text: String {
    let hasAll = isSuperset(of: .all)
    return (hasAll ? "A" : "")
      + Self.letters.filter { letter, kinds in
        letter != "A" && isSuperset(of: kinds)
          && !(hasAll && (Self.all.isSuperset(of: kinds) || kinds == .new))
      }.map { String($0.0) }.joined()
  }
}
