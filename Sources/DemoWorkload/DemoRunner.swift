package import RESP

/// Drives the demo's workload over a channel.
package enum DemoRunner {
  /// Milliseconds between two batches: rare enough to cost little, often enough to look steady.
  private static let pace = Duration.milliseconds(30)

  /// A cache that has been in use for a while, so that the first screen is full.
  package static func fill(
    seed: UInt64, over channel: any RESPChannel, start: Int64
  ) async -> DemoWorkload {
    var workload = DemoWorkload(seed: seed, start: start)
    _ = try? await channel.send(workload.filling())
    return workload
  }

  /// Works on the cache until the task is cancelled or the channel closes; `clock` tells
  /// milliseconds since 1970.
  package static func run(
    _ filled: DemoWorkload, over channel: any RESPChannel,
    clock: @escaping @Sendable () -> Int64
  ) async {
    var workload = filled
    do {
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
