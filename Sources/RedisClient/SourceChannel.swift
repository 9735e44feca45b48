package import RESP

/// A channel to a source behind sockets, whatever stands there: one server, the primary that
/// sentinels name, a cluster. It keeps the rules of `RESPChannel` and reconnects by itself.
///
/// Beside commands it has what the program needs of a connection: what it is doing, what it has cost
/// the source, an end to the pause before the next try, and connections whose pushes are listened to
/// (`PushSource`). `status` and `counters` may be asked from any thread at any time. A conforming
/// type tells a change of its status to the closure that it was made with.
package protocol SourceChannel: RESPChannel, PushSource {
  /// Commands and bytes on all connections of this channel, to all servers behind it.
  nonisolated var counters: ChannelCounters { get }

  /// What the connection is doing that carries `send`; of several, what the best of them does.
  nonisolated var status: ConnectionStatus { get }

  /// Ends the pauses before the next tries: connects at once where there is no connection.
  func reconnect() async
}

extension SocketChannel: SourceChannel {}
