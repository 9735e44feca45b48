/// The part of an `EventLoop` that belongs to its thread: the poller, the handlers, the timers.
final class EventLoopCore {
  private let poller: Poller
  private let wakeUp: WakeDescriptor
  private var handlers: [UInt64: @Sendable (Readiness) -> Void] = [:]
  private var nextToken: UInt64 = 1
  var timers = TimerQueue()

  private static let wakeToken: UInt64 = 0

  init(wakeUp: WakeDescriptor) throws(Errno) {
    self.wakeUp = wakeUp
    poller = try Poller()
    try poller.add(wakeUp.raw, .readable, token: Self.wakeToken)
  }

  func watch(
    _ descriptor: CInt, _ interest: Interest, _ handler: @escaping @Sendable (Readiness) -> Void
  ) throws(Errno) -> Watch {
    let token = nextToken
    nextToken += 1
    try poller.add(descriptor, interest, token: token)
    handlers[token] = handler
    return Watch(token: token, descriptor: descriptor)
  }

  func change(_ watch: Watch, to interest: Interest) throws(Errno) {
    try poller.change(watch.descriptor, interest, token: watch.token)
  }

  func unwatch(_ watch: Watch) {
    guard handlers.removeValue(forKey: watch.token) != nil else { return }
    try? poller.remove(watch.descriptor)
  }

  /// Waits for events, at most until the next timer, then calls what is due.
  func turn(mayWait: Bool) {
    let limit = mayWait ? timers.milliseconds(from: SystemClock.monotonicMilliseconds) : 0
    var events: [Readiness] = []
    // A failure of the wait itself (a broken epoll descriptor) leaves nothing to be told.
    _ = try? poller.wait(milliseconds: limit) { events.append($0) }
    for event in events { deliver(event) }
    for handler in timers.due(at: SystemClock.monotonicMilliseconds) { handler() }
  }

  private func deliver(_ event: Readiness) {
    guard event.token != Self.wakeToken else { return wakeUp.drain() }
    handlers[event.token]?(event)
  }
}
