import CLinux
import Glibc

/// Other programs, started without a thread of ours running in between.
package enum ChildProcess {
  /// Runs a shell command in the foreground and waits for it; `argument` is its `$0`, so no byte of
  /// it is read by the shell. It gets this environment alone. Answers the exit status, or 128 and
  /// the number of the signal that ended it.
  package static func runInForeground(
    shellCommand: String, argument: String, environment: [(name: String, value: String)]
  ) throws(Errno) -> Int32 {
    let environment = environment.map { "\($0.name)=\($0.value)" }
    let status = withCStrings(["/bin/sh", "-c", shellCommand, argument]) { arguments in
      withCStrings(environment) { cl_run_in_foreground(arguments, $0) }
    }
    guard status >= 0 else { throw Errno.last }
    return status
  }

  /// Starts a program by its path in a session of its own: closing our terminal does not end it. The
  /// first of the arguments is the name under which it is listed. What it writes to standard output
  /// can be read from the pipe. Answers its process id.
  package static func startDetached(
    _ path: String, _ arguments: [String], output: borrowing OwnedDescriptor
  ) throws(Errno) -> Int32 {
    let descriptor = output.raw
    let pid = withCStrings(arguments) { cl_start_detached(path, $0, descriptor) }
    guard pid > 0 else { throw Errno.last }
    return pid
  }

  /// Starts a shell command whose standard input and output are both `connection`, in a session of
  /// its own without a terminal. Answers its process id, which is that of the session too.
  package static func startTunnel(
    _ command: String, connection: borrowing OwnedDescriptor, errors: borrowing OwnedDescriptor
  ) throws(Errno) -> Int32 {
    let (near, told) = (connection.raw, errors.raw)
    let pid = withCStrings(["sh", "-c", command]) { cl_start_tunnel("/bin/sh", $0, near, told) }
    guard pid > 0 else { throw Errno.last }
    return pid
  }
}

/// An array of C strings that ends with NULL, for as long as `body` runs. Pointers, because that is
/// the form in which `exec` takes arguments.
private func withCStrings<Result>(
  _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
  let pointers = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(
    capacity: strings.count + 1)
  for (place, string) in strings.enumerated() { pointers[place] = strdup(string) }
  pointers[strings.count] = nil
  defer {
    for place in strings.indices { free(pointers[place]) }
    pointers.deallocate()
  }
  return body(pointers)
}
