extension ValueDecoder {
  /// A value of diskcache: as SQLite has it, in a file, pickled, or compressed JSON.
  func decode(_ bytes: [UInt8], _ row: DiskcacheRow) -> Decoding {
    finished { (decoding) throws(DecodingFailure) in
      if row.isInFile { decoding.codecs.append("file") }
      if row.isJSON { return try sniff(bytes, &decoding) }
      switch row.mode {
      case .pickle: _ = try readPickle(bytes, isCertain: true, &decoding)
      case .binary: finish(binary: bytes, &decoding)
      case .text: finish(text: bytes, &decoding)
      case .raw where !row.isInFile:
        decoding.codecs.append("sqlite:\(row.valueType.rawValue)")
        decoding.value = column(bytes, row.valueType)
      default: try sniff(bytes, &decoding)
      }
    }
  }

  /// What a column holds, of its bytes as text.
  private func column(_ bytes: [UInt8], _ type: DiskcacheRow.ColumnType) -> DecodedValue {
    var tree = DecodedValue(source: bytes)
    let text = String(decoding: bytes, as: UTF8.self)
    switch type {
    case .null: tree.root = tree.add(.none)
    case .integer:
      guard let node = tree.integer(decimal: bytes[...]) else { return DecodedValue(text: bytes) }
      tree.root = tree.add(node)
    case .real:
      guard let value = Double(text) else { return DecodedValue(text: bytes) }
      tree.root = tree.add(.double(value))
    case .text: return DecodedValue(text: bytes)
    case .blob: return DecodedValue(binary: bytes)
    }
    return tree
  }

  /// The key that the program gave, as JSON.
  func logicalKey(_ key: [UInt8], _ row: DiskcacheRow) -> [UInt8] {
    if row.isJSON || !row.isKeyRaw { return decode(key).json }
    switch row.keyType {
    case .integer, .real: return key
    case .blob:
      var writer = JSONWriter()
      writer.beginObject()
      writer.key("$bytes")
      writer.string(Base64.text(of: key))
      writer.endObject()
      return writer.bytes
    default: return EntryIdentity.json(ofKey: key[...])
    }
  }
}
