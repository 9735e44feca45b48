/// The layers and forms that bytes can have, by the names under which they stand in a chain.
package enum ValueCodec: String, Sendable, Hashable, CaseIterable {
  // Layers: what is in them is decoded further.
  case dogpile
  case cachelib = "cachelib!"
  case cashewsSignature = "cashews-sign"
  case djangoFile = "djcache"
  case cachelibFile = "cachelib-file"
  case djangoSigned = "django-signed"
  case base64
  case zlib, gzip, xz, bz2, zstd, lz4, snappy

  // Forms: what a value is in the end.
  case pickle
  case json, msgpack
  case integer = "int"
  case text, binary
  // Forms of which a chain never tells: what text or bytes can be taken for besides.
  case php, cbor, bson, java, protobuf
  case hyperLogLog = "hll"
  case bits

  /// The codec of that name; `pickle:4` and `pickle:0-1` are pickles, whatever their protocol.
  package static func named(_ name: String) -> ValueCodec? {
    if let codec = ValueCodec(rawValue: name) { return codec }
    if name.hasPrefix("pickle:") { return .pickle }
    return name == "cachelib" ? .cachelib : name == "hex" ? .binary : nil
  }

  /// Whether something is inside that is decoded further.
  package var isLayer: Bool {
    switch self {
    case .pickle, .json, .msgpack, .integer, .text, .binary: false
    case .php, .cbor, .bson, .java, .protobuf, .hyperLogLog, .bits: false
    default: true
    }
  }

  /// What a text or bytes of this format are called; nil for what a chain tells.
  package var secondTitle: String? {
    switch self {
    case .php: "serialized by PHP"
    case .cbor: "CBOR"
    case .bson: "BSON"
    case .java: "serialized by Java: its classes, not their contents"
    case .protobuf: "Protocol Buffers, if it is"
    case .hyperLogLog: "a HyperLogLog"
    case .bits: "a bitmap"
    default: nil
    }
  }

  var compression: CompressionFormat? { CompressionFormat(rawValue: rawValue) }
}

/// What a layer says besides its content.
package enum ValueEnvelope: Sendable, Hashable {
  /// The metadata as JSON: an object with `ct`, when it was written, and `v`.
  case dogpile(json: [UInt8])
  /// When a file's entry expires, as JSON: a number, or null for never.
  case expires(json: [UInt8])
  case beaker(json: [UInt8])
  /// Unix seconds, and the signature as it is written.
  case signed(timestamp: Int64, signature: String)
  case cashewsSignature(digest: String, signature: String)

  /// Appends it as a member of an object.
  package func write(to writer: inout JSONWriter) {
    switch self {
    case .dogpile(let json): Self.member("dogpile", json, &writer)
    case .expires(let json): Self.member("expires", json, &writer)
    case .beaker(let json): Self.member("beaker", json, &writer)
    case .signed(let timestamp, let signature):
      writer.key("signed")
      writer.beginObject()
      writer.key("timestamp")
      writer.integer(timestamp)
      writer.key("signature")
      writer.string(signature)
      writer.endObject()
    case .cashewsSignature(let digest, let signature):
      writer.key("cashews_sign")
      writer.beginObject()
      writer.key("digest")
      writer.string(digest)
      writer.key("signature")
      writer.string(signature)
      writer.endObject()
    }
  }

  private static func member(_ name: String, _ json: [UInt8], _ writer: inout JSONWriter) {
    writer.key(name)
    writer.value(written: json)
  }
}
