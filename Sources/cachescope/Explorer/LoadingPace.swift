import CacheModel
import Plans

/// Loading takes its share of the server's time, as plans do: all of it while nobody else is at work,
/// three hundredths beside many others or when answers take longer (a third of what a plan takes: on
/// the server's own machine, what is done with the answers takes more than the server does). One pace for everything that is asked of
/// keys which are not in view, whatever walks or questions are under way at the same time.
actor LoadingPace {
  private let world: PlanRun.Surroundings
  private var pace = Pace(leastShare: 0.03)
  /// When the next piece of work may begin, in microseconds.
  private var freeAt: Int64 = 0
  private var isLooking = false

  init(of backend: any CacheBackend) {
    world = PlanRun.Surroundings(of: backend)
  }

  /// Does a piece of work when its time has come.
  func work<Outcome: Sendable>(
    _ body: @Sendable @concurrent () async -> Outcome
  ) async -> Outcome {
    await lookIfDue()
    while freeAt > world.now() { await world.rest(freeAt - world.now()) }
    let began = world.now()
    let outcome = await body()
    let now = world.now()
    freeAt = max(freeAt, now) + pace.pause(afterWorking: now - began)
    return outcome
  }

  private func lookIfDue() async {
    guard pace.wantsSample(at: world.now()), !isLooking else { return }
    isLooking = true
    defer { isLooking = false }
    if let sample = await world.look() { pace.observe(sample) }
  }
}
