import SystemIO

/// A shell command whose standard input and output are a connection, such as `ssh -W cache:6379 gate`.
/// It runs in a session of its own without a terminal, so that it can ask nobody anything; the last
/// line that it wrote to standard error is kept for the reason of an end.
// Unchecked: it belongs to a stream, and is touched on the loop's thread alone.
final class Tunnel: @unchecked Sendable {
  private let loop: EventLoop
  private let process: Int32
  private var connection: OwnedDescriptor?
  private let errors: OwnedDescriptor
  private var watch: Watch?
  private var told: [UInt8] = []

  private static let mostTold = 1 << 10

  init(_ command: String, on loop: EventLoop) throws(Errno) {
    self.loop = loop
    let pair = try OwnedDescriptor.socketPair()
    let pipe = try OwnedDescriptor.pipe(nonBlocking: false)
    process = try ChildProcess.startTunnel(
      command, connection: pair.farEnd, errors: pipe.writeEnd)
    connection = pair.takenNearEnd()
    errors = pipe.takenReadEnd()
    watch = try loop.watch(errors.raw, .readable) { _ in self.readErrors() }
  }

  /// The near end of the connection; nil when it was taken already.
  func takeConnection() -> OwnedDescriptor? {
    connection.take()
  }

  /// The last line of standard error that is not empty.
  var lastWords: String {
    readErrors()
    let lines = String(decoding: told, as: UTF8.self).split(whereSeparator: \.isNewline)
    let last = lines.last { line in line.contains { !$0.isWhitespace } }
    return last.map { String($0.prefix(200)) } ?? ""
  }

  /// Ends the command and everything that it started. Does not wait.
  func end() {
    stopReading()
    let process = process
    do throws(Errno) {
      try SystemThread.start(name: "tunnel") { ChildProcess.endSession(process) }
    } catch {
      // The end of its input is left to end it.
    }
  }

  private func stopReading() {
    if let watch { loop.unwatch(watch) }
    watch = nil
  }

  /// Takes what there is without waiting, and keeps the end of it.
  private func readErrors() {
    var room = [UInt8](repeating: 0, count: 4096)
    while watch != nil, WakeDescriptor.wait(on: errors.raw, milliseconds: 0) {
      var transfer = Transfer.ended
      room.withUnsafeMutableBytes { room in
        do throws(Errno) { transfer = try errors.read(into: room) } catch {}
      }
      guard case .bytes(let count) = transfer else { return stopReading() }
      told = Array((told + room[..<count]).suffix(Self.mostTold))
    }
  }
}
