import CacheModel

/// The connections: databases of this server, profiles, what else is known, and any URL typed.
extension ExplorerState {
  mutating func openConnections(_ use: ConnectionUse) -> [Effect] {
    show(Overlay(.connections(use), field: TextField("", limit: 500)))
    moveToOpenConnection()
    let question = newRequest()
    connections.question = question
    return probeLocally() + (source.description == nil ? [] : [.databases(question)])
  }

  /// Asks whether a server listens where Redis usually does, unless that one is open.
  mutating func probeLocally() -> [Effect] {
    guard connections.probe == nil, source.address != KnownConnections.local.description else {
      return []
    }
    let request = newRequest()
    connections.probe = request
    return [.probe(request, KnownConnections.local)]
  }

  mutating func take(probe answers: Bool, of request: RequestID) {
    guard connections.probe == request else { return }
    connections.probe = nil
    connections.answersLocally = answers
  }

  mutating func take(databases: [DatabaseFigures], of request: RequestID) {
    guard connections.question == request else { return }
    connections.question = nil
    // The cursor stays with the source that is open as long as the person has not moved it.
    let isOnOpen = overlay.map { $0.list.row == rowOfOpenConnection($0) } ?? false
    connections.databases = databases
    connections.failure = nil
    if isOnOpen { moveToOpenConnection() }
  }

  /// The row of what is open now; the first one where it has none, or where something was typed.
  private func rowOfOpenConnection(_ overlay: Overlay) -> Int {
    guard overlay.field?.text.isEmpty == true else { return 0 }
    return connectionChoices(overlay).firstIndex(where: isOpen) ?? 0
  }

  private func isOpen(_ choice: ConnectionChoice) -> Bool {
    if case .database(let number) = choice.choice { return number == source.description?.database }
    return source.description == nil && choice.title == source.address
  }

  private mutating func moveToOpenConnection() {
    guard var overlay, overlay.kind == .connections(.turnTo) else { return }
    overlay.list.count = rows(of: overlay).count
    overlay.list.move(to: rowOfOpenConnection(overlay), hasFocus: true)
    self.overlay = overlay
  }

  mutating func takeFailedDatabases(_ error: BackendError, of request: RequestID) -> Bool {
    guard connections.question == request else { return false }
    connections.question = nil
    connections.failure = error
    return true
  }

  /// All rows that hold the typed text, the nearest first: what is a URL itself, the database of a
  /// bare number, names that begin with it or hold it, and then what is said of them.
  func connectionChoices(_ overlay: Overlay) -> [ConnectionChoice] {
    let text = overlay.field?.text ?? ""
    let isCopy = overlay.kind != .connections(.turnTo)
    let typed = (try? SourceAddress(parsing: text)).map {
      ConnectionChoice(
        "typed", $0.description, isCopy ? "enter chooses it" : "enter connects",
        choice: .address($0))
    }
    var known = databaseChoices + connections.choices
    if let local = localChoice, !known.contains(where: { $0.title == local.title }) {
      known.append(local)
    }
    // What is open is no place to copy to.
    if isCopy { known.removeAll { isOpen($0) || $0.title == source.address } }
    let ranked = known.enumerated().compactMap { place, choice in
      choice.rank(of: text.lowercased()).map { (rank: $0, place: place, choice: choice) }
    }
    let others = ranked.sorted { ($0.rank, $0.place) < ($1.rank, $1.place) }.map(\.choice)
    let numbered = numberedChoice(text).filter { choice in
      !others.contains { $0.choice == choice.choice }
    }
    return [typed].compactMap { $0 } + numbered + others
  }

  /// The database of a number that was typed, whether it holds keys or not.
  private func numberedChoice(_ text: String) -> [ConnectionChoice] {
    guard source.description?.isCluster == false, let number = Int(text), number >= 0,
      number <= SourceAddress.highestDatabase
    else { return [] }
    let detail = connections.databases == nil ? "" : "no keys"
    return [ConnectionChoice("database", "db\(number)", detail, choice: .database(number))]
  }

