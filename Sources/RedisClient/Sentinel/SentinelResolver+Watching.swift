import RESP
import SystemIO
package import Transport

/// Noticing that the primary is another one, also when the connection to the old one lives on.
extension SentinelResolver {
  /// Calls `switched` on the loop's thread with where the primary is, whenever that has changed.
  package func watch(_ switched: @escaping @Sendable (Endpoint) -> Void) {
    self.switched = switched
  }

  /// From now on this sentinel is listened to.
  func listen(to connection: Connection, of place: Int) {
    guard !isClosed, watched?.connection !== connection else { return }
    let former = watched?.connection
    watched = (place, connection)
    // The answer is a push, and no reply that is waited for.
    connection.assumeIsolated { $0.subscribe(RESPCommand("SUBSCRIBE", "+switch-master")) }
    if let former { Task { await former.close() } }
    guard !isWatching else { return }
    isWatching = true
    lookLater()
  }

  private func lookLater() {
    guard !isClosed else { return }
    loop.schedule(afterMilliseconds: configuration.watchInterval) { [weak self] in
      self?.assumeIsolated { $0.beginLook() }
    }
  }

  private func beginLook() {
    Task {
      await self.look()
      self.lookLater()
    }
  }

  /// Asks the sentinel that is listened to, or another one when that has gone.
  private func look() async {
    guard !isClosed else { return }
    guard let watched, await watched.connection.isReady else { return await lookElsewhere() }
    do throws(ChannelError) {
      let answer = SentinelAnswer(try await watched.connection.send(question))
      guard case .primary(let primary) = answer else { return await leave(watched.place) }
      compare(primary)
    } catch {
      await leave(watched.place)
    }
  }

  private func leave(_ place: Int) async {
    putLast(place)
    let last = watched
    watched = nil
    await last?.connection.close()
    await lookElsewhere()
  }

  private func lookElsewhere() async {
    if case .success(let found) = await find() { compare(found.endpoint) }
  }

  /// One answer that differs may come of a sentinel that is behind; the second is believed.
  private func compare(_ primary: Endpoint) {
    guard let confirmed, primary != confirmed else {
      doubt = nil
      return
    }
    guard doubt == primary else {
      doubt = primary
      return
    }
    adopt(primary)
  }

  /// A message that a sentinel sent by itself.
  func heard(_ push: RESPValue) {
    guard let primary = SentinelAnswer.switched(push, of: configuration.group) else { return }
    adopt(primary)
  }

  private func adopt(_ primary: Endpoint) {
    doubt = nil
    switched(primary)
  }
}
