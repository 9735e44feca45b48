import KeyPattern

/// What of a name made it pass.
extension Query {
  /// Where the terms stand in the name, in order and apart from each other. Negated terms and
  /// those that do not match show nothing.
  package func highlights(in name: ArraySlice<UInt8>) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    for term in terms where !term.isNegated { ranges += term.highlights(in: name) }
    return Self.joined(ranges)
  }

  private static func joined(_ ranges: [Range<Int>]) -> [Range<Int>] {
    var joined: [Range<Int>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) where !range.isEmpty {
      if let last = joined.last, range.lowerBound <= last.upperBound {
        joined[joined.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        joined.append(range)
      }
    }
    return joined
  }
}

extension QueryTerm {
  fileprivate func highlights(in name: ArraySlice<UInt8>) -> [Range<Int>] {
    switch condition {
    case .text(let needle): needle.ranges(in: name)
    case .glob(let glob): (glob.namedPositions(in: name) ?? []).map { $0..<$0 + 1 }
    case .fuzzy(let needle): (needle.positions(in: name) ?? []).map { $0..<$0 + 1 }
    case .expression(let expression): [expression.range(in: name)].compactMap { $0 }
    case .prefix(let prefix):
      name.starts(with: prefix) ? [name.startIndex..<name.startIndex + prefix.count] : []
    case .address(let address): [address.range(in: name)].compactMap { $0 }
    default: []
    }
  }
}
