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

/// `4:31`, `∞`, or how the key went.
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
    return FigureFormat.duration(milliseconds: figures.ttl(at: now)?.milliseconds ?? 0)
  }
}

/// Warm below a minute, critical below ten seconds.
func lifeStyle(_ figures: KeyFigures, at now: Moment) -> Style {
  guard let ttl = figures.ttl(at: now) else { return .muted }
  if ttl.milliseconds < 10_000 { return Style(.critical) }
  return ttl.milliseconds < 60_000 ? Style(.warn) : .text
}

/// What is left against the TTL that the key was first seen with.
func lifeBar(_ figures: KeyFigures, at now: Moment, columns: Int) -> String? {
  guard let ttl = figures.ttl(at: now), let first = figures.firstTTL, first.milliseconds > 0 else {
    return nil
  }
  return Bar.shaded(Double(ttl.milliseconds) / Double(first.milliseconds), columns: columns)
}

func role(of token: ValueToken.Role) -> StyleRole {
  switch token {
  case .key: .hash
  case .string: .string
  case .number, .literal: .number
  case .punctuation, .offset: .muted
  case .plain: .text
  }
}
