import CacheModel
import EntryExport
import TestSupport
import Testing

@Suite struct ExportFormatTests {
  private func read(_ text: String) throws(ExportLineError) -> ExportLine {
    try ExportFormat.read(Array(text.utf8))
  }

  private func bytes(upTo count: Int, _ random: inout SeededRandom) -> [UInt8] {
    (0..<Int.random(in: 0...count, using: &random)).map { _ in
      UInt8.random(in: 0...255, using: &random)
    }
  }

  private let header = ExportLine.header(
    ExportHeader(product: "redis 7.0.15", database: 3, time: WallTime(milliseconds: 1_700)))

  @Test func linesReadAsTheyAreDocumented() throws {
    let entry = ExportedEntry(
      key: CacheKey(Array("a\nb".utf8)), kind: .hash, deadline: WallTime(milliseconds: 5),
      payload: [0, 1, 255], tags: [[1, 2]], rendering: #"{"f":[1,{"dump":"no"}]}"#)
    #expect(
      ExportFormat.text(of: .entry(entry))
        == #"{"key":"a\nb","type":"hash","expires_at_ms":5,"dump":"AAH/","tags_b64":["AQI="],"#
        + #""value":{"f":[1,{"dump":"no"}]}}"#)
    #expect(
      ExportFormat.text(of: header)
        == #"{"format":"cachescope-export","version":1,"source":"redis 7.0.15","db":3,"#
        + #""time_ms":1700}"#)
    #expect(
      ExportFormat.text(of: .end(entries: 7, failed: 1)) == #"{"end":true,"entries":7,"failed":1}"#)
  }

  @Test func whatIsWrittenIsReadBack() throws {
    var random = SeededRandom(seed: 11)
    for _ in 0..<300 {
      var entry = ExportedEntry(
        key: CacheKey(bytes(upTo: 40, &random)), kind: .string, deadline: nil,
        payload: [7] + bytes(upTo: 60, &random), tags: [])
      if Bool.random(using: &random) { entry.deadline = WallTime(milliseconds: 1_234_567) }
      if Bool.random(using: &random) { entry.tags = [bytes(upTo: 9, &random), [0xFF]] }
      #expect(try read(ExportFormat.text(of: .entry(entry))) == .entry(entry))
    }
    #expect(try read(ExportFormat.text(of: header)) == header)
    let end = ExportLine.end(entries: 12, failed: 0)
    #expect(try read(ExportFormat.text(of: end)) == end)
  }

  @Test func everyPrefixOfALineIsCutOff() {
    let line = Array(
      ExportFormat.text(
        of: .entry(
          ExportedEntry(key: CacheKey([65]), kind: .list, deadline: nil, payload: [1, 2, 3]))
      ).utf8)
    for count in 0..<line.count {
      #expect(throws: ExportLineError.cutOff) { try ExportFormat.read(Array(line[..<count])) }
    }
  }

  @Test(arguments: [
    (#"{"format":"cachescope-export","version":2,"db":0,"time_ms":1}"#, "version 2"),
    (#"{"format":"other","version":1}"#, "no line of an export"),
    (#"{"key":"a","type":"string","expires_at_ms":null}"#, "no line of an export"),
    (#"{"key":"a","type":"string","expires_at_ms":null,"dump":"A?"}"#, "\"dump\""),
    (#"{"type":"string","expires_at_ms":null,"dump":"AAAA"}"#, "\"key\""),
    (#"{"key":"a","expires_at_ms":null,"dump":"AAAA"}"#, "\"type\""),
    (#"{"key":"a","type":"string","dump":"AAAA"}"#, "\"expires_at_ms\""),
    (#"{"key":"a","type":"string","expires_at_ms":-4,"dump":"AAAA"}"#, "\"expires_at_ms\""),
    (#"[1]"#, "not JSON at byte 0"), (#"{"a":1}}"#, "not JSON at byte 7"),
  ])
  func whatIsWrongIsNamed(_ line: String, _ words: String) {
    #expect {
      try read(line)
    } throws: { error in
      (error as? ExportLineError)?.words.contains(words) == true
    }
  }
}
