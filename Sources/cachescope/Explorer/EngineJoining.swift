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

  /// The engine's own address, ready to be pasted into an application, and a line that says so. The
  /// address of another kind of source comes back as it is.
  static func join(
    _ address: SourceAddress
  ) throws(CommandFailure) -> (address: SourceAddress, hint: String) {
    guard case .engine(let name) = address.place else { return (address, "") }
    let path = try socketPath(name)
    if (try? StreamSocket.connect(toPath: path)) == nil { try start(name) }
    var place = address
    place.place = .unix(path: path)
    return (place, "applications connect to \(place)")
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
