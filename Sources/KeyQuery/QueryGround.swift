package import CacheModel

/// What a source can answer, for refusing a query that no key of it could ever match.
package struct QueryGround: Sendable, Hashable {
  /// What the source, and this program for it, can tell of a key.
  package var facts: QueryFacts
  /// The database that is open; nil where a source has none.
  package var database: Int?
  /// The codecs that are recognised, in lower case.
  package var codecs: [String]
  package var frameworks: [String]

  package init(
    facts: QueryFacts, database: Int? = nil, codecs: [String] = [], frameworks: [String] = []
  ) {
    self.facts = facts
    self.database = database
    self.codecs = codecs
    self.frameworks = frameworks
  }
}

extension QueryGround {
  /// What a source that was opened can answer, with what the program recognises in values.
  package init(_ source: SourceDescription, codecs: [String], frameworks: [String]) {
    var facts: QueryFacts = [.name, .kind, .lifetime, .value, .codec, .framework]
    if source.capabilities.contains(.memoryUsage) { facts.insert(.size) }
    if source.capabilities.contains(.idleTime) { facts.insert(.idle) }
    if source.capabilities.contains(.frequency) { facts.insert(.frequency) }
    if source.capabilities.contains(.tags) { facts.insert(.tags) }
    self.init(
      facts: facts, database: source.database, codecs: codecs, frameworks: frameworks)
  }
}

/// Why no key can answer a query: the terms, and the reason as a sentence with a next step.
package struct QueryRefusal: Error, Sendable, Hashable {
  package var sentence: String
}

extension Query {
  /// Why no key of such a source can match; nil when one may.
  package func refusal(on ground: QueryGround) -> QueryRefusal? {
    for term in terms {
      if let reason = term.reason(on: ground) {
        return QueryRefusal(sentence: "\(term) cannot be answered: \(reason)")
      }
    }
    return contradiction
  }

  /// Why no key at all can match.
  package var contradiction: QueryRefusal? {
    figureContradiction ?? kindContradiction ?? prefixContradiction ?? negationContradiction
  }

  private static func refuse(_ terms: [QueryTerm], _ reason: String) -> QueryRefusal {
    let names = terms.map(\.description).joined(separator: " ")
    return QueryRefusal(sentence: "no key can match \(names): \(reason)")
  }

  private var figureContradiction: QueryRefusal? {
    for figure in FigureTerm.Figure.allCases {
      let about = terms.filter { $0.figures?.figure == figure }
      let left = about.reduce(FigureSet.everything) { set, term in
        term.figures.map { set.intersection($0.passing) } ?? set
      }
      // Only a lifetime can be none.
      let isEmpty = figure == .ttl ? left.isEmpty : left.hasNoNumbers
      guard isEmpty, !about.isEmpty else { continue }
      return Self.refuse(
        about, about.count == 1 ? "no figure is so small or so large" : "they exclude each other")
    }
    return nil
  }

  private var kindContradiction: QueryRefusal? {
    let kinds = terms.filter { if case .kind = $0.condition { !$0.isNegated } else { false } }
    guard let first = kinds.first, let other = kinds.first(where: { $0 != first }) else {
      return nil
    }
    return Self.refuse([first, other], "a key has one type")
  }

  private var prefixContradiction: QueryRefusal? {
    let prefixes = terms.compactMap { term -> (QueryTerm, [UInt8])? in
      guard case .prefix(let prefix) = term.condition, !term.isNegated else { return nil }
      return (term, prefix)
    }
    for (term, prefix) in prefixes {
      for (other, another) in prefixes
      where !prefix.starts(with: another) && !another.starts(with: prefix) {
        return Self.refuse([term, other], "a name has one beginning")
      }
    }
    return nil
  }

  /// What one term lets pass, a negated one does not.
  private var negationContradiction: QueryRefusal? {
    for term in terms where !term.isNegated {
      for other in terms where other.isNegated {
        let plain = QueryTerm(other.condition)
        if term.implies(plain) { return Self.refuse([term, other], "they exclude each other") }
      }
    }
    return nil
  }
}

extension QueryTerm {
  /// Why this source does not answer the term; nil when it does.
  fileprivate func reason(on ground: QueryGround) -> String? {
    if case .database(let number) = condition { return reason(number, ground.database) }
    guard ground.facts.isSuperset(of: needs) else { return missing }
    switch condition {
    case .codec(let name) where !ground.codecs.contains(name):
      return "codecs that are recognised are \(ground.codecs.joined(separator: ", "))"
    case .framework(let name) where !ground.frameworks.contains(name):
      return "frameworks that are recognised are \(ground.frameworks.joined(separator: ", "))"
    default: return nil
    }
  }

  private func reason(_ wanted: Int, _ open: Int?) -> String? {
    guard let open else { return "this source has no numbered databases; leave db: out" }
    guard (wanted == open) == isNegated else { return nil }
    return isNegated
      ? "database \(open) is the one that is open"
      : "database \(open) is open; open the source with /\(wanted) at the end of its address"
  }

  private var missing: String {
    switch condition {
    case .tag: "this source keeps no tags; a prefix or a part of the name may do"
    case .codec, .framework, .value: "values of this source cannot be read"
    case .kind: "this source does not tell the type of a key"
    case .figure(let term): "this source does not tell \(term.figure.meaning)"
    case .unlimited: "this source does not tell \(FigureTerm.Figure.ttl.meaning)"
    default: "this source does not tell it"
    }
  }
}

extension FigureTerm.Figure {
  fileprivate var meaning: String {
    switch self {
    case .ttl: "how long keys live"
    case .size: "how large keys are"
    case .idle: "for how long keys have not been used (it does where its policy is not LFU)"
    case .frequency: "how often keys are used (Redis does with an LFU maxmemory-policy)"
    }
  }
}
