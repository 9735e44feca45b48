extension EntryIdentity {
  /// Who wrote what stands under a key on a server; the first rule that fits wins. `decoding` may gain
  /// an envelope that only the whole value shows.
  static func of(_ key: [UInt8]?, _ decoding: inout Decoding) -> EntryIdentity {
    let text = key ?? []
    let whole = key.map { json(ofKey: $0[...]) }
    if isDogpile(&decoding) { return EntryIdentity("dogpile.cache", whole) }
    if let identity = flaskCaching(text) { return identity }
    if decoding.codecs.first == ValueCodec.cachelib.rawValue {
      return EntryIdentity("cachelib", whole)
    }
    if decoding.codecs.contains(ValueCodec.cashewsSignature.rawValue) {
      return EntryIdentity("cashews", whole)
    }
    let isBeaker = isBeakerEntry(&decoding)
    if let identity = named(text, decoding) { return identity }
    if decoding.hasMembers(["elapsed", "request", "status_code", "created_at"]) {
      return EntryIdentity("requests-cache", whole)
    }
    if isBeaker { return EntryIdentity("beaker", whole) }
    return djangoOrPlain(text, whole, decoding)
  }

  /// Libraries that the key alone tells, or the key and the form of the value.
  private static func named(_ key: [UInt8], _ decoding: Decoding) -> EntryIdentity? {
    if let identity = celery(key) { return identity }
    if let rest = rest(of: key, after: "rq:") {
      let kind = rest.prefix { $0 != UInt8(ascii: ":") }
      return EntryIdentity("rq", json(ofKey: rest), kind: String(decoding: kind, as: UTF8.self))
    }
    if let rest = rest(of: key, after: "beaker_cache:"),
      let colon = rest.firstIndex(of: UInt8(ascii: ":"))
    {
      return EntryIdentity("beaker", json(ofKey: rest[(colon + 1)...]))
    }
    if let rest = rest(of: key, after: "starsessions.") {
      return EntryIdentity("starsessions", json(ofKey: rest), kind: "session")
    }
    if let rest = rest(of: key, after: "session:"), decoding.isMap,
      decoding.ends(in: .msgpack) || decoding.ends(in: .json)
    {
      return EntryIdentity("flask-session", json(ofKey: rest), kind: "session")
    }
    return fastAPICache(key)
  }

  private static func rest(of key: [UInt8], after prefix: String) -> ArraySlice<UInt8>? {
    key.starts(with: prefix.utf8) ? key[prefix.utf8.count...] : nil
  }

  private static func flaskCaching(_ key: [UInt8]) -> EntryIdentity? {
    guard let rest = rest(of: key, after: "flask_cache_") else { return nil }
    let kind =
      if rest.starts(with: "view/".utf8) {
        "view"
      } else if rest.reversed().starts(with: "_memver".utf8.reversed()) {
        "memoize-version"
      } else if [22, 28].contains(rest.count), rest.allSatisfy(isBase64) {
        "memoize"
      } else {
        "value"
      }
    return EntryIdentity("flask-caching", json(ofKey: rest), kind: kind)
  }

  private static func isBase64(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "+"), UInt8(ascii: "/"): true
    default: false
    }
  }

  private static func celery(_ key: [UInt8]) -> EntryIdentity? {
    let marks = [
      ("celery-task-meta-", "task-result"), ("celery-taskset-meta-", "group-result"),
      ("chord-unlock-", "chord"),
    ]
    for (mark, kind) in marks {
      guard let end = key.end(of: Array(mark.utf8)) else { continue }
      return EntryIdentity("celery", json(ofKey: key[end...]), kind: kind)
    }
    return nil
  }

  /// `fastapi-cache:…:<32 hexadecimal digits>`
  private static func fastAPICache(_ key: [UInt8]) -> EntryIdentity? {
    guard let rest = rest(of: key, after: "fastapi-cache:"),
      let digest = rest.split(separator: UInt8(ascii: ":")).last, digest.count == 32,
      digest.endIndex == key.endIndex, digest.startIndex > rest.startIndex,
      digest.allSatisfy({ JSONText.hexadecimal($0) != nil })
    else { return nil }
    return EntryIdentity("fastapi-cache2", json(ofKey: digest), kind: "endpoint")
  }

  /// A key in Django's form is Django's when nobody else would write it so.
  private static func djangoOrPlain(
    _ key: [UInt8], _ whole: [UInt8]?, _ decoding: Decoding
  ) -> EntryIdentity {
    var identity = EntryIdentity("plain", whole)
    guard let django = DjangoKey(key) else { return identity }
    guard django.prefix.isEmpty || decoding.isSerialized else {
      identity.alternative = django
      return identity
    }
    identity = EntryIdentity("django", django.logicalKey, kind: django.kind)
    identity.keyVersion = django.version
    identity.keyPrefix = django.prefix
    return identity
  }
}

extension [UInt8] {
  /// Where the first place of a run of bytes ends.
  fileprivate func end(of part: [UInt8]) -> Int? {
    guard let first = part.first else { return nil }
    var rest = self[...]
    while let start = rest.firstIndex(of: first) {
      if self[start...].starts(with: part) { return start + part.count }
      rest = rest[(start + 1)...]
    }
    return nil
  }
}
