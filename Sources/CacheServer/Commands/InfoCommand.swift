import CacheEngine
import RESP
import SystemIO

// The command INFO, with Redis' names for sections and fields.
extension CommandTable {
  private static let sections:
    [(name: String, isDefault: Bool, fields: @Sendable (CommandCall) -> [(String, String)])] = [
      ("Server", true, serverFields), ("Clients", true, clientFields),
      ("Memory", true, memoryFields), ("Stats", true, statisticsFields),
      ("Replication", true, replicationFields), ("CPU", true, processorFields),
      ("Commandstats", false, commandFields), ("Tags", true, tagFields),
      ("Keyspace", true, keyspaceFields),
    ]

  static func information(_ call: CommandCall) throws(RESPError) -> RESPValue {
    let wanted = Set(
      call.arguments.dropFirst().map { String(decoding: $0, as: UTF8.self).lowercased() })
    let takesAll = !wanted.isDisjoint(with: ["all", "everything"])
    let takesDefault = wanted.isEmpty || wanted.contains("default")
    let chosen = sections.filter {
      takesAll || takesDefault && $0.isDefault || wanted.contains($0.name.lowercased())
    }
    let text = chosen.map { section in
      let lines = section.fields(call).map { "\($0):\($1)\r\n" }
      return "# \(section.name)\r\n" + lines.joined()
    }
    return .verbatim(format: Array("txt".utf8), text: Array(text.joined(separator: "\r\n").utf8))
  }

  private static func serverFields(_ call: CommandCall) -> [(String, String)] {
    let uptime = max(0, call.now - call.engine.startedAt) / 1000
    return [
      ("redis_version", ServerIdentity.emulatedVersion), ("redis_mode", "standalone"),
      ("server_name", ServerIdentity.name), ("cachescope_version", ServerIdentity.version),
      ("os", "Linux"), ("arch_bits", "64"), ("multiplexing_api", "epoll"),
      ("process_id", String(ProcessFigures.identifier)), ("run_id", call.engine.runID),
      ("tcp_port", String(call.engine.settings.tcpPort)),
      ("server_time_usec", String(call.now * 1000)), ("uptime_in_seconds", String(uptime)),
      ("uptime_in_days", String(uptime / 86_400)), ("hz", "10"),
    ]
  }

  private static func clientFields(_ call: CommandCall) -> [(String, String)] {
    let sessions = call.engine.sessions.values
    return [
      ("connected_clients", String(sessions.count { !$0.isInProcess })),
      ("cluster_connections", "0"), ("maxclients", String(call.engine.settings.maxClients)),
      ("client_recent_max_input_buffer", String(sessions.map(\.queryBytes).max() ?? 0)),
      ("client_recent_max_output_buffer", String(sessions.map(\.replyBytes).max() ?? 0)),
      ("tracking_clients", String(call.engine.trackers.count)),
      ("blocked_clients", String(call.engine.waiting.count)),
    ]
  }

  private static func memoryFields(_ call: CommandCall) -> [(String, String)] {
    let used = call.engine.keyspace.usedMemory
    let bound = call.engine.keyspace.memoryBound ?? 0
    return [
      ("used_memory", String(used)), ("used_memory_human", readable(used)),
      ("used_memory_rss", String(ProcessFigures.residentBytes)),
      ("used_memory_dataset", String(used)), ("maxmemory", String(bound)),
      ("maxmemory_human", readable(bound)),
      ("maxmemory_policy", call.engine.keyspace.policy.rawValue),
    ]
  }

  private static func statisticsFields(_ call: CommandCall) -> [(String, String)] {
    let counters = call.engine.counters
    let keyspace = call.engine.keyspace.statistics
    return [
      ("total_connections_received", String(counters.connections)),
      ("total_commands_processed", String(counters.commands)),
      ("instantaneous_ops_per_sec", String(counters.commandsPerSecond(at: call.now))),
      ("total_net_input_bytes", String(counters.bytesIn)),
      ("total_net_output_bytes", String(counters.bytesOut)),
      ("rejected_connections", String(counters.rejectedConnections)),
      ("expired_keys", String(keyspace.expired)), ("expired_stale_perc", "0.00"),
      ("evicted_keys", String(keyspace.evicted)), ("keyspace_hits", String(keyspace.hits)),
      ("keyspace_misses", String(keyspace.misses)),
      ("pubsub_channels", String(call.engine.channelListeners.count)),
      ("pubsub_patterns", String(call.engine.patternListeners.count)),
      ("client_output_buffer_limit_disconnections", String(counters.slowReaders)),
      ("tracking_total_keys", String(call.engine.readers.count)),
      ("total_error_replies", String(counters.errors)),
    ]
  }

  private static func replicationFields(_ call: CommandCall) -> [(String, String)] {
    [
      ("role", "master"), ("connected_slaves", "0"), ("master_replid", call.engine.runID),
      ("master_repl_offset", "0"),
    ]
  }

  private static func processorFields(_ call: CommandCall) -> [(String, String)] {
    let (user, system) = ProcessFigures.processorMicroseconds
    return [("used_cpu_sys", seconds(system)), ("used_cpu_user", seconds(user))]
  }

  private static func commandFields(_ call: CommandCall) -> [(String, String)] {
    call.engine.counters.byCommand.sorted { $0.key < $1.key }.map { name, figures in
      let mean = figures.microseconds * 100 / max(1, figures.calls)
      return (
        "cmdstat_\(name)",
        "calls=\(figures.calls),usec=\(figures.microseconds),usec_per_call=\(hundredths(mean)),"
          + "rejected_calls=0,failed_calls=\(figures.failures)"
      )
    }
  }

  private static func tagFields(_ call: CommandCall) -> [(String, String)] {
    let keyspace = call.engine.keyspace
    let counts = (0..<keyspace.databaseCount).map(keyspace.tagCounts)
    return [
      ("tags", String(counts.reduce(0) { $0 + $1.tags })),
      ("tagged_keys", String(counts.reduce(0) { $0 + $1.keys })),
      ("tag_memberships", String(counts.reduce(0) { $0 + $1.pairs })),
    ]
  }

  private static func keyspaceFields(_ call: CommandCall) -> [(String, String)] {
    call.engine.keyspace.expireDue(at: call.now, limit: 1000)
    let keyspace = call.engine.keyspace
    return (0..<keyspace.databaseCount).filter { keyspace.count(in: $0) > 0 }.map { index in
      (
        "db\(index)",
        "keys=\(keyspace.count(in: index)),expires=\(keyspace.countWithDeadline(in: index)),"
          + "avg_ttl=\(keyspace.meanTimeLeft(in: index, at: call.now))"
      )
    }
  }

  private static func seconds(_ microseconds: Int64) -> String {
    let fraction = String(microseconds % 1_000_000)
    return "\(microseconds / 1_000_000)."
      + String(repeating: "0", count: 6 - fraction.utf8.count) + fraction
  }

  private static func hundredths(_ value: Int64) -> String {
    "\(value / 100).\(value % 100 < 10 ? "0" : "")\(value % 100)"
  }

  /// As Redis writes byte counts: `1.50M`.
  private static func readable(_ bytes: Int) -> String {
    let units: [(Int, String)] = [(1 << 40, "T"), (1 << 30, "G"), (1 << 20, "M"), (1 << 10, "K")]
    guard let (size, letter) = units.first(where: { bytes >= $0.0 }) else { return "\(bytes)B" }
    // The product needs more than 64 bits for the largest bounds.
    return hundredths(Int64(clamping: Int128(bytes) * 100 / Int128(size))) + letter
  }
}
