import CacheModel
import TerminalCanvas
import ValueDecoding

/// Writes figures: a block of names and values for one moment, a line each when they are repeated,
/// or JSON.
struct StatsListing {
  private let output: CommandOutput
  private let isRepeated: Bool

  init(_ output: CommandOutput, isRepeated: Bool) {
    self.output = output
    self.isRepeated = isRepeated
    if isRepeated, !output.isJSON { output.line(Self.head) }
  }

  func add(_ line: StatsLine) {
    if output.isJSON {
      output.line(StatsJSON.object(line))
    } else if isRepeated {
      output.line(Self.row(line))
    } else {
      for (name, value) in Self.block(line) {
        output.line(name + String(repeating: " ", count: max(1, 16 - name.count)) + value)
      }
    }
    output.flush()
  }

  // MARK: One moment

  private static func block(_ line: StatsLine) -> [(String, String)] {
    let now = line.now
    let rows: [(String, String?)] = [
      ("hits", now.hits.map(grouped)), ("misses", now.misses.map(grouped)),
      ("hit ratio", ratio(line)), ("keys", now.keys.map(grouped)),
      ("used memory", now.usedMemory.map(bytes)),
      ("max memory", now.maxMemory.map { $0.map(bytes) ?? "none" }),
      ("policy", now.evictionPolicy.map { TextSanitizer.listText($0) }),
      ("evicted", now.evicted.map(grouped)), ("expired", now.expired.map(grouped)),
      ("clients", now.clients.map(grouped)), ("commands", now.commands.map(grouped)),
      ("received", now.networkIn.map { bytes(ByteCount($0)) }),
      ("sent", now.networkOut.map { bytes(ByteCount($0)) }),
      ("round trip", roundTrip(now)),
    ]
    return rows.compactMap { row in row.1.map { (row.0, $0) } } + nodes(of: now.cluster)
  }

  private static func nodes(of cluster: ClusterState?) -> [(String, String)] {
    guard let cluster else { return [] }
    let head = "\(cluster.servingWell) of \(cluster.serving.count) primaries serve"
    let open = cluster.openSlots > 0 ? ", \(cluster.openSlots.counted("slot")) without a node" : ""
    return [("cluster", head + open)]
      + cluster.nodes.map { node in
        let parts: [String?] = [
          TextSanitizer.listText(Array(node.address.utf8)), node.isPrimary ? "primary" : "replica",
          node.health.word, node.slots.map { $0.counted("slot") },
          node.keys.map { $0.counted("key") }, node.usedMemory.map(bytes),
        ]
        return ("node", parts.compactMap { $0 }.joined(separator: " · "))
      }
  }

  private static func ratio(_ line: StatsLine) -> String? {
    guard line.now.hits != nil, line.now.misses != nil else { return nil }
    return line.hitRatio.map(FigureFormat.percent) ?? "no lookups"
  }

  // MARK: Line by line

  private static let columns = [
    ("TIME", 12), ("HITS/S", 8), ("MISSES/S", 9), ("RATIO", 8), ("OPS/S", 7), ("MEMORY", 8),
    ("KEYS", 8), ("EVICT/S", 8), ("EXPIRE/S", 9), ("CLIENTS", 8), ("RTT", 8),
  ]

  private static var head: String { aligned(columns.map(\.0)) }

  private static func row(_ line: StatsLine) -> String {
    let now = line.now
    return aligned([
      String(UTCTime(now.time).text.dropFirst(11).prefix(12)),
      rate(line.rate(\.hits)), rate(line.rate(\.misses)),
      line.hitRatio.map(FigureFormat.percent) ?? "–",
      rate(line.rate(\.commands)), now.usedMemory.map(bytes) ?? "–",
      now.keys.map { FigureFormat.count(Double($0)) } ?? "–",
      rate(line.rate(\.evicted)), rate(line.rate(\.expired)),
      now.clients.map { FigureFormat.count(Double($0)) } ?? "–", roundTrip(now) ?? "–",
    ])
  }

  private static func aligned(_ cells: [String]) -> String {
    zip(cells, columns).map { cell, column in
      String(repeating: " ", count: max(0, column.1 - cell.count)) + cell
    }.joined(separator: " ")
  }

  private static func rate(_ rate: Double?) -> String {
    rate.map(FigureFormat.rate) ?? "–"
  }

  private static func grouped(_ number: Int64) -> String {
    FigureFormat.grouped(Int(number))
  }

  private static func bytes(_ count: ByteCount) -> String {
    FigureFormat.bytes(UInt64(max(0, count.bytes)))
  }

  private static func roundTrip(_ now: CacheStatistics) -> String? {
    now.roundTripMicroseconds.map { FigureFormat.latency(milliseconds: Double($0) / 1000) }
  }
}
