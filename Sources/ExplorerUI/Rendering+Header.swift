import CacheModel
import Explorer
import TerminalCanvas

/// The first line: the source at the left, its figures at the right. When it is narrow, items go
/// one by one in a fixed order, and each keeps its width, so that nothing moves as figures change.
extension Rendering {
  /// What can be left out, in this order.
  private enum Droppable: Int {
    case own = 1, roundTrip, role, operations, bar, version, sparkline, memory, brand, product
    case never = 100
  }

  private struct Item {
    var text: String
    var style: Style
    var drop: Droppable
    var width: Int
    /// Of what is shown in part where there is no room for all of it, the columns that still tell one
    /// from another.
    var least: Int?
    /// Shown instead where there is no room.
    var short: String?

    init(
      _ text: String, _ style: Style, _ drop: Droppable, width: Int? = nil, least: Int? = nil,
      short: String? = nil
    ) {
      self.text = text
      self.style = style
      self.drop = drop
      self.width = width ?? DisplayWidth.of(text)
      self.least = least
      self.short = short
    }

    mutating func abbreviate() {
      guard let short else { return }
      text = short
      width = DisplayWidth.of(short)
    }

    /// Gives away up to so many columns; answers how many.
    mutating func shrink(by columns: Int) -> Int {
      guard let least, columns > 0, width > least else { return 0 }
      let given = min(columns, width - least)
      width -= given
      text = middleClipped(text, to: width)
      return given
    }
  }

  mutating func paintHeader(_ state: ExplorerState, in area: Area) {
    frame.fill(area, style: Style(.text, on: .bar))
    var left = sourceItems(state)
    var right = figureItems(state)
    func total() -> Int {
      (left + right).reduce(2) { $0 + $1.width } + left.count + right.count * 2
    }
    while total() > area.columns {
      let candidates = (left + right).map(\.drop.rawValue).filter { $0 < 100 }
      guard let worst = candidates.min() else { break }
      left.removeAll { $0.drop.rawValue == worst }
      right.removeAll { $0.drop.rawValue == worst }
    }
    if total() > area.columns { for place in left.indices { left[place].abbreviate() } }
    if total() > area.columns { for place in right.indices { right[place].abbreviate() } }
    // The address first, then the name of the profile.
    var excess = total() - area.columns
    for place in left.indices.reversed() { excess -= left[place].shrink(by: excess) }
    let figures = right.reduce(0) { $0 + $1.width + 2 }
    var column = area.endColumn - figures
    let room = column
    for item in right {
      frame.putRight(
        item.text, row: area.row, column: column, columns: item.width,
        style: item.style.on(.bar))
      column += item.width + 2
    }
    column = 1
    for item in left {
      column += frame.put(
        item.text, row: area.row, column: column, style: item.style.on(.bar),
        limit: max(0, room - column - 1), overflow: .ellipsis)
      column += 1
    }
  }

  private func sourceItems(_ state: ExplorerState) -> [Item] {
    var items = [Item("cachescope │", Style(.accent).bold(), .brand)]
    if !state.source.profile.isEmpty || state.source.colour != nil {
      let role = state.source.colour?.role ?? .title
      let name = state.source.profile.isEmpty ? "■" : "■ \(state.source.profile)"
      items.append(Item(name, Style(role).bold(), .never, least: 10))
    }
    if let source = state.source.description {
      let product = source.product == "cachescope" ? "engine" : source.product
      items.append(Item(product, .text, .product))
      items.append(Item(source.version, .muted, .version))
      items.append(Item(addressWithDatabase(source), Style(.title), .never, least: 12))
      if !state.source.server.isEmpty {
        items.append(Item("at \(state.source.server)", .text, .never, least: 12))
      }
      if let cluster = state.stats.history.latest?.cluster {
        items.append(clusterItem(cluster))
      } else if !source.role.isEmpty {
        items.append(Item(source.role, .muted, .role))
      }
    } else {
      let address = Self.nameBehindSentinels(state.source.address) ?? state.source.address
      items.append(Item(address, Style(.title), .never, least: 12))
    }
    switch state.source.protection {
    case .none: break
    case .verified: items.append(Item("TLS", .muted, .role))
    case .unverified: items.append(Item("TLS unverified", Style(.warn), .never))
    }
    items.append(connectionItem(state))
    return items
  }

  /// `127.0.0.1:6379/0`: a server's place without the scheme, which stands before it as its kind.
  private func addressWithDatabase(_ source: SourceDescription) -> String {
    for scheme in ["redis+cluster://", "rediss+cluster://"]
    where source.address.hasPrefix(scheme) {
      let seeds = source.address.dropFirst(scheme.count).split(separator: ",")
      return (seeds.first.map(String.init) ?? "") + (seeds.count > 1 ? ",…" : "")
    }
    for scheme in ["redis://", "rediss://"] where source.address.hasPrefix(scheme) {
      let place = source.address.dropFirst(scheme.count)
      return place.contains("/") ? String(place) : "\(place)/\(source.database)"
    }
    return Self.nameBehindSentinels(source.address) ?? source.address
  }