  private var localChoice: ConnectionChoice? {
    guard connections.answersLocally == true,
      source.address != KnownConnections.local.description
    else { return nil }
    return ConnectionChoice(
      "found", KnownConnections.local.description, "a server answers there",
      choice: .address(KnownConnections.local))
  }

  /// The databases with keys, the one in view among them.
  private var databaseChoices: [ConnectionChoice] {
    guard let here = source.description?.database else { return [] }
    var databases = connections.databases ?? []
    if !databases.contains(where: { $0.number == here }) {
      databases.append(DatabaseFigures(number: here, keys: 0, keysWithTTL: nil))
      databases.sort { $0.number < $1.number }
    }
    return databases.map { figures in
      var detail = figures.keys.counted("key")
      if let expiring = figures.keysWithTTL { detail += ", \(expiring.grouped) with a TTL" }
      if connections.databases == nil { detail = "" }
      if figures.number == here { detail = "open now" + (detail.isEmpty ? "" : " · ") + detail }
      return ConnectionChoice(
        "database", "db\(figures.number)", detail, choice: .database(figures.number))
    }
  }

  func connectionRows(_ overlay: Overlay) -> [OverlayRow] {
    var rows = connectionChoices(overlay).map { choice in
      let isHere = choice.title == source.address && choice.detail.isEmpty
      return OverlayRow(
        .text(choice.origin), choice.title, isHere ? "open now" : choice.detail)
    }
    if rows.isEmpty, let text = overlay.field?.text, !text.isEmpty {
      rows.append(OverlayRow(.none, typedProblem(text), tone: .warning))
    }
    return rows
  }

  /// Why a text that was typed leads nowhere.
  private func typedProblem(_ text: String) -> String {
    if Int(text) != nil, source.description?.isCluster == true {
      return "a cluster has one database, which is open: there is no other to turn to"
    }
    if Int(text) != nil { return "another database: redis://host:port/\(text)" }
    do throws(SourceAddressError) {
      _ = try SourceAddress(parsing: text)
      return ""
    } catch {
      return error.sentence
    }
  }

  mutating func chooseConnection(_ overlay: Overlay) -> [Effect] {
    let choices = connectionChoices(overlay)
    guard choices.indices.contains(overlay.list.row) else { return [] }
    guard !isChangeUnderWay else {
      say("a change is under way: ctrl-c cancels it", .warning)
      return []
    }
    let choice = choices[overlay.list.row].choice
    if case .connections(.copy(let scope, _)) = overlay.kind {
      chooseTarget(choices[overlay.list.row], for: scope)
      return []
    }
    if choice == .database(source.description?.database ?? -1) {
      overlays.removeAll()
      return []
    }
    say("connecting to \(choices[overlay.list.row].title) …")
    return [.switchSource(choice)]
  }

  /// Another source is open: everything of the old one is forgotten but for the journal, which
  /// knows to which source each change belongs.
  mutating func take(
    switched newSource: SourceState, access newAccess: Access, look newLook: SourceLook
  ) -> [Effect] {
    source = newSource
    screen = .keys
    focus = .list
    overlays = []
    prompt = nil
    message = nil
    adopt(newLook)
    preview = PreviewState(emptyLike: preview)
    tags = TagsState()
    let window = stats.chosenWindow
    stats = StatsState()
    stats.chosenWindow = window
    expiry = ExpiryState()
    work = WorkState()
    painted = nil
    connections.databases = nil
    connections.question = nil
    connections.probe = nil
    // Switched to read-only by hand, it stays so.
    let keepsReadOnly = access == .readOnly && newAccess == .readWrite
    access = keepsReadOnly ? .readOnly : newAccess
    return (keepsReadOnly ? [.setReadOnly(true)] : []) + openIfDue()
  }
}
