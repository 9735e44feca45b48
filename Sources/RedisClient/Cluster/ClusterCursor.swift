import RESP

/// A cursor of SCAN over all primaries of a cluster, in the one number that callers hand back: four
/// bits for the state of the cluster in which it was given out, twelve for the place of the primary,
/// eight for the walk itself, of which is known who served which slot when it began, and forty for the
/// primary's own cursor, which needs as many bits as its table of keys has.
///
/// A cursor of a primary means nothing to another one. So one from before a failover or a change of
/// the nodes begins at the first primary again: names come twice then, none is left out.
struct ClusterCursor: Sendable, Equatable {
  /// 1 to 15: changes whenever the primaries do, so that no number but the first and last is 0.
  var generation: UInt8
  var node: Int
  /// Which walk it is, in turn.
  var walk: UInt8
  var position: UInt64

  private static let positionBits: UInt64 = 40
  private static let walkBits: UInt64 = 8
  private static let nodeBits: UInt64 = 12
  private static let nodeShift = positionBits + walkBits
  private static let generationShift = nodeShift + nodeBits

  init(generation: UInt8, node: Int, walk: UInt8 = 0, position: UInt64) {
    self.generation = generation
    self.node = node
    self.walk = walk
    self.position = position
  }

  /// Whether a number that was handed back belongs to the cluster as it is.
  static func goesOn(with number: UInt64, generation: UInt8) -> Bool {
    number != 0 && UInt8(number >> generationShift) == generation & 0xF
  }

  /// Where to go on with a number that was handed back; `walk` is for one that begins.
  init(_ number: UInt64, generation: UInt8, nodes: Int, walk: UInt8 = 0) {
    let node = Int(number >> Self.nodeShift) & ((1 << Self.nodeBits) - 1)
    guard Self.goesOn(with: number, generation: generation), node < nodes else {
      self.init(generation: generation, node: 0, walk: walk, position: 0)
      return
    }
    self.init(
      generation: generation, node: node,
      walk: UInt8(truncatingIfNeeded: number >> Self.positionBits),
      position: number & ((1 << Self.positionBits) - 1))
  }

  /// Nil where the primary's cursor, or its place, has no room.
  var number: UInt64? {
    guard position < 1 << Self.positionBits, node < 1 << Self.nodeBits else { return nil }
    return UInt64(generation & 0xF) << Self.generationShift | UInt64(node) << Self.nodeShift
      | UInt64(walk) << Self.positionBits | position
  }

  /// The cursor in the answer of a primary, turned into one over all of them; 0 when the last one has
  /// told all its names.
  func next(after reply: RESPValue, nodes: Int) -> RESPValue {
    guard var parts = reply.elements, parts.count >= 2,
      let told = parts[0].text.flatMap({ UInt64($0) })
    else { return reply }
    var next = self
    next.position = told
    if told == 0 { next.node += 1 }
    if told == 0, next.node >= nodes {
      parts[0] = .bulk("0")
      return .array(parts)
    }
    guard let number = next.number else {
      return .error("ERR the cursor of a node is too large to go through all of them")
    }
    parts[0] = .bulk(String(number))
    return .array(parts)
  }
}
