import CacheModel
import Explorer
import Plans
import TerminalCanvas
import ValueDecoding

/// A plan that runs, and what came of it.
extension Rendering {
  private static let unknown = "–"

  func runLines(_ plan: PlanState, _ state: ExplorerState, columns: Int) -> [PlanLine] {
    let run = plan.run
    let percent = percentText(of: run)
    let bar = Bar.squares(run.share, columns: max(0, columns - percent.count - 2))
    var lines = [
      PlanLine(content: .text("\(bar)  \(percent)", Style(.accent)), priority: 0),
      PlanLine(content: .blank, priority: 9),
    ]
    lines += texts(countText(plan), .text, columns: columns, priority: 1)
    lines += texts(speedText(run), .text, columns: columns, priority: 2)
    lines += texts(slownessText(run), Style(.warn), columns: columns, priority: 3)
    return lines
  }

  /// `62 %`, always as wide.
  private func percentText(of run: PlanRunState) -> String {
    let percent = "\(Int(run.share * 100)) %"
    return String(repeating: " ", count: max(0, 5 - percent.count)) + percent
  }

  private func countText(_ plan: PlanState) -> String {
    let handled = plan.run.progress?.handled ?? 0
    return "\(FigureFormat.grouped(handled)) of \(counted(plan.count, "key"))"
  }

  private func speedText(_ run: PlanRunState) -> String {
    if run.isHeld { return "held: nothing more is sent until p goes on" }
    guard let rate = run.keysPerSecond else { return Self.unknown }
    let left = run.secondsLeft.map {
      ", \(FigureFormat.duration(milliseconds: Int64(min($0, 1e9) * 1000))) left"
    }
    return "\(FigureFormat.count(rate)) keys/s\(left ?? "")"
  }

  private func slownessText(_ run: PlanRunState) -> String {
    switch run.progress?.slowedBy {
    case .others(let commands)?:
      "slowed down: others send \(FigureFormat.grouped(Int(clamping: commands))) commands a second"
    case .slow(let microseconds)?:
      "slowed down: answers take "
        + FigureFormat.latency(milliseconds: Double(microseconds) / 1000)
    case nil: ""
    }
  }

  /// A plan whose view was left, in one line.
  func planNews(_ state: ExplorerState) -> String? {
    guard let plan = state.work.plan, plan.isRunning, !state.isPlanOpen else { return nil }
    let bar = Bar.squares(plan.run.share, columns: 10)
    let speed = plan.run.isHeld ? "held" : speedText(plan.run)
    return "… \(state.planTitle)  \(bar)\(percentText(of: plan.run))  \(speed) · P shows it"
  }

  // MARK: The report

  func reportLines(
    _ report: PlanReport, _ plan: PlanState, _ state: ExplorerState, columns: Int
  ) -> [PlanLine] {
    var rows = [(FigureFormat.grouped(report.done), plan.change.outcome, Style(.good))]
    if !plan.changesKeys { rows = [] }
    if report.doneAfterwards > 0 {
      rows.append(
        (FigureFormat.grouped(report.doneAfterwards), "changed that keep the tag", Style(.good)))
    }
    rows += report.outcomes(of: plan.change).map { count, words in
      (FigureFormat.grouped(count), words, words.hasPrefix("failed") ? Style(.error) : .text)
    }
    let width = rows.map { $0.0.count }.max() ?? 0
    var lines = rows.map { figure, words, style in
      let blanks = String(repeating: " ", count: width - figure.count)
      return PlanLine(content: .text("\(blanks)\(figure)  \(words)", style), priority: 0)
    }
    if report.isCancelled {
      lines += texts("It was cancelled.", Style(.warn), columns: columns, priority: 1)
    }
    lines += copyTroubleLines(report, plan, columns: columns)
    lines += troubleLines(report, columns: columns)
    lines.append(PlanLine(content: .blank, priority: 9))
    lines += texts(elapsedText(report), .muted, columns: columns, priority: 5)
    return lines + texts(undoText(report, plan, state), .text, columns: columns, priority: 3)
  }

  private func troubleLines(_ report: PlanReport, columns: Int) -> [PlanLine] {
    var lines: [PlanLine] = []
    if report.isAfterwardsLeft {
      lines += texts(
        "What is kept of the tag was left, since not all of its keys are done.", Style(.warn),
        columns: columns, priority: 2)
    }
    if let problem = report.problemSentence {
      lines += texts("It ended early: \(problem).", Style(.error), columns: columns, priority: 2)
    }
    for (place, reason) in report.failures.reasons.enumerated() {
      let names = reason.keys.map { SpelledName.of(SecretMask.maskedName($0.bytes), limit: 40) }
        .joined(separator: "  ")
      lines += texts(
        "\(FigureFormat.grouped(reason.count)) failed: \(reason.error.sentence)", Style(.error),
        columns: columns, priority: 4 + place)
      lines.append(PlanLine(content: .text("  \(names)", .text), priority: 6 + place))
    }
    if let error = report.keeperProblem {
      lines += texts(
        "The journal could not note it all: \(error.sentence).", Style(.warn), columns: columns,
        priority: 4)
    }
    return lines
  }

  /// Names that hold something else there, which of two sources was lost, and how to go on.
  private func copyTroubleLines(
    _ report: PlanReport, _ plan: PlanState, columns: Int
  ) -> [PlanLine] {
    guard let copy = plan.copy else { return [] }
    var lines: [PlanLine] = []
    if !report.takenKeys.isEmpty {
      let names = report.takenKeys.map {
        SpelledName.of(SecretMask.maskedName($0.bytes), limit: 40)
      }
      let text = "  " + names.joined(separator: "  ")
      lines.append(PlanLine(content: .text(text, .text), priority: 7))
    }
    if case .notAsked? = report.problem {
      let place = report.isTargetProblem ? copy.name : "the source that is open"
      lines += texts("Lost on the way: \(place).", Style(.error), columns: columns, priority: 2)
    }
    if !report.isComplete || (report.notDone ?? 0) > 0 {
      lines += texts(
        "O again goes on: what is there already is not written twice.", .text, columns: columns,
        priority: 3)
    }
    return lines
  }

  private func elapsedText(_ report: PlanReport) -> String {
    let seconds = Double(max(1, report.elapsed)) / 1_000_000
    let time =
      seconds < 10
      ? FigureFormat.latency(milliseconds: seconds * 1000)
      : FigureFormat.duration(milliseconds: report.elapsed / 1000)
    return "in \(time), \(FigureFormat.count(Double(report.handled) / seconds)) keys/s"
  }

  private func undoText(
    _ report: PlanReport, _ plan: PlanState, _ state: ExplorerState
  ) -> String {
    if report.changed == 0 {
      return plan.copy == nil ? "Nothing was changed." : "Nothing was written there."
    }
    if let reason = state.reasonAgainstUndo(of: plan) { return "It cannot be undone: \(reason)." }
    if let copy = plan.copy {
      let lost = report.lost > 0 ? ", but for \(counted(report.lost, "key"))" : ""
      return "It can be taken back there: c turns to \(copy.name), where u takes it back\(lost)."
    }
    guard report.lost > 0 else { return "u takes it back." }
    return report.lost >= report.changed
      ? "It cannot be undone."
      : "u takes it back, but for \(counted(report.lost, "key"))."
  }
}
