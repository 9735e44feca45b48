package import CacheModel
package import KeyPattern

/// One condition of a query.
package struct QueryTerm: Sendable, Hashable {
  package enum Condition: Sendable, Hashable {
    /// A part of the name.
    case text(Needle)
    /// The whole name, as SCAN MATCH takes it.
    case glob(GlobPattern)
    case fuzzy(FuzzyNeedle)
    case expression(ByteExpression)
    /// The beginning of the name.
    case prefix([UInt8])
    case kind(ValueKind)
    case figure(FigureTerm)
    /// Without a TTL.
    case unlimited
    case database(Int)
    case tag([UInt8])
    case codec(String)
    case framework(String)
    /// The page that a framework keeps under a name made of its address.
    case address(PageAddress)
    /// A part of the value.
    case value(Needle)
  }

  package var condition: Condition
  package var isNegated: Bool

  package init(_ condition: Condition, isNegated: Bool = false) {
    self.condition = condition
    self.isNegated = isNegated
  }

  /// Exactly this text somewhere in the name.
  package static func text(_ bytes: [UInt8]) -> QueryTerm {
    QueryTerm(.text(Needle(exact: bytes)))
  }

  package static func prefix(_ bytes: [UInt8]) -> QueryTerm {
    QueryTerm(.prefix(bytes))
  }

  package static func tag(_ bytes: [UInt8]) -> QueryTerm {
    QueryTerm(.tag(bytes))
  }

  /// What must be known to judge by it.
  var needs: QueryFacts {
    switch condition {
    case .text, .glob, .fuzzy, .expression, .prefix, .database, .address: .name
    case .kind: .kind
    case .figure(let term): term.figure.facts
    case .unlimited: .lifetime
    case .tag: .tags
    case .codec: .codec
    case .framework: .framework
    case .value: .value
    }
  }

  func verdict(for candidate: Candidate) -> Verdict {
    let plain = Verdict(holds(for: candidate))
    return isNegated ? plain.negated : plain
  }

  private func holds(for candidate: Candidate) -> Bool? {
    switch condition {
    case .text(let needle): needle.range(in: candidate.name) != nil
    case .glob(let glob): glob.matches(candidate.name)
    case .fuzzy(let needle): needle.matches(candidate.name)
    case .expression(let expression): expression.matches(candidate.name)
    case .prefix(let prefix): candidate.name.starts(with: prefix)
    case .address(let address): address.range(in: candidate.name) != nil
    case .kind(let kind): candidate.kind.map { $0 == kind }
    case .figure(let term): term.holds(for: candidate)
    case .unlimited: candidate.lifetime.map { $0 == .unlimited }
    // Every key is of the database that the source is, or the query was refused.
    case .database: true
    case .tag(let tag): candidate.tags.map { $0.contains(tag) }
    case .codec(let name): candidate.codecs.map { $0.contains { $0.lowercased() == name } }
    case .framework(let name): candidate.framework.map { $0.lowercased() == name }
    case .value(let needle): candidate.value.flatMap { Self.holds(needle, $0) }
    }
  }

  /// What was not found in a part of a value may stand in the rest.
  private static func holds(_ needle: Needle, _ value: CandidateValue) -> Bool? {
    if value.parts.contains(where: { needle.range(in: $0[...]) != nil }) { return true }
    return value.isWhole ? false : nil
  }

  /// The figures that the term lets pass, with the figure that it is about.
  var figures: (figure: FigureTerm.Figure, passing: FigureSet)? {
    switch condition {
    case .figure(let term): (term.figure, passing(FigureSet(term.range)))
    case .unlimited: (.ttl, passing(.none))
    default: nil
    }
  }

  private func passing(_ set: FigureSet) -> FigureSet {
    isNegated ? set.inverted : set
  }
}
