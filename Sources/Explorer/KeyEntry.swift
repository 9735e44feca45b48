package import CacheModel

/// What the index keeps of one key, in 32 bytes.
struct KeyEntry: Sendable {
  struct Flags: OptionSet, Sendable {
    var rawValue: UInt8

    static let live = Flags(rawValue: 1)
    static let marked = Flags(rawValue: 2)
    /// Passed the filter when it was last tested.
    static let passes = Flags(rawValue: 4)
    static let hasLifetime = Flags(rawValue: 8)
    static let hasSize = Flags(rawValue: 16)
    static let hasFate = Flags(rawValue: 32)
    /// The filter could not tell when the key was last tested.
    static let undecided = Flags(rawValue: 64)
    /// What the filter has to know of it has been put on the list of questions.
    static let queued = Flags(rawValue: 128)

    mutating func set(_ flag: Flags, _ isOn: Bool) {
      if isOn { insert(flag) } else { remove(flag) }
    }
  }

  var name: ByteArena.Place
  private var deadlineLow: UInt32
  private var deadlineHigh: UInt32
  private var firstTTLMilliseconds: Float = -1
  private var packedBytes = UInt32.max
  /// Seconds on the clock of the moments; they may lie before its zero.
  private var usedSecond = Int32.min
  var kindCode: UInt8 = 0
  var flags: Flags = .live
  /// The walk in which the key was last seen, modulo 256.
  var generation: UInt8 = 0

  init(name: ByteArena.Place) {
    self.name = name
    (deadlineLow, deadlineHigh) = (.max, .max)
    expiry = .unknown
  }

  var expiry: Expiry {
    get {
      switch Int64(bitPattern: UInt64(deadlineHigh) << 32 | UInt64(deadlineLow)) {
      case .max: .unknown
      case .max - 1: .never
      case let deadline: .at(Moment(milliseconds: deadline))
      }
    }
    set {
      let bits = UInt64(bitPattern: newValue.rank)
      deadlineLow = UInt32(truncatingIfNeeded: bits)
      deadlineHigh = UInt32(truncatingIfNeeded: bits >> 32)
    }
  }

  /// Kept to seven digits: it is the length of a bar.
  var firstTTL: TTL? {
    get {
      firstTTLMilliseconds < 0
        ? nil : TTL(milliseconds: Int64(exactly: firstTTLMilliseconds.rounded()) ?? .max)
    }
    set { firstTTLMilliseconds = newValue.map { Float($0.milliseconds) } ?? -1 }
  }

  /// Exact below 2 GiB, to 4 KiB above, 8 TiB at most.
  var bytes: ByteCount? {
    get {
      if packedBytes == .max { return nil }
      let value = Int64(packedBytes & 0x7FFF_FFFF)
      return ByteCount(packedBytes >> 31 == 0 ? value : value << 12)
    }
    set { packedBytes = newValue.map { Self.packed($0.bytes) } ?? .max }
  }

  /// Grows with `bytes`; the highest value means that nothing is known.
  var sizeRank: UInt32 { packedBytes }

  private static func packed(_ bytes: Int64) -> UInt32 {
    if bytes < 1 << 31 { return UInt32(max(0, bytes)) }
    return 1 << 31 | UInt32(min(bytes >> 12, 0x7FFF_FFFE))
  }

  /// When somebody last used the key, to a second.
  var lastUse: Moment? {
    get {
      usedSecond == .min ? nil : Moment(milliseconds: Int64(usedSecond) * 1000)
    }
    set {
      usedSecond = newValue.map { Int32(clamping: max($0.milliseconds / 1000, -(1 << 30))) } ?? .min
    }
  }

  /// Grows with `lastUse`.
  var useRank: Int32 { usedSecond }
}

extension KeyIndex {
  package subscript(figures slot: Slot) -> KeyFigures {
    get {
      let entry = entries[Int(slot.number)]
      var figures = KeyFigures()
      figures.expiry = entry.expiry
      figures.firstTTL = entry.firstTTL
      figures.bytes = entry.bytes
      figures.lastUse = entry.lastUse
      return figures
    }
    set {
      entries[Int(slot.number)].expiry = newValue.expiry
      entries[Int(slot.number)].firstTTL = newValue.firstTTL
      entries[Int(slot.number)].bytes = newValue.bytes
      entries[Int(slot.number)].lastUse = newValue.lastUse
    }
  }

  package func kind(_ slot: Slot) -> ValueKind? {
    kinds.kind(entries[Int(slot.number)].kindCode)
  }

  package mutating func setKind(_ kind: ValueKind?, _ slot: Slot) {
    entries[Int(slot.number)].kindCode = kinds.code(kind)
  }

  /// The walk in which the key was last seen, modulo 256.
  subscript(generation slot: Slot) -> UInt8 {
    get { entries[Int(slot.number)].generation }
    set { entries[Int(slot.number)].generation = newValue }
  }

  /// Whether kind and lifetime have been told.
  package internal(set) subscript(hasLifetime slot: Slot) -> Bool {
    get { entries[Int(slot.number)].flags.contains(.hasLifetime) }
    set {
      guard self[hasLifetime: slot] != newValue else { return }
      entries[Int(slot.number)].flags.set(.hasLifetime, newValue)
      withoutLifetime += newValue ? -1 : 1
    }
  }

  /// Whether the memory has been asked for.
  package internal(set) subscript(hasSize slot: Slot) -> Bool {
    get { entries[Int(slot.number)].flags.contains(.hasSize) }
    set {
      guard self[hasSize: slot] != newValue else { return }
      entries[Int(slot.number)].flags.set(.hasSize, newValue)
      withoutSize += newValue ? -1 : 1
    }
  }

  /// Whether the key passed the filter when it was last tested.
  subscript(passes slot: Slot) -> Bool {
    get { entries[Int(slot.number)].flags.contains(.passes) }
    set { entries[Int(slot.number)].flags.set(.passes, newValue) }
  }

  /// Whether the filter could not tell when it was last tested.
  subscript(undecided slot: Slot) -> Bool {
    get { entries[Int(slot.number)].flags.contains(.undecided) }
    set { entries[Int(slot.number)].flags.set(.undecided, newValue) }
  }

  /// Whether its figures were to be asked for the filter's sake.
  subscript(queued slot: Slot) -> Bool {
    get { entries[Int(slot.number)].flags.contains(.queued) }
    set { entries[Int(slot.number)].flags.set(.queued, newValue) }
  }
}
