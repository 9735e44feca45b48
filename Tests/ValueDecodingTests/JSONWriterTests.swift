import Testing
import ValueDecoding

@Suite struct JSONWriterTests {
  @Test func putsCommasInTheRightPlaces() {
    var writer = JSONWriter()
    writer.beginObject()
    writer.key("a")
    writer.beginArray()
    writer.integer(1)
    writer.null()
    writer.beginObject()
    writer.endObject()
    writer.endArray()
    writer.key("b")
    writer.boolean(true)
    writer.key("c")
    writer.double(0.5)
    writer.key("d")
    writer.double(3)
    writer.endObject()
    #expect(writer.text == "{\"a\":[1,null,{}],\"b\":true,\"c\":0.5,\"d\":3}")
  }

  static let strings: [(text: String, quoted: String)] = [
    ("", "\"\""), ("a\"b\\", "\"a\\\"b\\\\\""), ("\n\r\t", "\"\\n\\r\\t\""),
    ("\u{1B}[31m", "\"\\u001b[31m\""), ("\u{0}", "\"\\u0000\""), ("\u{7F}", "\"\\u007f\""),
    ("\u{9B}2J", "\"\\u009b2J\""), ("\u{202E}x", "\"\\u202ex\""), ("é😀", "\"é😀\""),
  ]

  @Test(arguments: strings.indices)
  func quotesAndUnquotes(_ row: Int) {
    let (text, quoted) = Self.strings[row]
    #expect(JSONText.quoted(text) == quoted)
    #expect(JSONText.unquoted(Array(quoted.utf8)[...]) == text)
  }

  @Test func unquotesWhatOthersWrote() {
    let unquoted = { (text: String) in JSONText.unquoted(Array(text.utf8)[...]) }
    #expect(unquoted("\"\\u00e9\\ud83d\\ude00\\/\\b\\f\"") == "é😀/\u{8}\u{C}")
    #expect(unquoted("\"a\\ud83dz\"") == "a\u{FFFD}z")
  }

  static let copies: [(json: String, copy: String?)] = [
    ("{ \"b\" : 1, \"a\":2,\"b\" :3 }", "{\"b\":1,\"a\":2,\"b\":3}"),
    ("9007199254740991", "9007199254740991"),
    ("9007199254740992", "{\"$int\":\"9007199254740992\"}"),
    ("-9223372036854775808", "{\"$int\":\"-9223372036854775808\"}"),
    ("123456789012345678901234567890", "{\"$int\":\"123456789012345678901234567890\"}"),
    ("[1.10,-0,1e400,1E5]", "[1.10,-0,1e400,1E5]"),
    ("[NaN,-Infinity]", "[{\"$float\":\"nan\"},{\"$float\":\"-inf\"}]"),
    ("[true,\"\u{9B}\"]", "[true,\"\\u009b\"]"),
    ("[1", nil), ("", nil),
  ]

  @Test(arguments: copies.indices)
  func copiesExactly(_ row: Int) {
    let (json, copy) = Self.copies[row]
    var writer = JSONWriter()
    #expect(writer.copy(Array(json.utf8)) == (copy != nil))
    #expect(writer.text == copy ?? "")
  }

  @Test func base64GoesThereAndBack() {
    let known = ["": "", "f": "Zg==", "fo": "Zm8=", "foo": "Zm9v", "foob": "Zm9vYg=="]
    for (text, encoded) in known {
      #expect(Base64.text(of: Array(text.utf8)) == encoded)
      #expect(Base64.bytes(of: encoded) == Array(text.utf8))
    }
    let all = (0...255).map { UInt8($0) }
    for count in 253...256 {
      #expect(
        Base64.bytes(of: Base64.text(of: Array(all.prefix(count)))) == Array(all.prefix(count)))
    }
    #expect(Base64.bytes(of: "Zm8") == Array("fo".utf8))
    #expect(Base64.bytes(of: "-_8") == [0xFB, 0xFF])
    for wrong in ["Z", "Zg=", "Zm9v=", "Zm 9v", "Zg==Zg==", "é", "===="] {
      #expect(Base64.bytes(of: wrong) == nil, "\(wrong)")
    }
  }
}
