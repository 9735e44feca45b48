import CacheModel
import ValueDecoding

/// A line of figures as JSON. What the source does not tell is left out; on a first line, what
/// needs an interval is null.
enum StatsJSON {
  static func object(_ line: StatsLine) -> String {
    let now = line.now
    var writer = JSONWriter()
    writer.beginObject()
    writer.key("time")
    writer.string(UTCTime(now.time).text)
    writeRounded("interval_s", line.interval, to: &writer)
    writer.write("hits", now.hits)
    writer.write("misses", now.misses)
    if now.hits != nil { write("hits_delta", line.growth(\.hits), to: &writer) }
    if now.misses != nil { write("misses_delta", line.growth(\.misses), to: &writer) }
    if now.hits != nil, now.misses != nil { write("hit_ratio", line.hitRatio, to: &writer) }
    if now.commands != nil { writeRounded("ops_per_s", line.rate(\.commands), to: &writer) }
    writer.write("used_memory", now.usedMemory?.bytes)
    if let bound = now.maxMemory { write("max_memory", bound?.bytes, to: &writer) }
    writer.write("keys", now.keys)
    if now.evicted != nil { writeRounded("evicted_per_s", line.rate(\.evicted), to: &writer) }
    if now.expired != nil { writeRounded("expired_per_s", line.rate(\.expired), to: &writer) }
    writer.write("clients", now.clients)
    if now.networkIn != nil { writeRounded("net_in_per_s", line.rate(\.networkIn), to: &writer) }
    if now.networkOut != nil { writeRounded("net_out_per_s", line.rate(\.networkOut), to: &writer) }
    if let roundTrip = now.roundTripMicroseconds {
      writeRounded("rtt_ms", Double(roundTrip) / 1000, to: &writer)
    }
    if let cluster = now.cluster { write(cluster, to: &writer) }
    writer.endObject()
    return writer.text
  }

  /// The nodes of a cluster, with their own counters since each was started.
  private static func write(_ cluster: ClusterState, to writer: inout JSONWriter) {
    writer.write("open_slots", Int64(cluster.openSlots))
    writer.key("nodes")
    writer.beginArray()
    for node in cluster.nodes {
      writer.beginObject()
      writer.key("id")
      writer.string(node.id)
      writer.key("address")
      writer.string(node.address)
      writer.key("role")
      writer.string(node.isPrimary ? "primary" : "replica")
      writer.key("state")
      writer.string(node.health.word)
      writer.write("slots", node.slots.map(Int64.init))
      writer.write("keys", node.keys)
      writer.write("used_memory", node.usedMemory?.bytes)
      if let bound = node.maxMemory { write("max_memory", bound?.bytes, to: &writer) }
      writer.write("hits", node.hits)
      writer.write("misses", node.misses)
      writer.endObject()
    }
    writer.endArray()
  }

  /// Seconds, milliseconds and rates with three decimals.
  private static func writeRounded(
    _ name: String, _ figure: Double?, to writer: inout JSONWriter
  ) {
    write(name, figure.map { ($0 * 1000).rounded() / 1000 }, to: &writer)
  }

  private static func write(_ name: String, _ figure: Double?, to writer: inout JSONWriter) {
    writer.key(name)
    if let figure { writer.double(figure) } else { writer.null() }
  }

  private static func write(_ name: String, _ figure: Int64?, to writer: inout JSONWriter) {
    writer.key(name)
    if let figure { writer.integer(figure) } else { writer.null() }
  }
}
