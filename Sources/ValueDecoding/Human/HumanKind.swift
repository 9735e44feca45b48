/// The well-known shapes of which a second view leaves out what no person looks for.
package enum HumanKind: String, Sendable, Hashable, CaseIterable {
  /// A page of Django, Flask or Werkzeug: status, headers, body.
  case httpResponse = "http-response"
  /// A row of Django's ORM as its fields.
  case djangoModel = "django-model"
  /// The rows of a query of Django's ORM, without the query itself.
  case djangoQuerySet = "django-queryset"
  /// A mapped instance of SQLAlchemy as its fields.
  case sqlalchemyInstance = "sqlalchemy-instance"
  case sqlalchemyFrozenResult = "sqlalchemy-frozen-result"
  case sqlalchemyRows = "sqlalchemy-rows"
  /// What dogpile.cache pickled together with its metadata.
  case dogpile

  /// `HTTP response`, `rows of SQLAlchemy`: what the view is, in words.
  package var title: String {
    switch self {
    case .httpResponse: "HTTP response"
    case .djangoModel: "Django model"
    case .djangoQuerySet: "Django query"
    case .sqlalchemyInstance: "SQLAlchemy instance"
    case .sqlalchemyFrozenResult: "SQLAlchemy result"
    case .sqlalchemyRows: "SQLAlchemy rows"
    case .dogpile: "dogpile value"
    }
  }
}

/// A value of a well-known shape as a person means it.
package struct HumanView: Sendable, Hashable {
  package var kind: HumanKind
  /// One JSON object whose first member is `kind`.
  package var json: [UInt8]
}

extension ValueDecoder {
  /// The second view of a value that has one; nil for all others, and where a bound of the budget is in
  /// the way. As long as it takes to write the value out.
  package func humanView(of decoding: Decoding) -> HumanView? {
    guard decoding.failure == nil, decoding.ends(in: .pickle) else { return nil }
    return ValueRenderer.humanView(of: decoding.value, within: budget)
  }
}
