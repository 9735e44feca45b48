import CacheEngine
import CacheServer
import DemoWorkload
import SystemIO

/// A fresh engine in this process with a simulated web application at work on it. Nothing of it is
/// left behind.
final class DemoSession: Sendable {
  private let host: EngineHost
  private let work: Task<Void, Never>
  let channel: InProcessChannel

  private static let memoryBound = 8 << 20

  /// `seed` nil takes another course each time.
  init(seed: UInt64?) throws(CommandFailure) {
    var configuration = EngineConfiguration()
    configuration.maxMemory = Self.memoryBound
    configuration.policy = .allKeysLRU
    do throws(EngineStartError) {
      host = try EngineHost(configuration: configuration)
      try host.start()
    } catch {
      throw CommandFailure(.io, error.sentence)
    }
    channel = host.channel()
    let seed = seed ?? UInt64.random(in: 0...(.max))
    let traffic = host.channel()
    let looking = channel
    let filled: DemoWorkload
    do throws(Errno) {
      filled = try BlockingRun.wait {
        // An engine that has just started answers; one that does not is told by the first question.
        try? await looking.leaveRecency()
        return await DemoRunner.fill(seed: seed, over: traffic, start: SystemClock.wallMilliseconds)
      }
    } catch {
      throw CommandFailure(.io, error.text)
    }
    work = Task.detached {
      await DemoRunner.run(filled, over: traffic) { SystemClock.wallMilliseconds }
    }
  }

  func stop() async {
    work.cancel()
    await host.stop()
  }
}
