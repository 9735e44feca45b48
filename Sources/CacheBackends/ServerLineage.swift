/// The ids that the data of a source have gone by while it was open, the present one first.
///
/// A server that takes over names the id before its own and none further back. Whoever was there at
/// each step knows the whole line: a change made two failovers ago is still one of these data. A step
/// that was not seen, or a server that names another past, begins a new line.
struct ServerLineage: Sendable, Equatable {
  private(set) var ids: [String] = []

  private static let most = 100

  /// What the source says of itself now.
  mutating func follow(_ figures: ServerFigures) {
    guard !figures.isOfCluster, let id = figures.serverID, id != ids.first else { return }
    let continues = ids.first.map(figures.formerServerIDs.contains) ?? false
    ids = continues ? Array(([id] + ids).prefix(Self.most)) : [id]
  }

  /// The ids before the present one, those that the source names itself included.
  func formerIDs(of figures: ServerFigures) -> [String] {
    var line = self
    line.follow(figures)
    let told = figures.formerServerIDs
    guard !figures.isOfCluster else { return told }
    return told + line.ids.dropFirst().filter { !told.contains($0) }
  }
}
