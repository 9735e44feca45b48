/// A call that waits in the kernel, made from a task: it runs on a thread of its own, so that no
/// thread of the cooperative pool waits with it. Starting one costs some tens of microseconds.
package enum BlockingCall {
  package static func run<Value: Sendable>(
    _ body: @escaping @Sendable () throws(Errno) -> Value
  ) async throws(Errno) -> Value {
    let result: Result<Value, Errno> = await withCheckedContinuation { continuation in
      do throws(Errno) {
        try SystemThread.start(name: "blocking") {
          continuation.resume(returning: Result { () throws(Errno) in try body() })
        }
      } catch {
        continuation.resume(returning: .failure(error))
      }
    }
    return try result.get()
  }
}
