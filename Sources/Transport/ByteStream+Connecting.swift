import SystemIO

extension ByteStream {
  func resolved(_ result: Result<[SocketAddress], TransportError>) {
    guard phase == .connecting else { return }
    switch result {
    case .success(let found):
      addresses = found
      connectToNext(after: Errno.invalid)
    case .failure(let error):
      end(error.reason)
    }
  }

  private func connectToNext(after failure: Errno) {
    guard !addresses.isEmpty else { return end(failure.text) }
    let address = addresses.removeFirst()
    do throws(Errno) {
      let attempt = try StreamSocket.connect(to: address)
      let waits = attempt.inProgress
      try adopt(attempt.taken(), waitForOpening: waits)
    } catch {
      connectToNext(after: error)
    }
  }

  func connect(toPath path: String) {
    guard phase == .connecting else { return }
    do throws(Errno) {
      try adopt(try StreamSocket.connect(toPath: path).taken(), waitForOpening: false)
    } catch {
      end(error.text)
    }
  }

  func connect(by command: String) {
    guard phase == .connecting else { return }
    do throws(Errno) {
      let tunnel = try Tunnel(command, on: loop)
      self.tunnel = tunnel
      guard let connection = tunnel.takeConnection() else { return }
      try adopt(connection, waitForOpening: false)
    } catch {
      end(error.text)
    }
  }

  private func adopt(
    _ descriptor: consuming OwnedDescriptor, waitForOpening: Bool
  ) throws(Errno) {
    let link = Link(descriptor)
    link.watch = try loop.watch(link.descriptor.raw, waitForOpening ? .writable : .readable) {
      self.ready($0)
    }
    self.link = link
    if !waitForOpening { open() }
  }

  func finishConnecting() {
    guard let link else { return }
    guard let failure = StreamSocket.pendingError(of: link.descriptor) else { return open() }
    if let watch = link.watch { loop.unwatch(watch) }
    self.link = nil
    connectToNext(after: failure)
  }

  private func open() {
    guard let tls else {
      phase = .open
      tell(.opened)
      return flush()
    }
    do throws(TLSError) {
      let session = try TLSSession(tls)
      self.session = session
      phase = .securing
      tell(.securing)
      take(session.begin() + session.send(earlyBytes))
      earlyBytes = []
    } catch {
      end(error)
    }
  }
}
