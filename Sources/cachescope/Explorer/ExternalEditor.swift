import Explorer
import SystemIO

/// The person's own editor, on a file that only they can read, in a folder of its own that only they
/// can enter.
///
/// A final newline that the editor added is taken off; bytes that came back as they were count as
/// unchanged; an editor that fails changes nothing. The file is overwritten and the folder gone
/// afterwards.
struct ExternalEditor {
  /// Values that come back larger than this are refused.
  private static let limit = 64 << 20

  func edit(_ task: EditorTask) -> EditorOutcome {
    do throws(RuntimeFolderError) {
      let folder = try EditFolder.make()
      let outcome = edit(task, in: folder.path)
      _ = consume folder
      return outcome
    } catch {
      return .failed(error.sentence)
    }
  }

  private func edit(_ task: EditorTask, in folder: String) -> EditorOutcome {
    let path = "\(folder)/value\(task.suffix)"
    let editor = EditorCommand(folder: folder)
    do throws(Errno) {
      try FileBytes.writeOwnerOnly(path: path, task.bytes)
      let status = try ChildProcess.runInForeground(
        shellCommand: editor.shellCommand, argument: path, environment: editor.environment)
      guard status == 0 else { return .failed(editor.failure(status: status)) }
      return outcome(of: try FileBytes.read(path: path, limit: Self.limit), before: task.bytes)
    } catch {
      return .failed("\(editor.name): \(error.text)")
    }
  }

  private func outcome(of bytes: [UInt8], before: [UInt8]) -> EditorOutcome {
    if bytes == before { return .unchanged }
    guard bytes.last == 0x0A, before.last != 0x0A else { return .changed(bytes) }
    let trimmed = Array(bytes.dropLast())
    return trimmed == before ? .unchanged : .changed(trimmed)
  }
}
