import SystemIO

extension ByteStream {
  func ready(_ readiness: Readiness) {
    switch phase {
    case .connecting:
      finishConnecting()
    case .securing, .open:
      // What the other side said last is read before a write finds out that it has gone.
      if readiness.readable || readiness.hungUp { receive() }
      if readiness.writable { flush() }
    case .closed:
      break
    }
  }

  /// Reads a bounded amount, so that one stream does not starve the others.
  private func receive() {
    for _ in 0..<4 {
      guard phase == .open || phase == .securing, let link else { return }
      do throws(Errno) {
        switch try link.descriptor.receive(into: room) {
        case .bytes(let count): received(Array(room[..<count]))
        case .wouldBlock: return
        case .ended: return end(reasonOfEnd)
        }
      } catch {
        return end(error.text)
      }
    }
  }

  private func received(_ bytes: [UInt8]) {
    guard let session else { return tell(.received(bytes)) }
    take(session.receive(bytes))
  }

  /// With TLS an orderly end is told inside of it: one without may be the work of somebody else.
  private var reasonOfEnd: String {
    if phase == .securing { return "the server closed the connection before TLS was agreed on" }
    return session == nil
      ? "the server closed the connection" : "the connection was cut off, not closed by the server"
  }

  /// Does what a session says, and sends what it has to send.
  func take(_ events: [TLSSession.Event]) {
    sendOutput()
    for event in events {
      guard phase != .closed else { return }
      switch event {
      case .secured:
        phase = .open
        tell(.opened)
      case .received(let bytes): tell(.received(bytes))
      case .ended: end("the server closed the connection")
      case .failed(let error): end(error)
      }
    }
  }

  private func sendOutput() {
    guard phase != .closed, let session else { return }
    let bytes = session.takeOutput()
    guard !bytes.isEmpty else { return }
    outgoing.append(bytes)
    flush()
  }

  func flush() {
    guard phase == .open || phase == .securing, let link, let watch = link.watch else { return }
    do throws(Errno) {
      let isEmpty = try outgoing.drain(to: link.descriptor)
      let interest: Interest = isEmpty ? .readable : [.readable, .writable]
      guard interest != link.interest else { return }
      try loop.change(watch, to: interest)
      link.interest = interest
    } catch {
      endAfterReading(error)
    }
  }

  /// Nothing more can be written; what the other side said before it went is still to be read.
  private func endAfterReading(_ error: Errno) {
    guard !isEnding else { return }
    isEnding = true
    receive()
    end(error.text)
  }
}
