import CacheModel

/// A condition on a figure of a key: `ttl<60`, `size>=1mb`.
///
/// Times are milliseconds, sizes bytes. `=` takes a time in whole seconds for the whole of its last
/// second, since nothing lives for a second to the millisecond. A key without a TTL is not longer
/// lived than `ttl>…` says: it has none, and `ttl:none` is how to ask for it.
package struct FigureTerm: Sendable, Hashable {
  package enum Figure: String, Sendable, Hashable, CaseIterable {
    case ttl, size, idle
    case frequency = "freq"

    var facts: QueryFacts {
      switch self {
      case .ttl: .lifetime
      case .size: .size
      case .idle: .idle
      case .frequency: .frequency
      }
    }

    var isTime: Bool { self == .ttl || self == .idle }
  }

  package enum Comparison: String, Sendable, Hashable, CaseIterable {
    case atMost = "<="
    case atLeast = ">="
    case less = "<"
    case more = ">"
    case equal = "="
  }

  package var figure: Figure
  package var comparison: Comparison
  /// What the figure is compared with, at least 0.
  package var amount: Int64

  package init(_ figure: Figure, _ comparison: Comparison, _ amount: Int64) {
    self.figure = figure
    self.comparison = comparison
    self.amount = max(0, amount)
  }

  /// The figures that the condition lets pass; nil when there are none.
  var range: ClosedRange<Int64>? {
    switch comparison {
    case .less: amount == 0 ? nil : 0...(amount - 1)
    case .atMost: 0...amount
    case .more: amount == .max ? nil : (amount + 1) ... .max
    case .atLeast: amount ... .max
    case .equal: amount...(amount + equalWidth)
    }
  }

  private var equalWidth: Int64 {
    figure.isTime && amount % 1000 == 0 && amount <= .max - 999 ? 999 : 0
  }

  /// Nil when the figure is not known.
  func holds(for candidate: Candidate) -> Bool? {
    switch figure {
    case .ttl:
      candidate.lifetime.map { lifetime in lifetime.ttl.map { holds($0.milliseconds) } ?? false }
    case .size: candidate.bytes.map { holds($0.bytes) }
    case .idle: candidate.idleMilliseconds.map { holds($0) }
    case .frequency: candidate.frequency.map { holds($0) }
    }
  }

  private func holds(_ value: Int64) -> Bool {
    range?.contains(max(0, value)) ?? false
  }
}
