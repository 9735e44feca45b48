import CacheModel
import SystemIO
import ValueDecoding

/// `undo --purge`: forgets what the journal holds of all sources. Nothing is connected.
struct PurgeCommand {
  init(_ line: ParsedCommandLine) throws(UsageError) {
    guard line.arguments.isEmpty, !line.has(.list), !line.has(.all) else {
      throw UsageError(
        "--purge forgets everything and takes nothing back: give it alone",
        command: .undo)
    }
  }

  func run(_ output: CommandOutput) -> Int32 {
    let journal = JournalOnDemand()
    journal.tell { output.note($0) }
    do throws(Errno) {
      let result = try BlockingRun.wait { () async -> Result<Int, KeeperError> in
        do throws(KeeperError) {
          return .success(try await journal.purge(nil))
        } catch {
          return .failure(error)
        }
      }
      tell(result, output)
    } catch {
      output.tell(CommandFailure(.io, error.text))
    }
    return output.exitStatus
  }

  private func tell(_ result: Result<Int, KeeperError>, _ output: CommandOutput) {
    switch result {
    case .failure(let error): output.tell(CommandFailure(error))
    case .success(let count):
      guard output.isJSON else {
        return output.line("forgot \(count.counted("change"))")
      }
      var writer = JSONWriter()
      writer.beginObject()
      writer.write("forgotten", Int64(count))
      writer.endObject()
      output.line(writer.text)
    }
  }
}
