import CacheModel

/// Words that are a part of a name by the rules and were probably meant as a term: `tpye:hash`.
extension Query {
  /// What to say of the first such word when no key is found; nil when there is none. A name may hold
  /// colons, so it stays a search.
  package var doubt: String? {
    QueryWordReader.words(of: description).lazy.compactMap(\.doubt).first
  }
}

extension QueryWord {
  private static let signs = "<>=".utf8

  fileprivate var doubt: String? {
    guard !hasQuotes, let place = bytes.firstIndex(where: { $0 == 0x3A || Self.signs.contains($0) })
    else { return nil }
    let typed = String(decoding: bytes[..<place], as: UTF8.self)
    let sign = String(decoding: bytes[place...place], as: UTF8.self)
    let figures = FigureTerm.Figure.allCases.map(\.rawValue)
    let names =
      sign == ":" ? QueryHead.allCases.map { String($0.rawValue.dropLast()) } + ["ttl"] : figures
    guard !names.contains(typed), let near = NearestName.to(typed, among: names) else { return nil }
    return "no term \(typed)\(sign); \(near)\(sign) is meant?"
  }
}
