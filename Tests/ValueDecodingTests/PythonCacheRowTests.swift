import TestSupport
import Testing
import ValueDecoding

/// What Python's libraries really write, row by row against what is to be read from it.
@Suite struct PythonCacheRowTests {
  @Test func allRowsAreThere() {
    #expect(PythonCacheRow.all.count == 354)
  }

  @Test(arguments: PythonCacheRow.all)
  func readsWhatIsExpected(_ row: PythonCacheRow) throws {
    let entry = ValueDecoder().entry(row.value, key: row.key, in: try row.place)
    #expect(entry.decoding.codecs == row.expected["codec_chain"]?.strings)
    #expect(.string(entry.decoding.outcome) == row.expected["outcome"])
    #expect(ParsedJSON(entry.decoding.json) == row.expected["rendered"])
    #expect(entry.decoding.hasMismatchedFlags == (row.expected["flags_mismatch"] == .bool(true)))

    var writer = JSONWriter()
    writer.beginObject()
    entry.identity.write(to: &writer)
    writer.key("envelope")
    writer.beginObject()
    for envelope in entry.decoding.envelopes { envelope.write(to: &writer) }
    writer.endObject()
    writer.endObject()
    let told = try #require(ParsedJSON(writer.bytes))
    for name in ["framework", "key_version", "key_prefix", "kind", "alt"] {
      #expect(told[name] == row.expected[name], "\(name)")
    }
    #expect((told["logical_key"] ?? .null) == row.expected["logical_key"])
    #expect(told["envelope"] == row.expected["envelope"] ?? .object([:]))
  }
}

extension PythonCacheRow {
  /// Where the row was found, in the program's words.
  var place: EntryPlace {
    get throws {
      switch facts["backend"]?.string {
      case "memcached": return .memcached(flags: flags ?? 0)
      case "file": return .file
      case "sqlite":
        let table = try #require(facts["container"]?["table"]?.string)
        return table == "Cache" ? .diskcache(try diskcache) : .table(name: table)
      default: return .server
      }
    }
  }

  private var diskcache: DiskcacheRow {
    get throws {
      let columns = try #require(facts["columns"])
      let keyType = columns["key_sqlite_type"]?.string
      let valueType = columns["value_sqlite_type"]?.string
      return DiskcacheRow(
        keyType: DiskcacheRow.ColumnType(rawValue: keyType ?? "") ?? .text,
        isKeyRaw: columns["raw"]?.number == 1,
        valueType: DiskcacheRow.ColumnType(rawValue: valueType ?? "") ?? .blob,
        mode: DiskcacheRow.Mode(rawValue: Int(columns["mode"]?.number ?? 0)) ?? .none,
        isInFile: columns["filename"] != .null,
        isJSON: columns["disk"]?.string == "JSONDisk")
    }
  }
}

extension PythonCacheRow: CustomTestStringConvertible {
  package var testDescription: String { id }
}
