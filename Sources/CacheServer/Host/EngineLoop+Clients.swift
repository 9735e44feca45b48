import RESP
import SystemIO
import Transport

/// The server's side of the loop: connections come, are read, answered and ended.
///
/// A client that does not take its replies is neither answered nor read on while more than
/// `heldBytes` wait for it, so that its backlog stays at that and one reply; a subscriber, whose
/// messages cannot wait, is cut at `pushBufferLimit`, as redis-server does.
extension EngineLoop {
  func accept(from box: EngineListeners.Box, token: UInt64) {
    for _ in 0..<64 {
      do throws(Errno) {
        guard let descriptor = try box.listener.accept() else { return }
        try welcome(descriptor, at: box.listener.endpoint)
      } catch {
        return pauseListeners()
      }
    }
  }

  private func welcome(
    _ descriptor: consuming OwnedDescriptor, at endpoint: Endpoint
  ) throws(Errno) {
    guard clients.count < configuration.maxClients else {
      engine.counters.rejectedConnections += 1
      let words = Array("-ERR max number of clients reached\r\n".utf8)
      _ = try? words.withUnsafeBytes { bytes throws(Errno) in try descriptor.send(bytes) }
      return
    }
    let local = endpoint.description
    let peer = SocketAddress.peer(of: descriptor)?.parts
    let session = engine.openSession(
      address: peer.map { Endpoint.tcp(host: $0.host, port: $0.port).description } ?? local + ":0",
      localAddress: local, isInProcess: false)
    let client = SocketClient(descriptor, session: session, token: newToken())
    session.push = { [weak self, weak client] value in
      guard let self, let client else { return }
      client.append(value)
      guard client.unsentBytes <= self.configuration.pushBufferLimit else {
        return self.cut(client)
      }
      self.unflushed.insert(client.token)
    }
    session.deliver = { [weak self, weak client] reply in
      guard let self, let client else { return }
      client.append(reply: reply)
      self.unflushed.insert(client.token)
      self.resumed.insert(client.token)
    }
    session.cut = { [weak self, weak client] in
      if let self, let client { self.drop(client) }
    }
    clients[client.token] = client
    figures.connected = clients.count
    try poller.add(client.descriptor.raw, .readable, token: client.token)
  }

  func serve(_ client: SocketClient, _ readiness: Readiness) {
    if readiness.writable {
      flush(client)
      guard clients[client.token] != nil else { return }
      answer(client)
    }
    guard clients[client.token] != nil else { return }
    if readiness.readable || readiness.hungUp { receive(from: client) }
    guard clients[client.token] != nil else { return }
    flush(client)
  }

  private func receive(from client: SocketClient) {
    do throws(Errno) {
      switch try client.descriptor.receive(into: room) {
      case .bytes(let count):
        engine.counters.bytesIn += Int64(count)
        guard !client.session.isClosing else { return }
        client.parser.append(
          contentsOf: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(room)[..<count]))
        answer(client)
      case .wouldBlock: return
      case .ended: drop(client)
      }
    } catch {
      drop(client)
    }
  }

  private static let heldBytes = 4 << 20

  /// Carries out every whole command that has arrived, until the client has to take its replies.
  private func answer(_ client: SocketClient) {
    do throws(RESPProtocolError) {
      while !client.session.isClosing, client.session.waiting == nil,
        client.unsentBytes <= Self.heldBytes, let command = try client.parser.next()
      {
        guard !isFromBrowser(command) else { return drop(client) }
        let reply = engine.execute(command.arguments, for: client.session)
        if client.session.waiting == nil { client.append(reply: reply) }
        engine.sendInvalidations()
        client.parser.isAuthenticated = client.session.isAuthenticated
        guard staysInBounds(client) else { return }
      }
    } catch {
      client.append(.error("ERR " + error.message))
      client.session.isClosing = true
    }
    client.session.queryBytes = client.parser.bufferedBytes
    if client.parser.bufferedBytes > configuration.queryBufferLimit { drop(client) }
  }

  /// A web page can make a browser send a request here whose body is commands; its first lines
  /// give it away.
  private func isFromBrowser(_ command: RESPCommand) -> Bool {
    let word = command.arguments.first ?? []
    guard word.count >= 4, word.count < 300 else { return false }
    let verb = command.verb
    return verb == "POST" || verb.hasPrefix("HOST:")
  }

  /// Cuts a client that does not take its replies.
  private func staysInBounds(_ client: SocketClient) -> Bool {
    if client.replies.count > 1 << 20 { flush(client) }
    guard clients[client.token] != nil else { return false }
    guard client.unsentBytes > configuration.replyBufferLimit else { return true }
    cut(client)
    return false
  }

  private func cut(_ client: SocketClient) {
    engine.counters.slowReaders += 1
    drop(client)
  }

  /// Goes on with what clients sent while one of their commands waited.
  func answerResumed() {
    while let token = resumed.popFirst() {
      if let client = clients[token] { answer(client) }
    }
  }

  func flushAll() {
    while let token = unflushed.popFirst() {
      guard let client = clients[token] else { continue }
      if staysInBounds(client) { flush(client) }
    }
  }

  func flush(_ client: SocketClient) {
    do throws(Errno) {
      engine.counters.bytesOut += Int64(try client.flush())
      let isDone = client.unsentBytes == 0
      if isDone, client.session.isClosing { return drop(client) }
      let isHeld = client.unsentBytes > Self.heldBytes
      let interest: Interest = isDone ? .readable : isHeld ? .writable : [.readable, .writable]
      guard interest != client.interest else { return }
      try poller.change(client.descriptor.raw, interest, token: client.token)
      client.interest = interest
    } catch {
      drop(client)
    }
  }

  func drop(_ client: SocketClient) {
    guard clients.removeValue(forKey: client.token) != nil else { return }
    try? poller.remove(client.descriptor.raw)
    engine.close(client.session)
    figures.connected = clients.count
  }
}
