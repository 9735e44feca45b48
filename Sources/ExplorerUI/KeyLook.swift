import CacheModel
import Explorer
import TerminalCanvas
import ValueDecoding

/// How kinds and lifetimes look, in the list and beside it.

func kindLabel(_ kind: ValueKind?) -> String {
  switch kind {
  case nil: "…"
  case .string: "str"
  case .hash: "hash"
  case .list: "list"
  case .set: "set"
  case .sortedSet: "zset"
  case .stream: "strm"
  case .other(let name): String(name.prefix(4))
  }
}

func role(of kind: ValueKind?) -> StyleRole {
  switch kind {
  case .string: .string
  case .hash: .hash
  case .list: .list
  case .set: .set
  case .sortedSet: .sortedSet
  case .stream: .stream
  case .other, nil: .muted
  }
}

/// `4:31`, `∞`, or how the key went. Seconds are rounded to the nearest, as the TTL command does,
/// so that what is shown is never a second away from the truth.
func lifeText(_ figures: KeyFigures, _ fate: KeyFate, at now: Moment) -> String {
  switch fate {
  case .expired: return "expired"
  case .deleted: return "deleted"
  case .present, .appeared: break
  }
  switch figures.expiry {
  case .unknown: return ""
  case .never: return "∞"
  case .at:
    let left = figures.ttl(at: now)?.milliseconds ?? 0
    return FigureFormat.duration(milliseconds: (left + 500) / 1000 * 1000)
  }
}

/// Warm below a minute, critical below ten seconds.
func lifeStyle(_ figures: KeyFigures, at now: Moment) -> Style {
  guard let ttl = figures.ttl(at: now) else { return .muted }
  if ttl.milliseconds < 10_000 { return Style(.critical) }
  return ttl.milliseconds < 60_000 ? Style(.warn) : .text
}

/// Text that keeps its beginning and, more of it, its end: what tells keys apart stands last.
func middleClipped(_ text: String, to columns: Int) -> String {
  guard columns > 3, DisplayWidth.of(text) > columns else { return text }
  let head = beginning(of: text, within: (columns - 1) / 3)
  let room = columns - 1 - DisplayWidth.of(String(head))
  return String(head) + "…" + String(beginning(of: text.reversed(), within: room).reversed())
}

extension Rendering {
  /// What is left of a key's life. Without colours `!` stands before what is warm and `!!` before
  /// what is critical.
  func lifeFigure(_ figures: KeyFigures, _ fate: KeyFate, at now: Moment) -> String {
    let text = lifeText(figures, fate, at: now)
    guard isColourless, fate.goneSince == nil else { return text }
    switch lifeStyle(figures, at: now).role {
    case .critical: return "!!" + text
    case .warn: return "!" + text
    default: return text
    }
  }

  /// A bar of what is left against the TTL that the key was first seen with; what has passed stands
  /// back. Answers the columns taken.
  @discardableResult
  mutating func putLifeBar(
    _ figures: KeyFigures, at now: Moment, row: Int, column: Int, columns: Int
  ) -> Int {
    guard let ttl = figures.ttl(at: now), let first = figures.firstTTL, first.milliseconds > 0
    else { return 0 }
    let share = Double(ttl.milliseconds) / Double(first.milliseconds)
    let bar = Bar.squares(share, columns: columns)
    let left = bar.prefix { $0 != "·" }
    let style = barStyle(lifeStyle(figures, at: now))
    let used = frame.put(
      String(left), row: row, column: column, style: style, limit: columns)
    return used
      + frame.put(
        String(bar.dropFirst(left.count)), row: row, column: column + used, style: Style(.border))
  }
}

/// A bar beside a figure says the same with less voice.
func barStyle(_ figure: Style) -> Style {
  switch figure.role {
  case .critical: Style(.error).dim()
  case .warn: Style(.warn).dim()
  default: Style.muted.dim()
  }
}

func role(of token: ValueToken.Role) -> StyleRole {
  switch token {
  case .key: .hash
  case .string: .string
  case .number, .literal: .number
  case .punctuation, .offset: .muted
  case .plain: .text
  case .masked: .masked
  }
}
