/// By what a state of a key is known again without being kept: a digest of its value, and its
/// deadline.
///
/// The digest is that of the content, wherever the kind can be read: the exact form that a source
/// stores a value in is no mark, because the same hash may be written in another order after it was
/// put back, and a list in other blocks.
package struct StateMark: Sendable, Equatable {
  /// What the digest is made of.
  package enum Basis: Sendable, Hashable {
    case content(ValueKind)
    /// The source's own form of a value of a kind that is not read.
    case payload
  }

  package var basis: Basis
  package var digest: StateDigest
  /// Nil when the key never expires.
  package var deadline: WallTime?

  package init(basis: Basis, digest: StateDigest, deadline: WallTime?) {
    self.basis = basis
    self.digest = digest
    self.deadline = deadline
  }

  /// Of a state as it is stored. Linear in its bytes.
  package init(of state: StoredState) {
    switch state.value {
    case .dump(let payload):
      self.init(basis: .payload, digest: StateDigest(of: payload), deadline: state.deadline)
    case .typed(let value):
      self.init(
        basis: .content(value.kind), digest: StateDigest(of: value), deadline: state.deadline)
    }
  }
}

/// 128 bits that two different values hardly share by chance. The same on every machine and in every
/// run; not made to withstand somebody who looks for collisions.
///
/// Each part is hashed by FNV-1a and mixed by the finalizer of SplitMix64, in two lanes of different
/// seeds. Hashes and sets add their parts up, so that order does not matter; lists and sorted sets
/// chain them. Linear in the bytes.
package struct StateDigest: Sendable, Hashable {
  package var high: UInt64
  package var low: UInt64

  /// A digest that was noted down.
  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  private init(_ lane: (Lane) -> UInt64) {
    high = lane(Lane(seed: 0xCBF2_9CE4_8422_2325))
    low = lane(Lane(seed: 0x9AE1_6A3B_2F90_404F))
  }

  /// Of bytes as they are.
  package init(of bytes: [UInt8]) {
    self.init { $0.hash(bytes) }
  }

  /// Of a whole value; nil when there was no reader for it.
  package init?(of content: ValueContent) {
    switch content {
    case .string(let bytes): self.init(of: bytes)
    case .hash(let fields): self.init(hash: fields)
    case .list(_, let elements): self.init(list: elements)
    case .set(let members): self.init(set: members)
    case .sortedSet(let members): self.init(sortedSet: members)
    case .stream, .unreadable: return nil
    }
  }

  /// Of a whole value that can be created.
  package init(of value: NewValue) {
    switch value {
    case .string(let bytes): self.init(of: bytes)
    case .hash(let fields): self.init(hash: fields)
    case .list(let elements): self.init(list: elements)
    case .set(let members): self.init(set: members)
    case .sortedSet(let members): self.init(sortedSet: members)
    }
  }

  private init(hash fields: [HashField]) {
    self.init { lane in
      lane.sum(fields) { lane.chained(lane.hash($0.field), lane.hash($0.value)) }
    }
  }

  private init(list elements: [[UInt8]]) {
    self.init { lane in lane.chain(elements) { lane.hash($0) } }
  }

  private init(set members: [[UInt8]]) {
    self.init { lane in lane.sum(members) { lane.hash($0) } }
  }

  private init(sortedSet members: [ScoredMember]) {
    self.init { lane in
      lane.chain(members) { lane.chained(lane.hash($0.member), Self.bits(of: $0.score)) }
    }
  }

  /// Both zeros are the same score.
  private static func bits(of score: Double) -> UInt64 {
    score == 0 ? 0 : score.bitPattern
  }

  private struct Lane {
    let seed: UInt64

    func hash(_ bytes: [UInt8]) -> UInt64 {
      var hash = seed
      for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
      return mixed(hash ^ UInt64(bytes.count))
    }

    func chained(_ hash: UInt64, _ next: UInt64) -> UInt64 {
      mixed(hash &* 0x9E37_79B9_7F4A_7C15 &+ next)
    }

    func sum<Part>(_ parts: [Part], _ hash: (Part) -> UInt64) -> UInt64 {
      parts.reduce(UInt64(parts.count)) { $0 &+ mixed(hash($1)) }
    }

    func chain<Part>(_ parts: [Part], _ hash: (Part) -> UInt64) -> UInt64 {
      parts.reduce(UInt64(parts.count)) { chained($0, hash($1)) }
    }

    private func mixed(_ value: UInt64) -> UInt64 {
      let first = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
      let second = (first ^ (first >> 27)) &* 0x94D0_49BB_1331_11EB
      return second ^ (second >> 31)
    }
  }
}
