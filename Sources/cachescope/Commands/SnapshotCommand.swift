import CacheModel
import ExplorerUI
import TerminalCanvas

/// What `snapshot` paints.
struct SnapshotOptions: Sendable {
  enum Format: String, Sendable, CaseIterable {
    case text, ansi
  }

  var explorer: ExplorerOptions
  var columns: Int
  var rows: Int
  /// The keys to press, in their order.
  var keys: [Key]
  /// How long to let things happen before the keys and before the picture.
  var waitMilliseconds: Int
  var format: Format
  /// Whether the keys may change the source; without it the explorer is read-only.
  var isWriteAllowed: Bool

  init(_ line: ParsedCommandLine) throws(UsageError) {
    explorer = try ExplorerOptions(line)
    (columns, rows) = try Self.size(line)
    keys = try Self.keys(line)
    waitMilliseconds = try line.milliseconds(.wait, in: 0...3_600_000) ?? 1000
    format = try line.choice(.format, Format.self) ?? .text
    isWriteAllowed = line.has(.write)
    if isWriteAllowed, explorer.readOnly {
      throw UsageError("give either --write or --read-only", command: .snapshot)
    }
    if !isWriteAllowed {
      explorer.readOnly = true
      explorer.isReadOnlyForced = true
    }
  }

  private static func size(_ line: ParsedCommandLine) throws(UsageError) -> (Int, Int) {
    guard let text = line.value(.size) else { return (80, 24) }
    let sides = text.split(separator: "x", omittingEmptySubsequences: false).map { side in
      side.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } && side.utf8.count < 5 ? Int(side) : nil
    }
    guard sides.count == 2, let columns = sides[0], let rows = sides[1],
      (1...1000).contains(columns), (1...1000).contains(rows)
    else { throw UsageError(.size, text, "is not COLUMNSxROWS", command: .snapshot) }
    let least = Rendering.minimumSize
    guard columns >= least.columns, rows >= least.rows else {
      throw UsageError(.size, text, "is too small: the least is \(least)", command: .snapshot)
    }
    return (columns, rows)
  }

  private static func keys(_ line: ParsedCommandLine) throws(UsageError) -> [Key] {
    do throws(KeySpellingError) {
      return try Key.sequence(line.value(.keys) ?? "")
    } catch {
      throw UsageError("--keys: \(error.sentence)", command: .snapshot)
    }
  }
}

/// Paints the explorer off screen and prints it; answers the exit status.
func runSnapshot(_ options: SnapshotOptions) -> Int32 {
  let output = CommandOutput(isJSON: false)
  do throws(CommandFailure) {
    var explorer = options.explorer
    explorer.source.address = try explorer.questions.answered(for: explorer.source.address)
    let session = try ExplorerSession(explorer)
    let device = ScriptedDevice(
      size: ScreenSize(columns: options.columns, rows: options.rows), keys: options.keys,
      finalWait: Int64(options.waitMilliseconds), theme: explorer.theme)
    let status = session.run(on: device)
    switch options.format {
    case .text: output.bytes(Array((device.frame.text() + "\n").utf8))
    case .ansi:
      let theme = device.theme ?? .dark
      output.bytes(Array((device.frame.ansi(theme: theme, depth: .indexed256) + "\n").utf8))
    }
    output.flush()
    return status == 0 ? output.exitStatus : status
  } catch {
    output.tell(error)
    return output.exitStatus
  }
}
