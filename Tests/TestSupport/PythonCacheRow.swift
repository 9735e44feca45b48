import SystemIO

/// One entry that a Python library wrote to a cache, and what a reader of its bytes is to say of it.
package struct PythonCacheRow: Sendable {
  package var id: String
  package var key: [UInt8]
  package var value: [UInt8]
  /// The row as it is written.
  package var facts: ParsedJSON
  package var expected: ParsedJSON

  /// All rows of the file beside this one.
  package static let all: [PythonCacheRow] = {
    let path = String(#filePath.dropLast("PythonCacheRow.swift".count)) + "Rows/python-caches.jsonl"
    let bytes = (try? FileBytes.read(path: path, limit: 1 << 24)) ?? []
    return bytes.split(separator: 0x0A).compactMap(PythonCacheRow.init)
  }()

  private init?(_ line: ArraySlice<UInt8>) {
    guard let facts = ParsedJSON(line), let id = facts["id"]?.string,
      let expected = facts["expected"], let value = facts["value_base64"]?.string
    else { return nil }
    self.id = id
    self.facts = facts
    self.expected = expected
    self.value = Self.base64(value)
    key =
      facts["key"]?.string.map { Array($0.utf8) } ?? Self.base64(facts["key_base64"]?.string ?? "")
  }

  package var flags: UInt32? { facts["memcached_flags"]?.number.map { UInt32($0) } }

  private static let digits = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// Written for the tests alone, so that it does not err with what it judges.
  static func base64(_ text: String) -> [UInt8] {
    var bits = 0
    var count = 0
    var result: [UInt8] = []
    for symbol in text.utf8 {
      guard let value = digits.firstIndex(of: symbol) else { continue }
      bits = (bits << 6 | value) & 0xFFFF
      count += 6
      guard count >= 8 else { continue }
      count -= 8
      result.append(UInt8(truncatingIfNeeded: bits >> count))
    }
    return result
  }
}
