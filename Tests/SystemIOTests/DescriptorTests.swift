import Glibc
import SystemIO
import Testing

@Suite struct DescriptorTests {
  @Test func closesWhenItsOwnerGoes() throws {
    let (number, inode) = try openAndForget()
    // Another test may have been given the number meanwhile, but not this pipe.
    var status = stat()
    #expect(fstat(number, &status) == -1 || status.st_ino != inode)
  }

  private func openAndForget() throws -> (CInt, ino_t) {
    let pipe = try OwnedDescriptor.pipe(nonBlocking: true)
    #expect(fcntl(pipe.readEnd.raw, F_GETFD) == FD_CLOEXEC)
    var status = stat()
    #expect(fstat(pipe.readEnd.raw, &status) == 0)
    return (pipe.readEnd.raw, status.st_ino)
  }

  @Test func tellsBytesNothingAndTheEndApart() throws {
    let pipe = try OwnedDescriptor.pipe(nonBlocking: true)
    var room = [UInt8](repeating: 0, count: 8)
    #expect(try room.withUnsafeMutableBytes { try pipe.readEnd.read(into: $0) } == .wouldBlock)
    let message: [UInt8] = [0, 255, 10]
    #expect(try message.withUnsafeBytes { try pipe.writeEnd.write($0) } == .bytes(3))
    #expect(try room.withUnsafeMutableBytes { try pipe.readEnd.read(into: $0) } == .bytes(3))
    #expect(Array(room[..<3]) == message)
    try closeWriter(of: pipe)
  }

  private func closeWriter(of pipe: consuming Pipe) throws {
    let reader = OwnedDescriptor(owning: dup(pipe.readEnd.raw))
    _ = consume pipe
    var room = [UInt8](repeating: 0, count: 8)
    #expect(try room.withUnsafeMutableBytes { try reader.read(into: $0) } == .ended)
  }

  @Test func pollerTellsTheTokenOfWhatIsReady() throws {
    let poller = try Poller()
    let wake = try WakeDescriptor()
    try poller.add(wake.raw, .readable, token: 7)
    #expect(try poller.wait(milliseconds: 0) { _ in } == 0)
    wake.wake()
    wake.wake()
    var tokens: [UInt64] = []
    try poller.wait(milliseconds: 1000) { tokens.append($0.token) }
    #expect(tokens == [7])
    wake.drain()
    #expect(try poller.wait(milliseconds: 0) { _ in } == 0)
  }

  @Test func errnoSpeaks() {
    #expect(Errno(ECONNREFUSED).text == "Connection refused")
    #expect(Errno.last.code == errno)
  }

  @Test func fileIsForItsOwnerAlone() throws {
    let path = "/tmp/cachescope-test-\(getpid())-\(UInt32.random(in: .min ... .max))"
    defer { unlink(path) }
    let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0) }
    try FileBytes.writeOwnerOnly(path: path, bytes)
    var status = stat()
    #expect(stat(path, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
    #expect(try FileBytes.read(path: path, limit: 200_000) == bytes)
    #expect(throws: Errno.exists) { try FileBytes.writeOwnerOnly(path: path, [1]) }
    #expect(throws: Errno.tooLarge) { try FileBytes.read(path: path, limit: 199_999) }
    try FileBytes.writeOwnerOnly(path: path, [1], replacing: true)
    #expect(try FileBytes.read(path: path, limit: 10) == [1])
    #expect(throws: Errno.notFound) { try FileBytes.read(path: path + "x", limit: 1) }
  }

  @Test func localTimeComesBack() throws {
    for seconds in stride(from: Int64(0), to: 4_000_000_000, by: 86_400 * 13 + 4567) {
      let local = LocalTime(epochMilliseconds: seconds * 1000 + 999)
      let back = try #require(local.epochMilliseconds)
      // A time that occurs twice, at the end of summer time, may come back an hour off.
      #expect(abs(back - seconds * 1000) <= 3_600_000)
    }
    #expect(LocalTime(year: 2026, month: 2, day: 30).epochMilliseconds == nil)
    #expect(LocalTime(year: 2026, month: 1, day: 1, hour: 24).epochMilliseconds == nil)
    #expect(LocalTime(year: 2024, month: 2, day: 29).epochMilliseconds != nil)
    #expect(LocalTime(epochMilliseconds: -1).year <= 1970)
  }
}
