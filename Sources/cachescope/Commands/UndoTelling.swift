import CacheModel
import Plans
import TerminalCanvas
import ValueDecoding

/// What came of taking a change back, or would come of it.
struct UndoTelling {
  private let entry: JournalEntry
  private let choice: UndoChoice
  private let output: CommandOutput

  init(_ entry: JournalEntry, _ choice: UndoChoice, _ output: CommandOutput) {
    self.entry = entry
    self.choice = choice
    self.output = output
  }

  // MARK: Afterwards

  func tell(_ report: TakingBack) {
    if output.isJSON {
      output.line(json(report))
    } else {
      let keys = FigureFormat.grouped(report.restored)
      output.line(
        "took back \(TextSanitizer.listText(entry.header.title)): "
          + "\(keys) of \(report.tried.counted("key"))")
    }
    if report.expired > 0 {
      output.note(
        "\(report.expired.counted("key")) would have expired by now, not revived: "
          + UndoWords.names(report.expiredKeys, of: report.expired))
    }
    if report.changedMeanwhile > 0 { output.tell(CommandFailure(.conflict, newer(report))) }
    if report.otherSource > 0 {
      output.tell(
        CommandFailure(
          .refused,
          "of another server: \(report.otherSource.counted("key")), left as found"
            + (choice.isOfRestarted
              ? ""
              : "; where it is the same one restarted: cachescope undo --restarted "
                + "\(entry.id.number)")))
    }
    if let failure = report.failures.reasons.first {
      output.tell(CommandFailure(failure.error))
    }
  }

  private func newer(_ report: TakingBack) -> String {
    let names = UndoWords.names(report.newerKeys, of: report.changedMeanwhile)
    let keys = report.changedMeanwhile.counted("key")
    guard choice.isOfRestarted else {
      let value = report.changedMeanwhile == 1 ? "the older value" : "the older values"
      return "\(keys) written since, left as found: \(names); "
        + "cachescope undo \(entry.id.number) --overwrite puts \(value) back all the same"
    }
    return "\(keys) not as the change left \(report.changedMeanwhile == 1 ? "it" : "them"), left "
      + "as found: \(names)"
  }

  private func json(_ report: TakingBack) -> String {
    var writer = JSONWriter()
    writer.beginObject()
    writer.write("id", entry.id.number)
    writer.key("title")
    writer.string(entry.header.title)
    writer.write("restored", Int64(report.restored))
    writer.write("expired", Int64(report.expired))
    writer.write("changed_since", Int64(report.changedMeanwhile))
    writer.write("failed", Int64(report.failures.count))
    writer.endObject()
    return writer.text
  }

  // MARK: Before

  func tell(_ foreseen: Foreseen, at entry: JournalEntry) {
    guard !output.isJSON else { return output.line(json(foreseen)) }
    output.line(
      "would take back \(UndoWords.of(entry, overwriting: choice.isOverwriting))")
    for line in lines(foreseen) { output.line("  " + line) }
  }

  private func lines(_ foreseen: Foreseen) -> [String] {
    var lines: [String] = []
    if foreseen.newer > 0 {
      let keys = foreseen.newer.counted("key")
      let names = UndoWords.names(foreseen.newerKeys, of: foreseen.newer)
      if choice.isOverwriting {
        lines.append("overwrites what was written since: \(keys): \(names)")
      } else if choice.isOfRestarted {
        lines.append("leaves what is not as the change left it: \(keys): \(names)")
      } else {
        lines.append(
          "leaves what was written since: \(keys): \(names); --overwrite puts the older values back"
        )
      }
    }
    if foreseen.expired > 0 {
      lines.append(
        "does not revive what would have expired by now: \(foreseen.expired.counted("key")): "
          + UndoWords.names(foreseen.expiredKeys, of: foreseen.expired))
    }
    if foreseen.otherSource > 0 {
      lines.append("leaves what is of another server: \(foreseen.otherSource.counted("key"))")
    }
    return lines
  }

  private func json(_ foreseen: Foreseen) -> String {
    var writer = JSONWriter()
    writer.beginObject()
    writer.write("id", entry.id.number)
    writer.key("title")
    writer.string(entry.header.title)
    writer.write("would_restore", Int64(foreseen.restored))
    writer.write("would_overwrite", Int64(choice.isOverwriting ? foreseen.newer : 0))
    writer.write("expired", Int64(foreseen.expired))
    writer.write("changed_since", Int64(foreseen.newer))
    writer.endObject()
    return writer.text
  }
}