  /// `shop/0`: what sentinels call a group of servers, and the database.
  private static func nameBehindSentinels(_ address: String) -> String? {
    for scheme in ["redis+sentinel://", "rediss+sentinel://"] where address.hasPrefix(scheme) {
      let place = address.dropFirst(scheme.count)
      return place.firstIndex(of: "/").map { String(place[place.index(after: $0)...]) }
    }
    return nil
  }

  /// `cluster 3/3`: how many of the primaries that serve slots do so now.
  private func clusterItem(_ cluster: ClusterState) -> Item {
    let text = "cluster \(cluster.servingWell)/\(cluster.serving.count)"
    return cluster.isWell
      ? Item(text, .muted, .role) : Item(text, Style(.critical).bold(), .never)
  }

  private func connectionItem(_ state: ExplorerState) -> Item {
    switch state.source.connection {
    case .connecting: return Item("◌ connecting", Style(.warn), .never)
    case .connected:
      return state.isPaused
        ? Item("● paused", Style(.warn), .never) : Item("●", Style(.good), .never)
    case .busy: return Item("◐ busy", Style(.warn), .never)
    case .refused: return Item("○ refused", Style(.critical), .never)
    case .waiting(_, let retryAt):
      let seconds = max(0, (retryAt.milliseconds(since: state.now) + 999) / 1000)
      return Item(
        "○ away, next try in \(seconds)s", Style(.critical), .never, short: "○ away, \(seconds)s")
    }
  }

  private func figureItems(_ state: ExplorerState) -> [Item] {
    guard let latest = state.stats.history.latest else {
      guard state.source.description != nil else { return [] }
      return [Item("– keys", .muted, .never), Item("hit –", .muted, .never, width: 10)]
    }
    var items: [Item] = []
    let keys = latest.keys ?? Int64(state.keys.presentCount)
    let noun = keys == 1 ? "key" : "keys"
    items.append(
      Item(
        counted(Int(keys), "key"), .text, .never,
        short: "\(FigureFormat.count(Double(keys))) \(noun)"))
    items += memoryItems(latest)
    items += ratioItems(state)
    items += rateItems(state)
    return items
  }

  /// What others ask of the source, how fast it answers, and what cachescope asks of it itself. In
  /// a moment without a connection none of it is known.
  private func rateItems(_ state: ExplorerState) -> [Item] {
    let history = state.stats.history
    guard let latest = history.latest, let own = history.now(.ownCommands) else { return [] }
    let isKnown = state.source.connection == .connected
    var items: [Item] = []
    if let all = history.now(.commands) {
      let rate = isKnown ? FigureFormat.rate(max(0, all - own)) : "–"
      items.append(Item("\(rate) op/s", .text, .operations, width: 9))
    }
    if let trip = latest.roundTripMicroseconds {
      let text = isKnown ? FigureFormat.latency(milliseconds: Double(trip) / 1000) : "–"
      items.append(Item(text, .muted, .roundTrip, width: 6))
    }
    items.append(
      Item("own \(isKnown ? FigureFormat.rate(own) : "–")/s", .muted, .own, width: 10))
    return items
  }

  private func memoryItems(_ latest: CacheStatistics) -> [Item] {
    guard let used = latest.usedMemory else { return [] }
    let usedText = FigureFormat.compactBytes(UInt64(max(0, used.bytes)))
    guard let bound = latest.maxMemory ?? nil, bound.bytes > 0 else {
      return [Item(usedText, .text, .memory, width: 4)]
    }
    let share = Double(used.bytes) / Double(bound.bytes)
    let style = Style(share > 0.95 ? .critical : share > 0.8 ? .warn : .text)
    let text = "\(usedText)/\(FigureFormat.compactBytes(UInt64(bound.bytes)))"
    return [
      Item(text, style, .memory, width: 9),
      Item(Bar.squares(share, columns: 8), barStyle(style), .bar),
    ]
  }

  private func ratioItems(_ state: ExplorerState) -> [Item] {
    let history = state.stats.history
    let ratio = history.lookups(within: 5000)
    let isKnown = state.source.connection == .connected
    let text = ratio.flatMap { isKnown ? percentText($0.value) : nil } ?? "–"
    let samples = history.newestRatios(6).map { $0?.value }
    let known = samples.compactMap { $0 }
    let low = min(known.min() ?? 0.5, 0.9)
    return [
      Item("hit \(text)", .text, .never, width: 10),
      Item(
        Sparkline.text(samples, columns: 6, scale: low...1), Style(.hit), .sparkline, width: 6),
    ]
  }

  /// `94.2%`, without the blank that tables have.
  func percentText(_ share: Double) -> String {
    FigureFormat.compactPercent(share)
  }
}

extension SourceColour {
  /// Themes speak in roles, so each colour is the role that has it everywhere.
  var role: StyleRole {
    switch self {
    case .red: .critical
    case .orange: .miss
    case .yellow: .warn
    case .green: .good
    case .blue: .hit
    case .grey: .muted
    }
  }
}
