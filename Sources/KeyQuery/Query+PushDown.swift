package import CacheModel
import KeyPattern

/// What the server can do: a glob and a kind that every match satisfies. Everything that is built
/// from a text is escaped; what passes here is judged again as a whole.
extension Query {
  /// A glob that every key that passes matches; nil when the terms give none. Of several the one
  /// with the most bytes that must stand there.
  package var serverGlob: [UInt8]? {
    let plain = terms.filter { !$0.isNegated }
    var candidates = plain.compactMap(\.serverGlob)
    for term in plain {
      guard let prefix = term.requiredPrefix else { continue }
      for other in plain {
        guard case .text(let needle) = other.condition,
          let both = Self.glob(prefix: prefix, needle)
        else { continue }
        candidates.append(both)
      }
    }
    let best = candidates.max { $0.weight < $1.weight }
    return best.map(\.source)
  }

  /// The kind that every key that passes has.
  package var serverKind: ValueKind? {
    for term in terms where !term.isNegated {
      if case .kind(let kind) = term.condition { return kind }
    }
    return nil
  }

  /// A name of a tag that every match has, and the query without that term: the keys of the tag can
  /// be walked over instead of all. Nil when there is no such term.
  package var plainTag: (spelling: [UInt8], rest: Query)? {
    for (place, term) in terms.enumerated() where !term.isNegated {
      guard case .tag(let spelling) = term.condition else { continue }
      return (spelling, Query(Array(terms[..<place] + terms[(place + 1)...])))
    }
    return nil
  }

  /// `prefix*text*`, unless the text may begin within the prefix.
  private static func glob(prefix: [UInt8], _ needle: Needle) -> ServerGlob? {
    let overlaps = prefix.indices.contains { start in
      let end = prefix[start...].prefix(needle.bytes.count)
      let head = Needle(part: Array(needle.bytes.prefix(end.count)), of: needle)
      return head.range(in: end) != nil
    }
    guard !overlaps else { return nil }
    return ServerGlob(
      source: GlobPattern.prefix(prefix).source + needle.globSource + [UInt8(ascii: "*")],
      weight: prefix.count + needle.bytes.count)
  }
}

/// A glob to be sent, and how many bytes of a name it fixes.
private struct ServerGlob {
  var source: [UInt8]
  var weight: Int
}

extension QueryTerm {
  fileprivate var requiredPrefix: [UInt8]? {
    switch condition {
    case .prefix(let prefix): prefix
    case .expression(let expression):
      expression.requiredPrefix.isEmpty ? nil : expression.requiredPrefix
    default: nil
    }
  }

  fileprivate var serverGlob: ServerGlob? {
    if let requiredPrefix {
      return ServerGlob(
        source: GlobPattern.prefix(requiredPrefix).source, weight: requiredPrefix.count)
    }
    switch condition {
    case .text(let needle) where !needle.bytes.isEmpty:
      let run = [UInt8(ascii: "*")]
      return ServerGlob(source: run + needle.globSource + run, weight: needle.bytes.count)
    case .glob(let glob):
      let weight = glob.source.count { !"*?[]\\".utf8.contains($0) }
      return ServerGlob(source: glob.source, weight: weight)
    default: return nil
    }
  }
}

extension Needle {
  fileprivate init(part bytes: [UInt8], of whole: Needle) {
    self = whole.ignoresCase ? Needle(smart: bytes) : Needle(exact: bytes)
  }

  /// The text in a glob: escaped, and where case does not matter each letter as a class of both.
  fileprivate var globSource: [UInt8] {
    guard ignoresCase else { return GlobPattern.escape(bytes) }
    return bytes.flatMap { byte -> [UInt8] in
      guard byte >= 0x61, byte <= 0x7A else { return GlobPattern.escape([byte]) }
      return [UInt8(ascii: "["), byte, byte - 0x20, UInt8(ascii: "]")]
    }
  }
}
