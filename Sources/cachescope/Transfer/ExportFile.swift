import CacheModel
import EntryExport
import SystemIO

/// The file that an export is written to: a new one, a stream, or one that was not finished.
struct ExportFile {
  private let path: String
  private let file: GrowingFile
  private var known: KnownExport

  var entryCount: Int { known.entryCount }
  /// Its last line is there already.
  var isFinished: Bool { known.isFinished }
  /// Nothing is in it yet.
  var isNew: Bool { known.isEmpty }

  private static let longestLine = 1 << 30

  static func open(
    _ path: String, resuming: Bool
  ) async throws(CommandFailure) -> ExportFile {
    let known = resuming ? try await read(path) : KnownExport()
    do throws(Errno) {
      let file =
        resuming
        ? try GrowingFile(reopening: path, at: known.end)
        : path == "-" ? GrowingFile() : try GrowingFile(creating: path)
      return ExportFile(path: path, file: file, known: known)
    } catch .exists {
      throw CommandFailure(
        .io, "\(path) exists; name another file, or go on with it by --resume")
    } catch {
      throw CommandFailure(.io, "\(path): \(error.text)")
    }
  }

  /// What the whole lines of a file hold.
  private static func read(_ path: String) async throws(CommandFailure) -> KnownExport {
    var known = KnownExport()
    var number = 0
    do throws(Errno) {
      let lines = try LineSource(path: path, limit: longestLine)
      while case .whole(let line) = try await BlockingCall.run({ () throws(Errno) in
        try lines.next()
      }) {
        number += 1
        guard known.take(line) else { break }
        known.end = lines.endOfLastLine
      }
    } catch {
      throw CommandFailure(.io, "\(path): \(error.text)")
    }
    if let problem = known.problem {
      throw CommandFailure(.io, "\(path), line \(number): \(problem.words); it stays as it is")
    }
    return known
  }

  /// Whether the entry is in it already.
  func holds(_ key: CacheKey) -> Bool { known.holds(key) }

  /// Adds lines.
  mutating func write(_ lines: [ExportLine]) async throws(CommandFailure) {
    guard !lines.isEmpty else { return }
    known.count(lines)
    var text: [UInt8] = []
    for line in lines { text += Array(ExportFormat.text(of: line).utf8) + [0x0A] }
    let (file, bytes) = (file, text)
    try await call { () throws(Errno) in try file.write(bytes) }
  }

  /// Adds the last line, and returns when everything is on the disk.
  mutating func finish(failed: Int) async throws(CommandFailure) {
    try await write([.end(entries: entryCount, failed: failed)])
    let file = file
    try await call { () throws(Errno) in try file.synchronize() }
  }

  private func call(
    _ body: @escaping @Sendable () throws(Errno) -> Void
  ) async throws(CommandFailure) {
    do throws(Errno) {
      try await BlockingCall.run(body)
    } catch {
      // What a stream was given is not known here.
      guard path != "-" else {
        throw CommandFailure(
          .io, "standard output: \(error.text); the export is not whole, and begins anew next time")
      }
      throw CommandFailure(.io, "\(path): \(error.text); --resume goes on once that is mended")
    }
  }
}

/// What is in an export so far.
private struct KnownExport {
  private var keys: Set<KeyFingerprint> = []
  private(set) var entryCount = 0
  private(set) var isFinished = false
  private(set) var isEmpty = true
  private(set) var problem: ExportLineError?
  /// Where its last whole line ends, in bytes.
  var end: Int64 = 0

  func holds(_ key: CacheKey) -> Bool {
    !keys.isEmpty && keys.contains(KeyFingerprint(key))
  }

  /// Takes a line that was there; false when it is none of an export, or after the last one.
  mutating func take(_ line: [UInt8]) -> Bool {
    do throws(ExportLineError) {
      switch (try ExportFormat.read(line), isEmpty) {
      case (.header, true): isEmpty = false
      case (.header, false), (_, true): throw .unknown
      case (.entry(let entry), _):
        entryCount += 1
        keys.insert(KeyFingerprint(entry.key))
      case (.end, _): isFinished = true
      }
      return !isFinished
    } catch {
      problem = error
      return false
    }
  }

  /// Counts lines that were written.
  mutating func count(_ lines: [ExportLine]) {
    isEmpty = false
    for case .entry in lines { entryCount += 1 }
  }
}
