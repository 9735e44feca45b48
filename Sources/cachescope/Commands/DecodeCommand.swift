import CacheModel
import SystemIO
import TerminalCanvas
import ValueDecoding

/// `decode`: what bytes from standard input are, without a server.
struct DecodeCommand {
  private enum Way {
    case found
    case flags(UInt32)
    case chosen([ValueCodec])
    case file
  }

  private let key: CacheKey?
  private let way: Way
  private let input: [UInt8]
  private let masksSecrets: Bool

  init(_ line: ParsedCommandLine) throws(UsageError) {
    key = try line.keys(line.arguments).first
    way = try Self.way(line)
    if case .file = way, key == nil {
      throw UsageError("--file needs KEY, the name of the file", command: .decode)
    }
    masksSecrets = !line.has(.unmask)
    input = try line.standardInput()
  }

  private static func way(_ line: ParsedCommandLine) throws(UsageError) -> Way {
    guard [.codecs, .flags, .cacheFile].filter({ line.has($0) }).count < 2 else {
      throw UsageError("give one of --as, --flags and --file", command: .decode)
    }
    if let names = line.value(.codecs) { return .chosen(try codecs(names)) }
    if line.has(.flags) { return .flags(UInt32(try line.number(.flags, in: 0...Int(UInt32.max)))) }
    return line.has(.cacheFile) ? .file : .found
  }

  /// Layers and at most one form behind them.
  private static func codecs(_ text: String) throws(UsageError) -> [ValueCodec] {
    var codecs: [ValueCodec] = []
    for name in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let codec = ValueCodec.named(String(name)) else {
        let known = ValueCodec.allCases.map(\.rawValue).joined(separator: ", ")
        throw UsageError(.codecs, String(name), "is none of \(known)", command: .decode)
      }
      if let last = codecs.last, !last.isLayer {
        throw UsageError(
          .codecs, text, "goes on behind \(last.rawValue), in which nothing is", command: .decode)
      }
      codecs.append(codec)
    }
    return codecs
  }

  func run(_ output: CommandOutput) -> Int32 {
    let decoder = ValueDecoder(.forScripts())
    let entry = entry(by: decoder)
    if output.isJSON {
      output.line(json(entry, decoder))
    } else {
      ShownValue.write(
        entry.decoding, of: input, named: key?.bytes, masksSecrets: masksSecrets, output)
    }
    output.flush()
    if entry.decoding.failure != nil, output.exitStatus == 0 { return 1 }
    return output.exitStatus
  }

  private func entry(by decoder: ValueDecoder) -> DecodedEntry {
    switch way {
    case .found: decoder.entry(input, key: key?.bytes)
    case .flags(let flags): decoder.entry(input, key: key?.bytes, in: .memcached(flags: flags))
    case .chosen(let codecs): decoder.identified(decoder.decode(input, as: codecs), key?.bytes)
    case .file: decoder.entry(input, key: key?.bytes, in: .file)
    }
  }

  private func json(_ entry: DecodedEntry, _ decoder: ValueDecoder) -> String {
    var writer = JSONWriter()
    writer.beginObject()
    if let key { writer.write(key) }
    entry.write(to: &writer)
    writer.key("value")
    writer.value(written: entry.decoding.json)
    decoder.writeRecognised(entry.decoding, to: &writer)
    writer.endObject()
    return writer.text
  }
}

extension DecodingBudget {
  /// A second of the processor's time for one value, however busy the machine is; ten in a program that
  /// was built to be looked into, which is as much slower.
  static func forScripts() -> DecodingBudget {
    let most: Int64 = _isDebugAssertConfiguration() ? 10_000_000 : 1_000_000
    let start = SystemClock.processorMicroseconds
    return DecodingBudget { SystemClock.processorMicroseconds - start > most }
  }
}

extension DecodedEntry {
  /// Appends everything but the value as members of an object.
  func write(to writer: inout JSONWriter) {
    identity.write(to: &writer)
    decoding.write(to: &writer)
  }
}

extension Decoding {
  /// Appends the chain and what was remarkable on the way as members of an object.
  func write(to writer: inout JSONWriter) {
    writer.key("codecs")
    writer.strings(codecs)
    writer.key("outcome")
    writer.string(outcome)
    if !envelopes.isEmpty {
      writer.key("envelope")
      writer.beginObject()
      for envelope in envelopes { envelope.write(to: &writer) }
      writer.endObject()
    }
    if !suspicious.isEmpty {
      writer.key("suspicious")
      writer.strings(suspicious)
    }
    if trailing > 0 {
      writer.key("trailing")
      writer.integer(Int64(trailing))
    }
    writer.flag("flags_mismatch", hasMismatchedFlags)
    writer.flag("unknown_flags", hasUnknownFlags)
  }
}

extension ValueDecoder {
  /// Appends what a text or bytes are besides, where that is beyond doubt: the codec and the value.
  func writeRecognised(_ decoding: Decoding, to writer: inout JSONWriter) {
    guard let other = recognised(decoding), let codec = other.codecs.first else { return }
    writer.key("recognised")
    writer.beginObject()
    writer.key("codec")
    writer.string(codec)
    writer.key("value")
    writer.value(written: other.json)
    writer.endObject()
  }
}

extension JSONWriter {
  fileprivate mutating func strings(_ values: [String]) {
    beginArray()
    for value in values { string(value) }
    endArray()
  }

  /// A member that stands there only when it is true.
  fileprivate mutating func flag(_ name: String, _ value: Bool) {
    guard value else { return }
    key(name)
    boolean(true)
  }
}
