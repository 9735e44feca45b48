import RESP

/// Drives the demo's workload over a channel until the task is cancelled or the channel closes.
enum DemoRunner {
  /// Milliseconds between two batches: rare enough to cost little, often enough to look steady.
  private static let pace = Duration.milliseconds(30)

  /// Fills the cache and then works on it; `clock` tells milliseconds since 1970.
  static func run(
    seed: UInt64, over channel: any RESPChannel, clock: @escaping @Sendable () -> Int64
  ) async {
    var workload = DemoWorkload(seed: seed, start: clock())
    do {
      _ = try await channel.send(workload.filling())
      while !Task.isCancelled {
        let commands = workload.batch(at: clock())
        let replies = try await channel.send(commands)
        _ = try await channel.send(workload.observe(replies))
        try await Task.sleep(for: pace)
      }
    } catch {
      // The engine stopped or the demo was cancelled: either way there is nothing left to do.
    }
  }
}
