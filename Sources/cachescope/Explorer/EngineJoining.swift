import CacheModel
import Glibc
import SystemIO

/// Makes sure that the built-in engine runs when the explorer is to open it.
///
/// One that runs already for this user is joined; otherwise `cachescope serve` is started in a
/// session of its own, so that neither the end nor the suspension of the explorer stops an
/// application's cache.
enum EngineJoining {
  /// Milliseconds for an engine to say that it is ready.
  private static let patience = 5_000

  /// For another kind of source does nothing. Answers how an application connects, for the screen.
  static func join(_ address: SourceAddress) throws(CommandFailure) -> String {
    guard case .engine(let name) = address.place else { return "" }
    let path = try socketPath(name)
    if (try? StreamSocket.connect(toPath: path)) == nil { try start(name) }
    return "applications connect to unix://\(path)"
  }

  private static func socketPath(_ name: String) throws(CommandFailure) -> String {
    do throws(RuntimeFolderError) {
      return try RuntimeFolder.open().engineSocket(named: name)
    } catch {
      throw CommandFailure(.connection, error.sentence)
    }
  }

  private static func start(_ name: String) throws(CommandFailure) {
    do throws(Errno) {
      let pipe = try OwnedDescriptor.pipe(nonBlocking: false)
      let arguments = ["/proc/self/exe", "serve", "-u", "engine:\(name)"]
      _ = try ChildProcess.startDetached(arguments, output: pipe.writeEnd)
      guard WakeDescriptor.wait(on: pipe.readEnd.raw, milliseconds: patience) else {
        throw Errno(ETIMEDOUT)
      }
    } catch {
      throw CommandFailure(
        .connection,
        "the built-in engine does not start: \(error.text); cachescope serve says more")
    }
  }
}
