/// Where an entry was found, which says how to read it where the bytes alone do not.
package enum EntryPlace: Sendable, Hashable {
  /// A value or an element of Redis; an entry of a dbm file.
  case server
  case memcached(flags: UInt32)
  /// A file of a cache in a folder; the key is its path.
  case file
  /// A column of Django's tables, or of others that hold what a server would.
  case table(name: String)
  case diskcache(DiskcacheRow)
}

/// What diskcache's table says beside key and value.
package struct DiskcacheRow: Sendable, Hashable {
  /// What SQLite calls the type of a column's content.
  package enum ColumnType: String, Sendable, Hashable {
    case null, integer, real, text, blob
  }

  package enum Mode: Int, Sendable, Hashable {
    case none, raw, binary, text, pickle
  }

  package var keyType: ColumnType
  /// Whether the key is what it looks like; otherwise it is a pickle.
  package var isKeyRaw: Bool
  package var valueType: ColumnType
  package var mode: Mode
  /// Whether the value stands in a file of its own.
  package var isInFile: Bool
  /// Whether keys and values are compressed JSON.
  package var isJSON: Bool

  package init(
    keyType: ColumnType, isKeyRaw: Bool, valueType: ColumnType, mode: Mode, isInFile: Bool,
    isJSON: Bool
  ) {
    self.keyType = keyType
    self.isKeyRaw = isKeyRaw
    self.valueType = valueType
    self.mode = mode
    self.isInFile = isInFile
    self.isJSON = isJSON
  }
}

/// An entry, decoded: what its bytes are and who wrote it.
package struct DecodedEntry: Sendable {
  package var decoding: Decoding
  package var identity: EntryIdentity
}

extension ValueDecoder {
  /// Decodes an entry and says who wrote it. The key is nil when it is not known.
  package func entry(
    _ bytes: [UInt8], key: [UInt8]?, in place: EntryPlace = .server
  ) -> DecodedEntry {
    switch place {
    case .server: return identified(decode(bytes), key)
    case .memcached(let flags): return identified(decode(bytes, flags: flags), key)
    case .file: return fileEntry(bytes, key ?? [])
    case .table(let name): return tableEntry(bytes, key, name)
    case .diskcache(let row):
      let identity = EntryIdentity("diskcache", key.map { logicalKey($0, row) })
      return DecodedEntry(decoding: decode(bytes, row), identity: identity)
    }
  }

  /// Who wrote what is under a key, as far as the key alone says.
  package func identity(ofKey key: [UInt8]) -> EntryIdentity {
    var nothing = Decoding()
    return EntryIdentity.of(key, &nothing)
  }

  /// A value that has been decoded, with who wrote it.
  package func identified(_ decoding: Decoding, _ key: [UInt8]?) -> DecodedEntry {
    var decoding = decoding
    let identity = EntryIdentity.of(key, &decoding)
    return DecodedEntry(decoding: decoding, identity: identity)
  }

  /// A file by its name: Django's, cachelib's, or any other.
  private func fileEntry(_ bytes: [UInt8], _ path: [UInt8]) -> DecodedEntry {
    let name = path.split(separator: UInt8(ascii: "/")).last ?? []
    if name.reversed().starts(with: ".djcache".utf8.reversed()) {
      return DecodedEntry(
        decoding: decode(bytes, as: [.djangoFile]), identity: EntryIdentity("django", nil))
    }
    let isHash =
      [32, 40, 64].contains(name.count)
      && name.allSatisfy { JSONText.hexadecimal($0) != nil }
    if isHash, bytes.element(at: 4) == 0x80 {
      return DecodedEntry(
        decoding: decode(bytes, as: [.cachelibFile]), identity: EntryIdentity("cachelib", nil))
    }
    return identified(decode(bytes), path)
  }

  /// Django's tables hold nothing but what Django wrote.
  private func tableEntry(_ bytes: [UInt8], _ key: [UInt8]?, _ table: String) -> DecodedEntry {
    let decoding = decode(bytes)
    if table == "django_session" {
      let identity = EntryIdentity("django", key.map { EntryIdentity.json(ofKey: $0[...]) })
      return DecodedEntry(decoding: decoding, identity: identity)
    }
    var entry = identified(decoding, key)
    if table == "django_cache" { entry.identity.kind = nil }
    return entry
  }
}
