import Glibc

/// The three streams that a program is started with. They may be anything: a terminal, a pipe, a
/// file, closed.
package enum StandardStream: CInt, Sendable {
  case input = 0
  case output = 1
  case error = 2

  package var isTerminal: Bool { isatty(rawValue) == 1 }

  /// Writes all bytes, waiting as long as it takes. A reader that has gone ends the program by
  /// SIGPIPE unless that is ignored.
  package func write(_ bytes: [UInt8]) throws(Errno) {
    let number = rawValue
    var written = 0
    while written < bytes.count {
      let start = written
      do throws(Errno) {
        written += try systemCall {
          bytes.withUnsafeBytes {
            Glibc.write(number, $0.baseAddress?.advanced(by: start), $0.count - start)
          }
        }
      } catch .wouldBlock {
        _ = try waitUntilReady(POLLOUT)
      } catch {
        throw error
      }
    }
  }

  /// Everything up to the end. More than `limit` bytes is `.tooLarge`.
  package func readAll(limit: Int) throws(Errno) -> [UInt8] {
    var bytes: [UInt8] = []
    var room = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = try readSome(&room)
      guard count > 0 else { return bytes }
      bytes.append(contentsOf: room[..<count])
      guard bytes.count <= limit else { throw .tooLarge }
    }
  }

  /// One line without its end, of at most 4 KiB; nil when the stream ends before any byte.
  package func readLine() throws(Errno) -> [UInt8]? {
    var line: [UInt8] = []
    var byte: [UInt8] = [0]
    while line.count < 4096 {
      guard try readSome(&byte) > 0 else { return line.isEmpty ? nil : line }
      if byte[0] == 0x0A { break }
      line.append(byte[0])
    }
    return line
  }

  /// What is there, waiting for at least a byte; 0 at the end.
  func readSome(_ room: inout [UInt8]) throws(Errno) -> Int {
    let number = rawValue
    while true {
      do throws(Errno) {
        return try systemCall {
          room.withUnsafeMutableBytes { Glibc.read(number, $0.baseAddress, $0.count) }
        }
      } catch .wouldBlock {
        _ = try waitUntilReady(POLLIN)
      } catch {
        throw error
      }
    }
  }

  /// Waits on a stream that somebody else has made non-blocking.
  private func waitUntilReady(_ events: CInt) throws(Errno) -> CInt {
    var ready = pollfd(fd: rawValue, events: Int16(events), revents: 0)
    return try systemCall { poll(&ready, 1, -1) }
  }
}
