/// Which keys are meant: the query line, on the screen and in scripts.
///
/// Terms are separated by blanks and all must hold; `!` before one negates it; what stands in `"…"`
/// is taken as it is (`\"`, `\\` and `\xHH` inside). A bare word is a part of the name, letter case
/// ignored when it is all lower case; a word with `*`, `?` or `[` outside of quotes is a glob for the
/// whole name, as SCAN MATCH takes it; `~word` is its letters in this order; `re:/…/` a regular
/// expression (`ByteExpression`); `prefix:` the beginning. Beyond the name: `type:hash`, `ttl<60`
/// `ttl>=1h` `ttl:none`, `size>1mb`, `idle>1d`, `freq<2`, `tag:`, `codec:`, `fw:`, `db:3`, and
/// `value:word`, which reads values. Times are written as TTLs are, sizes in b, kb, mb, gb and tb of
/// 1024 each.
///
/// A query is parsed once; its `description` parses to the same value. A key is judged by what is
/// known of it, and where that does not suffice the verdict is `unknown`, plain and negated.
package struct Query: Sendable, Hashable {
  package let terms: [QueryTerm]
  /// What must be known of a key to judge it.
  package let needs: QueryFacts

  package init(_ terms: [QueryTerm] = []) {
    self.terms = terms
    needs = terms.reduce(into: []) { $0.formUnion($1.needs) }
  }

  /// Whether every key passes.
  package var isEmpty: Bool { terms.isEmpty }

  /// Whether names alone decide.
  package var isByName: Bool { needs.subtracting(.name).isEmpty }

  /// Judges a key by what is known of it. A term that fails decides, whatever the others say.
  package func verdict(for candidate: Candidate) -> Verdict {
    var verdict = Verdict.matches
    for term in terms {
      switch term.verdict(for: candidate) {
      case .matches: continue
      case .fails: return .fails
      case .unknown: verdict = .unknown
      }
    }
    return verdict
  }

  /// Judges by the name alone: unknown when more must be asked for.
  package func nameVerdict(_ name: ArraySlice<UInt8>) -> Verdict {
    let candidate = Candidate(name)
    var verdict = Verdict.matches
    for term in terms {
      guard term.needs == .name else {
        verdict = .unknown
        continue
      }
      if term.verdict(for: candidate) == .fails { return .fails }
    }
    return verdict
  }

  /// Whether all that passes this query passes the other too, as far as the terms show it.
  package func narrows(_ other: Query) -> Bool {
    other.terms.allSatisfy { wider in terms.contains { $0.implies(wider) } }
  }
}

extension QueryTerm {
  /// Whether what this term lets pass, the other does too.
  func implies(_ other: QueryTerm) -> Bool {
    if self == other { return true }
    if let (figure, passing) = figures, let (otherFigure, wider) = other.figures {
      return figure == otherFigure && passing.isSubset(of: wider)
    }
    guard !isNegated, !other.isNegated else {
      return isNegated && other.isNegated && impliesAsText(other, self)
    }
    return impliesAsText(self, other)
  }

  private func impliesAsText(_ narrow: QueryTerm, _ wide: QueryTerm) -> Bool {
    switch (narrow.condition, wide.condition) {
    case (.text(let long), .text(let short)): long.implies(short)
    case (.prefix(let long), .prefix(let short)): long.starts(with: short)
    case (.prefix(let prefix), .text(let short)): Needle(exact: prefix).implies(short)
    case (.value(let long), .value(let short)): long.implies(short)
    default: false
    }
  }
}
