import Explorer
import SystemIO

/// The person's own editor, on a file that only they can read, in a folder of its own that only they
/// can enter.
///
/// A final newline that the editor added is taken off; bytes that came back as they were count as
/// unchanged; an editor that fails changes nothing. The folder is gone afterwards.
struct ExternalEditor {
  /// Values that come back larger than this are refused.
  private static let limit = 64 << 20

  func edit(_ task: EditorTask) -> EditorOutcome {
    do throws(RuntimeFolderError) {
      let folder = try EditFolder()
      defer { folder.remove() }
      return edit(task, at: "\(folder.path)/value\(task.suffix)")
    } catch {
      return .failed(error.sentence)
    }
  }

  private func edit(_ task: EditorTask, at path: String) -> EditorOutcome {
    do throws(Errno) {
      try FileBytes.writeOwnerOnly(path: path, task.bytes)
      let status = try ChildProcess.runInForeground(
        shellCommand: "\(editor) \"$0\"", argument: path, without: Self.secrets)
      guard status == 0 else { return .failed("\(editor) ended with status \(status)") }
      return outcome(of: try FileBytes.read(path: path, limit: Self.limit), before: task.bytes)
    } catch {
      return .failed("\(editor): \(error.text)")
    }
  }

  private func outcome(of bytes: [UInt8], before: [UInt8]) -> EditorOutcome {
    if bytes == before { return .unchanged }
    guard bytes.last == 0x0A, before.last != 0x0A else { return .changed(bytes) }
    let trimmed = Array(bytes.dropLast())
    return trimmed == before ? .unchanged : .changed(trimmed)
  }

  private var editor: String {
    for name in ["VISUAL", "EDITOR"] {
      if let value = EnvironmentVariable.value(of: name), !value.isEmpty { return value }
    }
    return "vi"
  }

  /// Variables that the editor must not see.
  private static let secrets = ["REDISCLI_AUTH", "CACHESCOPE_URL", "REDIS_URL"]
}
