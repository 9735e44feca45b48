import CacheModel

/// `stats`: the figures once, or again and again.
struct StatsCommand: ScriptCommand {
  private let interval: Int?
  private let count: Int
  private let isPrometheus: Bool

  enum Format: String, CaseIterable {
    case prometheus
  }

  init(_ line: ParsedCommandLine) throws(UsageError) {
    interval = try line.milliseconds(.watch, in: 100...86_400_000)
    let count = try line.optionalNumber(.count, in: 1...1_000_000_000)
    if count != nil, interval == nil {
      throw UsageError("--count needs --watch; for example --watch 1 --count 60", command: .stats)
    }
    isPrometheus = try line.choice(.format, Format.self) == .prometheus
    if isPrometheus, interval != nil || line.has(.json) {
      throw UsageError(
        "--format prometheus gives one picture: leave --watch and --json out", command: .stats)
    }
    self.count = count ?? (interval == nil ? 1 : .max)
  }

  func run(_ session: ScriptSession) async throws(CommandFailure) {
    if isPrometheus {
      let now = try await session.ask { backend throws(BackendError) in
        try await backend.statistics()
      }
      return session.output.bytes(Array(StatsPrometheus.text(now, of: session.source).utf8))
    }
    let listing = StatsListing(session.output, isRepeated: interval != nil)
    var earlier: CacheStatistics?
    for round in 0..<count {
      if round > 0 { try await pause() }
      let now = try await session.ask { backend throws(BackendError) in
        try await backend.statistics()
      }
      listing.add(StatsLine(now, since: earlier))
      earlier = now
    }
  }

  private func pause() async throws(CommandFailure) {
    do {
      try await Task.sleep(for: .milliseconds(interval ?? 0))
    } catch {
      throw CommandFailure(.io, "interrupted")
    }
  }
}
