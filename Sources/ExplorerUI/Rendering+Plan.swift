import CacheModel
import Explorer
import Plans
import TerminalCanvas

/// The plan of an action on many keys: a box that stays where it is and as large as it is while the
/// plan is asked about, runs and is reported. What is not known yet has its place already. Where there
/// is no room for everything, what matters least goes first.
extension Rendering {
  /// One line inside of the box.
  struct PlanLine {
    enum Content {
      case text(String, Style)
      case fact(String, String, Style)
      case bars(left: PlanBar?, right: PlanBar?)
      case blank
    }

    var content: Content
    /// What has the highest number goes first when there is no room.
    var priority: Int
  }

  static let planFactWidth = 9

  mutating func paintPlan(_ plan: PlanState, _ state: ExplorerState, in area: Area) {
    presentation.plan = plan.view
    presentation.overlay = OverlayFit(height: 1, count: 1)
    let columns = min(area.columns - 4, 104)
    let title = planBoxTitle(plan, state)
    let head = titleLines(title, columns: columns)
    let question = questionLines(plan, state, columns: columns - 4)
    let wanted = max(question.count, planLines(plan, state, question, columns - 4).count)
    let inside = dialog(
      title: title, rows: head.count + wanted + 2, columns: columns, isDestructive: true, in: area)
    var rest = inside
    let buttons = rest.takeBottom(1)
    paint(head, style: Style(.title).bold(), in: &rest)
    if rest.rows > wanted { _ = rest.takeBottom(1) }
    paint(planLines(plan, state, question, columns - 4), in: rest)
    paintPlanButtons(plan, state, in: buttons)
  }

  private func planBoxTitle(_ plan: PlanState, _ state: ExplorerState) -> String {
    let title = state.planHeadline
    let capital = "\(title.prefix(1).uppercased())\(title.dropFirst())"
    return plan.phase == .asking ? capital + "?" : capital
  }

  private func planLines(
    _ plan: PlanState, _ state: ExplorerState, _ question: [PlanLine], _ columns: Int
  ) -> [PlanLine] {
    switch plan.phase {
    case .collecting, .asking: question
    case .running: runLines(plan, state, columns: columns)
    case .ended(let report): reportLines(report, plan, state, columns: columns)
    }
  }

  private mutating func paint(_ lines: [PlanLine], in area: Area) {
    var lines = lines
    while lines.count > area.rows,
      let worst = lines.indices.max(by: { lines[$0].priority < lines[$1].priority })
    {
      lines.remove(at: worst)
    }
    for (offset, line) in lines.enumerated() {
      paint(
        line.content,
        in: Area(row: area.row + offset, column: area.column, rows: 1, columns: area.columns))
    }
  }

  private mutating func paint(_ content: PlanLine.Content, in line: Area) {
    switch content {
    case .blank: break
    case .text(let text, let style):
      frame.put(
        text, row: line.row, column: line.column, style: style, limit: line.columns,
        overflow: .ellipsis)
    case .fact(let label, let text, let style):
      frame.put(label, row: line.row, column: line.column, style: .muted)
      frame.put(
        text, row: line.row, column: line.column + Self.planFactWidth, style: style,
        limit: line.columns - Self.planFactWidth, overflow: .ellipsis)
    case .bars(let left, let right):
      var rest = line
      let half = rest.takeLeft((line.columns - 3) / 2)
      if let left { paint(left, in: half) }
      _ = rest.takeLeft(3)
      if let right { paint(right, in: rest) }
    }
  }

  /// A label and what stands behind it, in as many lines as it takes.
  func facts(
    _ label: String, _ text: String, _ style: Style = .text, columns: Int, priority: Int
  ) -> [PlanLine] {
    wrapped(text, columns: columns - Self.planFactWidth).enumerated().map { place, line in
      PlanLine(content: .fact(place == 0 ? label : "", line, style), priority: priority)
    }
  }

  func texts(_ text: String, _ style: Style, columns: Int, priority: Int) -> [PlanLine] {
    wrapped(text, columns: columns).map { PlanLine(content: .text($0, style), priority: priority) }
  }

