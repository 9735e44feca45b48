import CacheModel

/// The figures in Prometheus' text exposition format, under the names that redis_exporter gives them
/// where they mean the same. What the source does not tell is left out.
enum StatsPrometheus {
  /// `source` names it in labels.
  static func text(_ now: CacheStatistics, of source: SourceDescription) -> String {
    let database = "db=\(quoted("db\(source.database)"))"
    let start = [
      "redis_version=\(quoted(source.version))", "role=\(quoted(source.role))",
      "product=\(quoted(source.product))",
    ]
    let seconds = now.roundTripMicroseconds.map { Double($0) / 1_000_000 }
    let families: [Family?] = [
      Family("redis_up", .gauge, "Whether the source answered.", 1),
      Family(
        "redis_instance_info", .gauge, "What the source is.", 1, start.joined(separator: ",")),
      Family("redis_uptime_in_seconds", .gauge, "Since its start.", now.uptimeSeconds),
      Family("redis_connected_clients", .gauge, "Clients connected.", now.clients),
      Family("redis_memory_used_bytes", .gauge, "Memory in use.", now.usedMemory?.bytes),
      Family(
        "redis_memory_max_bytes", .gauge, "The bound on memory, 0 without one.",
        now.maxMemory.map { $0?.bytes ?? 0 }),
      Family(
        "redis_keyspace_hits_total", .counter, "Lookups that found a key, less cachescope's own.",
        now.hits),
      Family(
        "redis_keyspace_misses_total", .counter,
        "Lookups that found none, less cachescope's own.", now.misses),
      Family("redis_commands_processed_total", .counter, "Commands.", now.commands),
      Family("redis_expired_keys_total", .counter, "Keys that expired.", now.expired),
      Family("redis_evicted_keys_total", .counter, "Keys that gave way to others.", now.evicted),
      Family("redis_net_input_bytes_total", .counter, "Bytes received.", now.networkIn),
      Family("redis_net_output_bytes_total", .counter, "Bytes sent.", now.networkOut),
      Family("redis_db_keys", .gauge, "Keys of the database.", now.keys, database),
      Family(
        "redis_db_keys_expiring", .gauge, "Keys of the database with a TTL.", now.keysWithTTL,
        database),
      Family(
        "redis_memory_used_rss_bytes", .gauge, "Memory that the process holds.",
        now[.residentMemory]),
      Family("redis_blocked_clients", .gauge, "Clients that wait.", now[.blockedClients]),
      Family(
        "redis_connections_received_total", .counter, "Clients that have connected.",
        now[.connections]),
      Family(
        "redis_rejected_connections_total", .counter, "Clients that were turned away.",
        now[.rejectedConnections]),
      Family(
        "redis_expired_time_cap_reached_total", .counter,
        "How often removing expired keys took too long.", now[.expiryTimeouts]),
      seconds.map {
        Family(
          name: "cachescope_round_trip_seconds", kind: .gauge,
          help: "How long the source took to tell its figures.", value: $0.description)
      },
    ]
    return (families.compactMap { $0?.text } + commands(now.byCommand)).joined()
  }

  /// What single commands have cost since the server's start.
  private static func commands(_ commands: [CommandFigures]) -> [String] {
    let all = commands.sorted { $0.name < $1.name }
    let families: [(String, String, (CommandFigures) -> String?)] = [
      ("redis_commands_total", "Calls, less cachescope's own.", { String($0.calls) }),
      (
        "redis_commands_duration_seconds_total", "Time spent.",
        { (Double($0.microseconds) / 1_000_000).description }
      ),
      (
        "redis_commands_failed_calls_total", "Calls that failed or were refused.",
        { $0.failures.map { String($0) } }
      ),
    ]
    return families.compactMap { name, help, figure in
      let samples = all.compactMap { command in
        figure(command).map { "\(name){cmd=\(quoted(command.name))} \($0)\n" }
      }
      guard !samples.isEmpty else { return nil }
      return "# HELP \(name) \(help)\n# TYPE \(name) counter\n" + samples.joined()
    }
  }

  private enum Kind: String {
    case counter, gauge
  }

  /// One metric with one sample.
  private struct Family {
    var name: String
    var kind: Kind
    var help: String
    var value: String
    var labels = ""

    init(name: String, kind: Kind, help: String, value: String) {
      self.name = name
      self.kind = kind
      self.help = help
      self.value = value
    }

    /// Nil for a figure that is not told.
    init?(_ name: String, _ kind: Kind, _ help: String, _ value: Int64?, _ labels: String = "") {
      guard let value else { return nil }
      self.init(name: name, kind: kind, help: help, value: String(value))
      self.labels = labels
    }

    var text: String {
      let sample = labels.isEmpty ? name : "\(name){\(labels)}"
      return "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n\(sample) \(value)\n"
    }
  }

  /// The value of a label; backslash, quote and line end are escaped in it.
  private static func quoted(_ text: String) -> String {
    let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      .replacing("\n", with: "\\n")
    return "\"\(escaped)\""
  }
}
