import SystemIO

/// A pickle that Python wrote, or that was put together opcode by opcode, and its value as JSON.
package struct PickleSample: Sendable {
  package var title: String
  package var bytes: [UInt8]
  package var codecs: [String]
  package var json: ParsedJSON

  /// All of the file beside this one.
  package static let all: [PickleSample] = {
    let path = String(#filePath.dropLast("PickleSample.swift".count)) + "Rows/pickles.jsonl"
    let bytes = (try? FileBytes.read(path: path, limit: 1 << 20)) ?? []
    return bytes.split(separator: 0x0A).compactMap(PickleSample.init)
  }()

  private init?(_ line: ArraySlice<UInt8>) {
    guard let facts = ParsedJSON(line), let title = facts["title"]?.string,
      let value = facts["value_base64"]?.string, let codecs = facts["codecs"]?.strings,
      let json = facts["json"]?.string.flatMap({ ParsedJSON($0.utf8) })
    else { return nil }
    self.title = title
    self.codecs = codecs
    self.json = json
    bytes = PythonCacheRow.base64(value)
  }
}
