/// A text that is not a TTL: what is wrong, where, and what would be right.
package struct TTLSyntaxError: Error, Sendable, Hashable {
  package enum Problem: Sendable, Hashable {
    case empty
    case numberExpected
    case unitExpected
    case unknownUnit(String)
    case unitOutOfOrder(String)
    case tooLong
    case zero
    case badSpread
    case trailingText
    case badTime
    case noSuchTime
    case beforeEpoch
  }

  package var text: String
  /// Characters before the place where it goes wrong.
  package var offset: Int
  package var problem: Problem

  package init(text: String, offset: Int, problem: Problem) {
    self.text = text
    self.offset = offset
    self.problem = problem
  }

  /// One sentence for a person, with an example.
  package var sentence: String {
    let shown = text.count > 40 ? text.prefix(40) + "…" : text[...]
    return "TTL \"\(shown)\": \(words); for example \(example)"
  }

  /// The same beside the text itself and beside examples: what is wrong, and where.
  package var words: String {
    reason + (problem == .empty ? "" : " at character \(offset + 1)")
  }

  private var reason: String {
    switch problem {
    case .empty: "it is empty"
    case .numberExpected: "a number is expected"
    case .unitExpected: "a unit (w, d, h, m, s or ms) is expected"
    case .unknownUnit(let unit): "there is no unit \"\(unit.prefix(10))\" (w, d, h, m, s or ms)"
    case .unitOutOfOrder(let unit): "\"\(unit)\" stands in the wrong order (large units first)"
    case .tooLong: "it is longer than ten thousand years"
    case .zero: "0 is ambiguous: none removes the TTL, now expires the key"
    case .badSpread: "a spread is ~1% to ~100%"
    case .trailingText: "nothing more is expected"
    case .badTime: "a time is written YYYY-MM-DDTHH:MM, with :SS, Z or +HH:MM as you like"
    case .noSuchTime: "there is no such time"
    case .beforeEpoch: "times begin in 1970"
    }
  }

  private var example: String {
    switch problem {
    case .badSpread: "5m~10%"
    case .badTime, .noSuchTime, .beforeEpoch: "@2026-12-01T10:00 or @2026-12-01T10:00Z"
    default: "90, 1500ms, 5m, 2h30m, +10m, @2026-12-01T10:00, none or now"
    }
  }
}
