import CacheModel
import SystemIO

/// Makes sure that the built-in engine runs when the explorer is to open it.
///
/// One that runs already for this user is joined; otherwise `cachescope serve` is started in a
/// session of its own, so that neither the end nor the suspension of the explorer stops an
/// application's cache. Explorers that start at the same moment take turns by a lock on a file
/// beside the socket, so that one of them starts the engine and the others join it. The socket of a
/// process that is gone is replaced by the engine itself; what somebody else has put in its place is
/// refused.
struct EngineJoining {
  /// How to open an engine, or another kind of source as it is.
  struct Joined {
    var address: SourceAddress
    /// How an application connects.
    var hint = ""
    /// The process of an engine that was started for this explorer.
    var process: Int32?
  }

  /// Milliseconds for an engine to say that it is ready.
  private static let patience: Int64 = 5_000

  private let name: String
  private let folder: RuntimeFolder
  private let path: String

  /// The engine's own address, ready to be pasted into an application.
  static func join(_ address: SourceAddress) throws(CommandFailure) -> Joined {
    guard case .engine(let name) = address.place else { return Joined(address: address) }
    let joining: EngineJoining
    do throws(RuntimeFolderError) {
      joining = EngineJoining(name: name, folder: try RuntimeFolder.open())
    } catch {
      throw CommandFailure(.connection, error.sentence)
    }
    var place = address
    place.place = .unix(path: joining.path)
    return Joined(
      address: place, hint: "applications connect to \(place)", process: try joining.run())
  }

  private init(name: String, folder: RuntimeFolder) {
    self.name = name
    self.folder = folder
    path = folder.engineSocket(named: name)
  }

  /// The process that was started; nil when one ran already.
  private func run() throws(CommandFailure) -> Int32? {
    try checkPlace()
    if StreamSocket.isAlive(path: path) { return nil }
    let lock: OwnedDescriptor?
    do throws(Errno) {
      lock = try folder.lock(named: name, patienceMilliseconds: Self.patience)
    } catch {
      throw failure(error.text)
    }
    // Somebody else may have started it meanwhile.
    if StreamSocket.isAlive(path: path) { return nil }
    guard lock != nil else { throw failure("another explorer has been starting it for too long") }
    return try start()
  }

  private func checkPlace() throws(CommandFailure) {
    switch StreamSocket.place(path: path) {
    case .nothing, .ownSocket: break
    case .socketOfSomebodyElse:
      throw CommandFailure(
        .connection,
        "the engine's socket \(path) belongs to another user, who could read and answer in its "
          + "place: remove it, or give another engine's name, such as -u engine:mine")
    case .otherFile:
      throw CommandFailure(
        .connection, "\(path) is in the place of the engine's socket and is none: remove it")
    }
  }

  private func start() throws(CommandFailure) -> Int32? {
    do throws(Errno) {
      let pipe = try OwnedDescriptor.pipe(nonBlocking: false)
      let arguments = ["cachescope", "serve", "-u", "engine:\(name)"]
      let process = try ChildProcess.startDetached(
        Self.ownProgram, arguments, output: pipe.writeEnd)
      let output = pipe.takenReadEnd()
      let line = ChildProcess.firstLine(from: output, limitMilliseconds: Self.patience)
      if line?.hasPrefix("ready ") == true { return process }
      ChildProcess.end(process, patienceMilliseconds: 1000)
    } catch {
      throw failure(error.text)
    }
    // A person may have started one by hand at the same moment.
    if StreamSocket.isAlive(path: path) { return nil }
    throw failure("it did not get ready")
  }

  /// The file of this program, so that the engine is listed under its name; the file that was started
  /// where another has taken its place since.
  private static var ownProgram: String {
    let running = "/proc/self/exe"
    return ProgramLookup.file(of: running, path: nil) ?? running
  }

  private func failure(_ reason: String) -> CommandFailure {
    let option = name == SourceAddress.defaultEngineName ? "" : " -u engine:\(name)"
    return CommandFailure(
      .connection,
      "the built-in engine does not start: \(reason); cachescope serve\(option) says more")
  }
}
