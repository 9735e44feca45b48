import RESP
import Transport

/// The commands of a transaction, by the slots that their keys lie in. A cluster carries out a
/// transaction within one slot alone, so one over several slots becomes several: each of them is all
/// or nothing, all together are not. Without input or output.
struct ClusterTransaction: Sendable {
  /// What one node carries out at once.
  struct Group: Sendable {
    var target: ClusterBatch.Target
    var pieces: [ClusterBatch.Piece]
    var detours = 0
    var tries = 0

    /// What goes over the wire.
    var commands: [RESPCommand] {
      [RESPCommand("MULTI")] + pieces.map(\.command) + [RESPCommand("EXEC")]
    }
  }

  /// What became of a group.
  enum End: Sendable {
    case done([RESPValue])
    /// A watched key was written by somebody else.
    case cancelled
    /// Nothing was carried out: the answers to its commands, and that to EXEC.
    case refused(queued: [RESPValue], RESPValue)
    /// The node did not answer, and nothing was sent.
    case unsent(ChannelError)

    /// From the answers to MULTI, the commands, and EXEC.
    init(_ replies: [RESPValue]) {
      let queued = Array(replies.dropFirst().dropLast())
      guard let last = replies.last else {
        self = .refused(queued: [], .error("ERR no answer to EXEC"))
        return
      }
      if let begun = replies.first, begun.error != nil {
        self = .refused(queued: queued.map { _ in begun }, begun)
      } else if let done = last.elements {
        self = .done(done)
      } else {
        self = last.isNull ? .cancelled : .refused(queued: queued, last)
      }
    }
  }

  /// What became of groups that one node was sent one after the other.
  static func ends(of groups: [Group], _ replies: [RESPValue]) -> [(Group, End)] {
    var replies = replies[...]
    return groups.map { group in
      let own = Array(replies.prefix(group.commands.count))
      replies = replies.dropFirst(group.commands.count)
      return (group, End(own))
    }
  }

  private(set) var groups: [Group] = []
  private var routes: [CommandRoute] = []
  private var answers: [[RESPValue]] = []
  private var ends: [End] = []
  /// For each command what it was answered when it was to be queued, where that was an error.
  private(set) var queueErrors: [Int: RESPValue] = [:]

  private let nodes: [ClusterNode]

  init(_ commands: [RESPCommand], _ map: SlotMap) {
    nodes = map.primaries
    var keyless: [ClusterBatch.Piece] = []
    for (place, command) in commands.enumerated() {
      let route = CommandRoute(of: command)
      routes.append(route)
      switch route {
      case .slot(let slot): add([(command, .slot(slot))], place)
      case .slots(let split): add(split.parts.map { ($0.command, .slot($0.slot)) }, place)
      case .everyNode: add(map.primaries.map { (command, .node($0.endpoint)) }, place)
      case .scan, .anyNode:
        answers.append([.null])
        keyless.append(
          ClusterBatch.Piece(place: place, part: 0, command: command, target: .anyNode))
      }
    }
    // A question without keys is put where the others go.
    guard !keyless.isEmpty else { return }
    if groups.isEmpty { groups = [Group(target: .anyNode, pieces: [])] }
    groups[0].pieces += keyless
  }

  private mutating func add(_ parts: [(RESPCommand, ClusterBatch.Target)], _ place: Int) {
    answers.append(Array(repeating: .null, count: parts.count))
    for (part, (command, target)) in parts.enumerated() {
      let piece = ClusterBatch.Piece(place: place, part: part, command: command, target: target)
      if let group = groups.lastIndex(where: { $0.target == target }) {
        groups[group].pieces.append(piece)
      } else {
        groups.append(Group(target: target, pieces: [piece]))
      }
    }
  }

  // MARK: What came of it

  mutating func take(_ end: End, of group: Group) {
    ends.append(end)
    switch end {
    case .done(let replies):
      for (piece, reply) in zip(group.pieces, replies) { answers[piece.place][piece.part] = reply }
    case .cancelled:
      for piece in group.pieces { answers[piece.place][piece.part] = Self.written }
    case .refused(let queued, let end):
      for (piece, reply) in zip(group.pieces, queued) {
        if reply.error != nil { queueErrors[piece.place] = reply }
        answers[piece.place][piece.part] = reply.error == nil ? end : reply
      }
    case .unsent(let error):
      let reply = RESPValue.error("CLUSTERDOWN a node does not answer: \(error.words)")
      for piece in group.pieces {
        queueErrors[piece.place] = reply
        answers[piece.place][piece.part] = reply
      }
    }
  }

  private static let written = RESPValue.error("CANCELLED a watched key was written meanwhile")

  /// What EXEC is answered. Where a part was carried out and another one was not, the commands of the
  /// latter answer with their errors among the others.
  func reply(_ figures: ([ClusterFigures.Answer]) -> String) -> RESPValue {
    var refusal: RESPValue?
    for end in ends {
      switch end {
      case .done: return .array(results(figures))
      case .cancelled: continue
      case .refused(_, let reply): refusal = refusal ?? reply
      case .unsent(let error):
        refusal = refusal ?? .error("CLUSTERDOWN a node does not answer: \(error.words)")
      }
    }
    return refusal ?? .null
  }

  private func results(_ figures: ([ClusterFigures.Answer]) -> String) -> [RESPValue] {
    zip(routes, answers).map { route, answers in
      switch route {
      case .slot, .anyNode, .scan: answers.first ?? .null
      case .everyNode(.figures): ClusterBatch.joinedFigures(answers, nodes, figures)
      case .everyNode(let join): ClusterBatch.joined(answers, join, [])
      case .slots(let split): ClusterBatch.joined(answers, split.join, split.parts.map(\.places))
      }
    }
  }
}