  // MARK: Buttons

  private struct Button {
    var text: String
    var style: Style
    var target: Region.Target
  }

  private mutating func paintPlanButtons(
    _ plan: PlanState, _ state: ExplorerState, in area: Area
  ) {
    var column = area.column
    for button in buttons(plan, state) {
      let width = DisplayWidth.of(button.text)
      guard column + width <= area.endColumn else { return }
      frame.put(button.text, row: area.row, column: column, style: button.style)
      regions.append(
        Region(
          area: Area(row: area.row, column: column, rows: 1, columns: width),
          target: button.target))
      column += width + 3
    }
  }

  private func buttons(_ plan: PlanState, _ state: ExplorerState) -> [Button] {
    let focus = Style(.focus, on: .selection, .bold)
    let cancel = Button(text: " Cancel ", style: focus, target: .action(.back))
    switch plan.phase {
    case .collecting:
      let isGathered = plan.copy != nil && !state.keys.isSweepingVisibly
      let done =
        isGathered
        ? "connecting to \(plan.copy?.name ?? "") …"
        : plan.scope.isSurveyed
          ? "looking: \(counted(plan.surveyed, "key")) …"
          : "collecting the keys … \(state.keys.sweepPercent) %"
      return [cancel, Button(text: done, style: .muted, target: .nothing)]
    case .asking:
      let order = plan.change.order
      let verb = order.hasSuffix(" of") ? String(order.dropLast(3)) : order
      let script = Button(text: "S save as a script", style: .text, target: .answer("S"))
      if case .copy(let conflict) = plan.change {
        return [
          cancel, Button(text: "y copy", style: Style(.critical), target: .nothing),
          Button(text: "o existing: \(conflict.rawValue)", style: .text, target: .answer("o")),
          script,
        ]
      }
      guard plan.isFlush else {
        let word = plan.order == nil ? verb : "invalidate"
        return [
          cancel, Button(text: "y \(word)", style: Style(.critical), target: .nothing), script,
        ]
      }
      let forGood = Button(
        text: "f flush without undo", style: Style(.critical), target: .nothing)
      guard state.reasonAgainstUndo(of: plan) == nil else { return [cancel, forGood, script] }
      return [
        cancel, Button(text: "y flush", style: Style(.critical), target: .nothing), forGood, script,
      ]
    case .running:
      if plan.run.isCancelling {
        return [
          Button(
            text: "cancelling after the batch under way …", style: Style(.warn), target: .nothing)
        ]
      }
      return [
        Button(text: plan.run.isHeld ? "p go on" : "p hold", style: .text, target: .answer("p")),
        Button(text: "ctrl-c cancel", style: Style(.critical), target: .action(.cancel)),
        Button(text: "esc leave it running", style: .text, target: .action(.back)),
      ]
    case .ended(let report):
      let close = Button(text: " Close ", style: focus, target: .action(.back))
      guard state.reasonAgainstUndo(of: plan) == nil, report.changed > report.lost,
        plan.copy == nil
      else {
        return [close]
      }
      return [close, Button(text: "u take it back", style: .text, target: .answer("u"))]
    }
  }
}

/// A name with a bar and a figure.
struct PlanBar {
  var name: String
  var share: Double
  var figure: String
  var figureWidth: Int
}

extension Rendering {
  private static let planBarColumns = 8

  private mutating func paint(_ bar: PlanBar, in line: Area) {
    var rest = line
    let figure = rest.takeRight(bar.figureWidth)
    _ = rest.takeRight(1)
    let squares = rest.takeRight(Self.planBarColumns)
    _ = rest.takeRight(1)
    frame.put(
      middleClipped(bar.name, to: rest.columns), row: line.row, column: line.column, style: .text,
      limit: rest.columns)
    frame.put(
      Bar.squares(bar.share, columns: squares.columns), row: line.row, column: squares.column,
      style: .muted)
    frame.putRight(
      bar.figure, row: line.row, column: figure.column, columns: figure.columns, style: .text)
  }
}
