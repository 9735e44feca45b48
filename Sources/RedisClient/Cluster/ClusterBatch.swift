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
    /// Where it goes when it is sent again after trouble; nil for what is meant for one node.
    var home: Target?
    /// How often it was redirected.
    var detours = 0
    /// How often it was asked to come again.
    var tries = 0
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
    /// The command itself where it is a step of a walk over names.
    var walk: RESPCommand?
  }

  private var commands: [Command] = []
  private var waiting: [Piece] = []
  private let map: SlotMap
  /// The state of the cluster in which it was sent.
  let generation: UInt8

  /// `walk` is the number of walks that begin with it.
  init(_ batch: [RESPCommand], _ map: SlotMap, generation: UInt8, walk: UInt8) {
    self.map = map
    self.generation = generation
    for command in batch { add(command, walk) }
  }

  /// Whether a walk over all names begins with the command, or begins anew.
  static func beginsWalk(_ command: RESPCommand, generation: UInt8) -> Bool {
    command.verb == "SCAN"
      && !ClusterCursor.goesOn(with: cursor(of: command), generation: generation)
  }

  private mutating func add(_ command: RESPCommand, _ walk: UInt8) {
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
      let start = start(of: command, walk)
      pieces = [scan(command, from: start)]
      cursor = start
    }
    commands.append(
      Command(
        route: route, answers: Array(repeating: nil, count: pieces.count), cursor: cursor,
        walk: cursor == nil ? nil : command))
    waiting += pieces.enumerated().map { part, piece in
      var new = Piece(place: place, part: part, command: piece.0, target: piece.1)
      if case .node = piece.1 {} else { new.home = piece.1 }
      return new
    }
  }

  private static func cursor(of scan: RESPCommand) -> UInt64 {
    let told = scan.arguments.count > 1 ? scan.arguments[1] : []
    return UInt64(String(decoding: told, as: UTF8.self)) ?? 0
  }

  private func start(of command: RESPCommand, _ walk: UInt8) -> ClusterCursor {
    ClusterCursor(
      Self.cursor(of: command), generation: generation, nodes: map.primaries.count, walk: walk)
  }

  private func scan(_ command: RESPCommand, from start: ClusterCursor) -> (RESPCommand, Target) {
    var own = command
    if own.arguments.count > 1 { own.arguments[1] = Array(String(start.position).utf8) }
    let node = map.primaries.indices.contains(start.node) ? map.primaries[start.node] : nil
    return (own, node.map { .node($0.endpoint) } ?? .anyNode)
  }

  // MARK: On the way

  var isUnderWay: Bool { !waiting.isEmpty }

  /// What has to be sent now, in order.
  mutating func takeWaiting() -> [Piece] {
    defer { waiting = [] }
    return waiting
  }

  /// Follows a redirection.
  mutating func send(_ piece: Piece, to target: Target) {
    var piece = piece
    piece.target = target
    piece.detours += 1
    waiting.append(piece)
  }

  /// Sends it once more, to where it belongs by then.
  mutating func sendAgain(_ piece: Piece) {
    var piece = piece
    piece.target = piece.home ?? piece.target
    piece.tries += 1
    waiting.append(piece)
  }

  mutating func take(_ reply: RESPValue, of piece: Piece) {
    commands[piece.place].answers[piece.part] = reply
  }

  func isWalk(_ piece: Piece) -> Bool { commands[piece.place].cursor != nil }

  /// A node of a walk does not answer: the walk goes on behind it, and the reason comes as a third
  /// element of the answer.
  mutating func skip(_ piece: Piece, because reason: String) {
    take(.array([.bulk("0"), .array([]), .bulk(reason)]), of: piece)
  }

  /// The primaries are others than when the walk was sent on: it begins anew.
  mutating func beginAnew(_ piece: Piece, generation: UInt8, walk: UInt8) {
    beginAnew(at: piece.place, generation, walk, .array([.bulk("0"), .array([])]))
  }

  /// The same where it would have ended.
  mutating func beginAnew(_ ending: EndingWalk, generation: UInt8, walk: UInt8) {
    let reply = commands[ending.place].answers.first ?? nil
    beginAnew(at: ending.place, generation, walk, reply ?? .array([.bulk("0"), .array([])]))
  }

  private mutating func beginAnew(
    at place: Int, _ generation: UInt8, _ walk: UInt8, _ reply: RESPValue
  ) {
    commands[place].cursor = ClusterCursor(
      generation: generation, node: -1, walk: walk, position: 0)
    commands[place].answers = [reply]
  }

  /// A walk over names that ends with this batch.
  struct EndingWalk: Sendable {
    let place: Int
    let number: UInt8
    let command: RESPCommand
  }

  var endingWalks: [EndingWalk] {
    commands.indices.compactMap { place in
      guard let cursor = commands[place].cursor, let command = commands[place].walk,
        cursor.next(
          after: commands[place].answers.first.flatMap { $0 } ?? .null, nodes: map.primaries.count
        )
        .elements?.first?.text == "0"
      else { return nil }
      return EndingWalk(place: place, number: cursor.walk, command: command)
    }
  }

  /// Adds names to the answer that ends a walk.
  mutating func add(_ names: [RESPValue], to walk: EndingWalk) {
    guard var parts = commands[walk.place].answers.first??.elements, parts.count >= 2 else {
      return
    }
    parts[1] = .array((parts[1].elements ?? []) + names)
    commands[walk.place].answers[0] = .array(parts)
  }

  // MARK: In the end

  /// One answer for each command. `figures` joins the answers to INFO.
  func replies(_ figures: ([ClusterFigures.Answer]) -> String) -> [RESPValue] {
    commands.map { command in
      let answers = command.answers.map { $0 ?? .null }
      switch command.route {
      case .slot, .anyNode: return answers.first ?? .null
      case .scan:
        guard let reply = answers.first, let cursor = command.cursor else { return .null }
        return cursor.next(after: reply, nodes: map.primaries.count)
      case .everyNode(.figures): return Self.joinedFigures(answers, map.primaries, figures)
      case .everyNode(let join): return Self.joined(answers, join, [])
      case .slots(let split): return Self.joined(answers, split.join, split.parts.map(\.places))
      }
    }
  }
  /// The answers of those that answered; the error where none did.
  static func joinedFigures(
    _ answers: [RESPValue], _ nodes: [ClusterNode], _ join: ([ClusterFigures.Answer]) -> String
  ) -> RESPValue {
    if answers.allSatisfy({ $0.error != nil }), let error = answers.first { return error }
    let own = zip(nodes, answers).map { node, answer in
      ClusterFigures.Answer(node: node, text: answer.text, failure: answer.error?.text)
    }
    return .bulk(join(own))
  }

  private static let disagreement = "ERR the nodes of the cluster do not agree about it"

  static func joined(
    _ answers: [RESPValue], _ join: CommandRoute.Join, _ places: [[Int]]
  ) -> RESPValue {
    if let refused = answers.lazy.compactMap(\.error).first {
      guard join == .same, answers.contains(where: { $0.error == nil }) else {
        return .error(refused)
      }
      return .error("\(refused.text); the other nodes have done it")
    }
    switch join {
    case .same, .figures: return answers.first ?? .null
    case .agreed:
      guard let first = answers.first else { return .null }
      return answers.allSatisfy { $0 == first } ? first : .error(Self.disagreement)
    case .sum:
      let sum = answers.reduce(Int64(0)) {
        $0.addingReportingOverflow($1.integer ?? 0).partialValue
      }
      return .integer(sum)
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
