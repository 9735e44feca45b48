import RESP
import Transport

/// A batch on its way through a cluster: the parts that each command falls into, where each has to go,
/// and what was answered. Without input or output; the channel carries the parts.
struct ClusterBatch: Sendable {
  /// One command for one node.
  struct Piece: Sendable {
    /// The place of the whole command in the batch, and which part of it this is.
    let place: Int
    let part: Int
    let command: RESPCommand
    var target: Target
    /// How often it was sent elsewhere, or asked to come again.
    var detours = 0
  }

  enum Target: Sendable, Hashable {
    case slot(HashSlot)
    case node(Endpoint)
    /// With ASKING before it.
    case asking(Endpoint)
    case anyNode
  }

  private struct Command: Sendable {
    var route: CommandRoute
    var answers: [RESPValue?]
    var cursor: ClusterCursor?
  }

  private var commands: [Command] = []
  private var waiting: [Piece] = []
  private let map: SlotMap

  init(_ batch: [RESPCommand], _ map: SlotMap, generation: UInt8) {
    self.map = map
    for command in batch { add(command, generation) }
  }

  private mutating func add(_ command: RESPCommand, _ generation: UInt8) {
    let route = CommandRoute(of: command)
    let place = commands.count
    var cursor: ClusterCursor?
    var pieces: [(RESPCommand, Target)]
    switch route {
    case .slot(let slot): pieces = [(command, .slot(slot))]
    case .slots(let split): pieces = split.parts.map { ($0.command, .slot($0.slot)) }
    case .everyNode: pieces = map.primaries.map { (command, .node($0.endpoint)) }
    case .anyNode: pieces = [(command, .anyNode)]
    case .scan:
      let told = command.arguments.count > 1 ? command.arguments[1] : []
      let number = UInt64(String(decoding: told, as: UTF8.self)) ?? 0
      let start = ClusterCursor(number, generation: generation, nodes: map.primaries.count)
      var own = command
      if own.arguments.count > 1 { own.arguments[1] = Array(String(start.position).utf8) }
      let node = map.primaries.indices.contains(start.node) ? map.primaries[start.node] : nil
      pieces = [(own, node.map { .node($0.endpoint) } ?? .anyNode)]
      cursor = start
    }
    commands.append(
      Command(route: route, answers: Array(repeating: nil, count: pieces.count), cursor: cursor))
    waiting += pieces.enumerated().map { part, piece in
      Piece(place: place, part: part, command: piece.0, target: piece.1)
    }
  }

  // MARK: On the way

  /// What has to be sent now, in order.
  mutating func takeWaiting() -> [Piece] {
    defer { waiting = [] }
    return waiting
  }

  mutating func sendAgain(_ piece: Piece, to target: Target) {
    var piece = piece
    piece.target = target
    piece.detours += 1
    waiting.append(piece)
  }

  mutating func take(_ reply: RESPValue, of piece: Piece) {
    commands[piece.place].answers[piece.part] = reply
  }

  // MARK: In the end

  /// One answer for each command. `ids` are those of the nodes of the cluster.
  func replies(ids: [String]) -> [RESPValue] {
    commands.map { command in
      let answers = command.answers.map { $0 ?? .null }
      switch command.route {
      case .slot, .anyNode: return answers.first ?? .null
      case .scan:
        guard let reply = answers.first, let cursor = command.cursor else { return .null }
        return cursor.next(after: reply, nodes: map.primaries.count)
      case .everyNode(let join): return Self.joined(answers, join, [], ids)
      case .slots(let split):
        return Self.joined(answers, split.join, split.parts.map(\.places), ids)
      }
    }
  }

  static func joined(
    _ answers: [RESPValue], _ join: CommandRoute.Join, _ places: [[Int]], _ ids: [String]
  ) -> RESPValue {
    if let refused = answers.first(where: { $0.error != nil }) { return refused }
    switch join {
    case .same: return answers.first ?? .null
    case .sum:
      let sum = answers.reduce(Int64(0)) {
        $0.addingReportingOverflow($1.integer ?? 0).partialValue
      }
      return .integer(sum)
    case .figures:
      return .bulk(ClusterFigures.joined(answers.map { $0.text ?? "" }, ids: ids))
    case .inPlaces:
      let count = places.reduce(0) { $0 + $1.count }
      var elements = Array(repeating: RESPValue.null, count: count)
      for (answer, places) in zip(answers, places) {
        for (element, place) in zip(answer.elements ?? [], places) { elements[place] = element }
      }
      return .array(elements)
    }
  }
}
