import Glibc

extension ChildProcess {
  /// Why a command gave no output that counts.
  package enum OutputError: Error, Sendable, Hashable {
    case cannotStart(Errno)
    /// 128 and the signal's number when one ended it.
    case failed(status: Int32)
    case tooLate
    case tooMuch
  }

  /// What a shell command writes to standard output until it ends with status 0. It runs in a session
  /// of its own without a terminal, and everything in it is killed when the time is over. Waits: call
  /// it on a thread of its own.
  package static func output(
    ofShellCommand command: String, limitMilliseconds: Int64, sizeLimit: Int
  ) throws(OutputError) -> [UInt8] {
    let deadline = SystemClock.monotonicMilliseconds + limitMilliseconds
    var pid: Int32 = 0
    let pipe = try start(command, &pid)
    do throws(OutputError) {
      let bytes = try readAll(from: pipe, until: deadline, sizeLimit: sizeLimit)
      let status = try wait(for: pid, until: deadline)
      guard status == 0 else { throw .failed(status: status) }
      return bytes
    } catch {
      if case .failed = error { throw error }
      kill(-pid, SIGKILL)
      waitpid(pid, nil, 0)
      throw error
    }
  }

  /// Answers what the command's output can be read from.
  private static func start(
    _ command: String, _ pid: inout Int32
  ) throws(OutputError) -> OwnedDescriptor {
    do throws(Errno) {
      let pipe = try OwnedDescriptor.pipe(nonBlocking: false)
      pid = try startDetached("/bin/sh", ["sh", "-c", command], output: pipe.writeEnd)
      return pipe.takenReadEnd()
    } catch {
      throw .cannotStart(error)
    }
  }

  private static func readAll(
    from pipe: borrowing OwnedDescriptor, until deadline: Int64, sizeLimit: Int
  ) throws(OutputError) -> [UInt8] {
    var bytes: [UInt8] = []
    var room = [UInt8](repeating: 0, count: 4096)
    while true {
      let left = deadline - SystemClock.monotonicMilliseconds
      guard left > 0, WakeDescriptor.wait(on: pipe.raw, milliseconds: Int(left)) else {
        throw .tooLate
      }
      let number = pipe.raw
      let count = room.withUnsafeMutableBytes { read(number, $0.baseAddress, $0.count) }
      guard count > 0 else { return bytes }
      bytes += room[..<count]
      guard bytes.count <= sizeLimit else { throw .tooMuch }
    }
  }

  /// The exit status. Output has ended, so this is a matter of moments as a rule.
  private static func wait(for pid: Int32, until deadline: Int64) throws(OutputError) -> Int32 {
    var status: CInt = 0
    while true {
      let answer = waitpid(pid, &status, WNOHANG)
      if answer == pid { return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F }
      guard answer == 0, SystemClock.monotonicMilliseconds < deadline else { throw .tooLate }
      poll(nil, 0, 2)
    }
  }
}
