import Glibc

extension ChildProcess {
  /// The first line that a program writes, without its end; nil when it ends or the time is over
  /// before there is one.
  package static func firstLine(
    from pipe: borrowing OwnedDescriptor, limitMilliseconds: Int64
  ) -> String? {
    let deadline = SystemClock.monotonicMilliseconds + limitMilliseconds
    var line: [UInt8] = []
    let number = pipe.raw
    while line.count < 4096 {
      let left = deadline - SystemClock.monotonicMilliseconds
      guard left > 0, WakeDescriptor.wait(on: number, milliseconds: Int(left)) else { return nil }
      var byte: UInt8 = 0
      guard read(number, &byte, 1) == 1 else { return nil }
      if byte == 0x0A { return String(decoding: line, as: UTF8.self) }
      line.append(byte)
    }
    return nil
  }

  /// Tells a child, or another process of this user, to end by SIGTERM and waits for it, at most so
  /// long.
  package static func end(_ pid: Int32, patienceMilliseconds: Int64) {
    kill(pid, SIGTERM)
    let deadline = SystemClock.monotonicMilliseconds + patienceMilliseconds
    while isRunning(pid), SystemClock.monotonicMilliseconds < deadline {
      poll(nil, 0, 5)
    }
  }

  /// Of a child that has ended this is the last that is heard.
  private static func isRunning(_ pid: Int32) -> Bool {
    let answer = waitpid(pid, nil, WNOHANG)
    if answer == 0 { return true }
    return answer < 0 && errno == ECHILD && kill(pid, 0) == 0
  }

  /// Ends a child that has a session of its own with everything in that session: by SIGTERM, and after
  /// two seconds by SIGKILL. Waits: call it on a thread of its own.
  package static func endSession(_ pid: Int32) {
    kill(-pid, SIGTERM)
    let deadline = SystemClock.monotonicMilliseconds + 2_000
    while isRunning(pid) {
      guard SystemClock.monotonicMilliseconds < deadline else {
        kill(-pid, SIGKILL)
        waitpid(pid, nil, 0)
        return
      }
      poll(nil, 0, 5)
    }
  }

  /// Forgets a child that has ended already.
  package static func reap(_ pid: Int32) {
    waitpid(pid, nil, WNOHANG)
  }
}
