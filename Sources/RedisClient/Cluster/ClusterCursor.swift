import RESP

/// A cursor of SCAN over all primaries of a cluster, in the one number that callers hand back: four
/// bits for the state of the cluster in which it was given out, twelve for the place of the primary,
/// eight for how many slots had changed hands when the walk began, and forty for the primary's own
/// cursor, which needs as many bits as its table of keys has.
///
/// A cursor of a primary means nothing to another one. So one from before a failover or a change of
/// the nodes begins at the first primary again: names come twice then, none is left out.
struct ClusterCursor: Sendable, Equatable {
  /// 1 to 15: changes whenever the primaries do, so that no number but the first and last is 0.
  var generation: UInt8
  var node: Int
  /// How many slots had changed hands, modulo 256.
  var moves: UInt8
  var position: UInt64

  private static let positionBits: UInt64 = 40
  private static let movesBits: UInt64 = 8
  private static let nodeBits: UInt64 = 12
  private static let nodeShift = positionBits + movesBits
  private static let generationShift = nodeShift + nodeBits

  init(generation: UInt8, node: Int, moves: UInt8 = 0, position: UInt64) {
    self.generation = generation
    self.node = node
    self.moves = moves
    self.position = position
  }

  /// Where to go on with a number that was handed back; `moves` counts for a walk that begins.
  init(_ number: UInt64, generation: UInt8, nodes: Int, moves: UInt8 = 0) {
    let node = Int(number >> Self.nodeShift) & ((1 << Self.nodeBits) - 1)
    let told = UInt8(number >> Self.generationShift)
    guard number != 0, told == generation & 0xF, node < nodes else {
      self.init(generation: generation, node: 0, moves: moves, position: 0)
      return
    }
    self.init(
      generation: generation, node: node,
      moves: UInt8(truncatingIfNeeded: number >> Self.positionBits),
      position: number & ((1 << Self.positionBits) - 1))
  }

  /// Nil where the primary's cursor, or its place, has no room.
  var number: UInt64? {
    guard position < 1 << Self.positionBits, node < 1 << Self.nodeBits else { return nil }
    return UInt64(generation & 0xF) << Self.generationShift | UInt64(node) << Self.nodeShift
      | UInt64(moves) << Self.positionBits | position
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
