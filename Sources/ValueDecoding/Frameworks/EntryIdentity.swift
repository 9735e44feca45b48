/// Who wrote an entry, as far as its key and its value together say, and what the key means to them.
package struct EntryIdentity: Sendable, Hashable {
  /// `plain` when nothing says that it was a library.
  package var framework: String
  /// The key without what the library puts around it, as JSON; nil where it cannot be recovered.
  package var logicalKey: [UInt8]?
  package var keyVersion: Int?
  package var keyPrefix: String?
  /// What kind of entry it is to its library: `page`, `session`, `view`, …
  package var kind: String?
  /// What else it may be: Django's reading of a key that other programs write as well.
  package var alternative: DjangoKey?

  /// Everyone who can be recognised.
  package static let frameworks = [
    "django", "flask-caching", "cachelib", "dogpile.cache", "beaker", "cashews", "celery", "rq",
    "starsessions", "flask-session", "fastapi-cache2", "requests-cache", "diskcache", "plain",
  ]

  init(_ framework: String, _ logicalKey: [UInt8]?, kind: String? = nil) {
    self.framework = framework
    self.logicalKey = logicalKey
    self.kind = kind
  }
}

/// A key as Django writes it: `prefix:version:key`.
package struct DjangoKey: Sendable, Hashable {
  package var prefix: String
  package var version: Int
  /// In UTF-8 when the whole key is.
  var name: ArraySlice<UInt8>

  init?(_ key: [UInt8]) {
    guard let first = key.firstIndex(of: UInt8(ascii: ":")),
      let second = key[(first + 1)...].firstIndex(of: UInt8(ascii: ":"))
    else { return nil }
    let digits = key[(first + 1)..<second]
    let name = key[(second + 1)...]
    guard (1...9).contains(digits.count), digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
      let version = Int(String(decoding: digits, as: UTF8.self)), !name.isEmpty
    else { return nil }
    prefix = String(decoding: key[..<first], as: UTF8.self)
    self.version = version
    self.name = name
  }

  /// What Django's own parts write under such a key.
  var kind: String {
    let kinds = [
      ("views.decorators.cache.cache_page.", "page"),
      ("views.decorators.cache.cache_header.", "page-headers"),
      ("template.cache.", "fragment"),
      ("django.contrib.sessions.cache", "session"),
    ]
    return kinds.first { name.starts(with: $0.0.utf8) }?.1 ?? "value"
  }

  /// The key without prefix and version, as JSON.
  package var logicalKey: [UInt8] { EntryIdentity.json(ofKey: name) }
}

extension EntryIdentity {
  /// A key as JSON: a string, or `{"$bytes":…}` for one that is not UTF-8.
  static func json(ofKey key: ArraySlice<UInt8>) -> [UInt8] {
    var writer = JSONWriter()
    if String(validating: key, as: UTF8.self) != nil {
      writer.string(utf8: key)
    } else {
      writer.beginObject()
      writer.key("$bytes")
      writer.string(Base64.text(of: Array(key)))
      writer.endObject()
    }
    return writer.bytes
  }

  /// Appends what is known as members of an object.
  package func write(to writer: inout JSONWriter) {
    writer.key("framework")
    writer.string(framework)
    if let logicalKey {
      writer.key("logical_key")
      writer.value(written: logicalKey)
    }
    Self.write(keyVersion, keyPrefix, to: &writer)
    if let kind {
      writer.key("kind")
      writer.string(kind)
    }
    guard let alternative else { return }
    writer.key("alt")
    writer.beginObject()
    writer.key("framework")
    writer.string("django")
    writer.key("logical_key")
    writer.value(written: alternative.logicalKey)
    Self.write(alternative.version, alternative.prefix, to: &writer)
    writer.endObject()
  }

  private static func write(
    _ version: Int?, _ prefix: String?, to writer: inout JSONWriter
  ) {
    if let version {
      writer.key("key_version")
      writer.integer(Int64(version))
    }
    if let prefix {
      writer.key("key_prefix")
      writer.string(prefix)
    }
  }
}
