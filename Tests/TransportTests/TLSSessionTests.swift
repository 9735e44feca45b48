import TestSupport
import Testing
import Transport

/// Sessions without a server: what leaves before anybody has proved who it is, and bytes of strangers.
@Suite(.timeLimit(.minutes(5))) struct TLSSessionTests {
  private func session(_ name: String = "localhost") throws -> TLSSession {
    var settings = TLSSettings(name: name)
    settings.authorityFile = try TestCertificates.shared().authority
    return try TLSSession(TLSContext(settings))
  }

  private func holds(_ bytes: [UInt8], _ text: String) -> Bool {
    String(decoding: bytes, as: UTF8.self).contains(text)
  }

  @Test func nothingOfTheOwnersLeavesBeforeTheAgreement() throws {
    let session = try session()
    #expect(session.send(Array("AUTH geheim".utf8)).isEmpty)
    #expect(session.takeOutput().isEmpty)
    #expect(session.begin().isEmpty)
    let hello = session.takeOutput()
    // A handshake record, with the name asked for.
    #expect(hello.first == 0x16 && holds(hello, "localhost") && !holds(hello, "geheim"))
    #expect(session.send(Array("AUTH geheim".utf8)).isEmpty)
    #expect(session.takeOutput().isEmpty)
  }

  @Test(arguments: [
    "-ERR unknown command\r\n", "HTTP/1.1 400 Bad Request\r\n", "\0", "220 mail\r\n",
  ])
  func whatSpeaksNoTLSIsTold(_ answer: String) throws {
    let session = try session()
    _ = session.begin()
    _ = session.takeOutput()
    #expect(session.receive(Array(answer.utf8)) == [.failed(.notTLS)])
    #expect(session.receive(Array(answer.utf8)).isEmpty)
    #expect(session.send([1, 2, 3]).isEmpty)
    #expect(session.takeOutput().isEmpty)
  }

  /// The alerts that a server may answer the first words with, as records of TLS.
  @Test(arguments: [
    (UInt8(40), TLSError.agreementRefused), (70, .noCommonVersion), (116, .certificateWanted),
    (48, .certificateRefused(words: "unknown authority")),
    (80, .broken(words: "the server's alert 80")),
  ])
  func alertsAreUnderstood(_ alert: UInt8, _ error: TLSError) throws {
    let session = try session()
    _ = session.begin()
    // Byte by byte: a record may come in any portions.
    var events: [TLSSession.Event] = []
    for byte in [0x15, 3, 3, 0, 2, 2, alert] { events += session.receive([byte]) }
    #expect(events == [.failed(error)])
  }

  @Test func randomBytesEndASessionAndNothingElse() throws {
    var generator = SeededRandom(seed: 20_261_122)
    for round in 0..<300 {
      let session = try session()
      _ = session.begin()
      var bytes = (0..<Int.random(in: 1...400, using: &generator)).map { _ in
        UInt8.random(in: 0...255, using: &generator)
      }
      bytes.replaceSubrange(0..<1, with: [round % 2 == 0 ? 0x16 : 0x15])
      if bytes.count > 5 { bytes.replaceSubrange(1..<4, with: [3, 3, 0]) }
      let events = session.receive(bytes)
      for event in events {
        guard case .failed = event else {
          Issue.record("\(event)")
          continue
        }
      }
    }
  }

  @Test(arguments: ["", "a\0b", String(repeating: "a", count: 70_000)])
  func whatCannotBeANameIsRefused(_ name: String) {
    #expect(throws: TLSError.wrongName(name)) { try session(name) }
  }

  @Test(arguments: ["127.0.0.1", "::1", "fe80::1%eth0"])
  func addressesAreNotAskedForByName(_ address: String) throws {
    let session = try session(address)
    _ = session.begin()
    #expect(!holds(session.takeOutput(), String(address.prefix(4))))
  }
}
