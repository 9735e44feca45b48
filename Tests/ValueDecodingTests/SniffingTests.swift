import Testing
import ValueDecoding

/// What bytes are taken for, in the order of the rules.
@Suite struct SniffingTests {
  /// Bytes (as Latin-1), the chain, and the value or the code.
  static let cases: [(bytes: String, chain: String, json: String)] = [
    ("", "text", "\"\""),
    ("-0", "int", "0"), ("007", "text", "\"007\""), ("+5", "text", "\"+5\""),
    (" 5 ", "text", "\" 5 \""),
    ("18446744073709551616", "int", "{\"$int\":\"18446744073709551616\"}"),
    ("null", "text", "\"null\""), ("3.14", "text", "\"3.14\""),
    ("{\"a\":1,\"b\":2,\"a\":3}", "json", "{\"a\":3,\"b\":2}"),
    ("[1.50,1e2,-0]", "json", "[1.50,1e2,0]"),
    (
      "[NaN,Infinity,-Infinity,1e999]", "json",
      "[{\"$float\":\"nan\"},{\"$float\":\"inf\"},{\"$float\":\"-inf\"},{\"$float\":\"inf\"}]"
    ),
    (
      "[9007199254740991,9007199254740992]", "json",
      "[9007199254740991,{\"$int\":\"9007199254740992\"}]"
    ),
    ("{\"$a\":1}", "json", "{\"$dict\":[[\"$a\",1]]}"),
    ("\"\\ud800\"", "json", "{\"$str\":\"\\\\ud800\"}"), ("\"\\ud83d\\ude00\"", "json", "\"😀\""),
    ("[1] ", "json", "[1]"), (" [1]", "text", "\" [1]\""), ("[1,]", "text", "\"[1,]\""),
    ("{\"ct\":1,\"v\":2}|null", "dogpile,json", "null"),
    ("{\"ct\":1,\"v\":2}|42", "dogpile,json", "42"),
    ("{\"ct\":1,\"v\":2}|007", "dogpile,text", "\"007\""),
    ("{\"ct\":1,\"v\":2}|", "dogpile,text", "\"\""),
    ("{\"ct\":1}|x", "text", "\"{\\\"ct\\\":1}|x\""),
    ("!\u{80}\u{5}K*.", "cachelib!,pickle:5", "42"), ("!I5\n.", "cachelib!,pickle:0-1", "5"),
    ("!not a pickle.", "text", "\"!not a pickle.\""),
    ("!\u{80}\u{5}K", "cachelib!,pickle:5", "pickle:truncated"),
    ("md5:0af_42", "cashews-sign,int", "42"), ("md5:xyz_42", "text", "\"md5:xyz_42\""),
    ("xxh3_64:1_{\"a\":[]}", "cashews-sign,json", "{\"a\":[]}"),
    ("\u{80}\u{4}", "binary", "{\"$bytes\":\"gAQ=\"}"),
    ("\u{80}\u{6}N.", "binary", "{\"$bytes\":\"gAZOLg==\"}"),
    ("N.", "text", "\"N.\""), ("]}.", "pickle:0-1", "{}"), ("I am text.", "text", "\"I am text.\""),
    ("cos\nsystem\n.x.", "text", "\"cos\\nsystem\\n.x.\""),
    ("x^2 + y^2", "text", "\"x^2 + y^2\""), ("x^", "zlib", "compress:truncated"),
    ("a\u{C}b", "binary", "{\"$bytes\":\"YQxi\"}"), ("a\u{7F}b", "binary", "{\"$bytes\":\"YX9i\"}"),
    ("\u{1B}[1m", "text", "\"\\u001b[1m\""), ("\u{C0}", "binary", "{\"$bytes\":\"wA==\"}"),
    ("\u{82}\u{A1}a\u{1}\u{2}\u{A1}b", "msgpack", "{\"$dict\":[[\"a\",1],[2,\"b\"]]}"),
    (
      "\u{91}\u{CF}\u{FF}\u{FF}\u{FF}\u{FF}\u{FF}\u{FF}\u{FF}\u{FF}", "msgpack",
      "[{\"$int\":\"18446744073709551615\"}]"
    ),
    (
      "\u{95}\u{D0}\u{80}\u{D1}\u{80}\u{0}\u{E0}\u{CA}\u{40}\u{0}\u{0}\u{0}\u{C4}\u{1}\u{FF}",
      "msgpack",
      "[-128,-32768,-32,2,{\"$bytes\":\"/w==\"}]"
    ),
    (
      "\u{92}\u{C7}\u{1}\u{5}\u{FF}\u{C7}\u{0}\u{FF}", "msgpack",
      "[{\"$ext\":5,\"$data\":\"/w==\"},{\"$ext\":-1,\"$data\":\"\"}]"
    ),
    (
      "\u{91}\u{C7}\u{C}\u{FF}\u{0}\u{0}\u{0}\u{7}\u{FF}\u{FF}\u{FF}\u{FF}\u{FF}\u{FF}\u{FF}\u{FE}",
      "msgpack",
      "[{\"$timestamp\":{\"seconds\":-2,\"nanoseconds\":7}}]"
    ),
    ("\u{91}\u{D9}\u{2}\u{FF}\u{FF}", "binary", "{\"$bytes\":\"kdkC//8=\"}"),
    ("\u{91}\u{A1}", "binary", "{\"$bytes\":\"kaE=\"}"),
    ("\u{90}\u{90}", "binary", "{\"$bytes\":\"kJA=\"}"),
    ("gASVBAAAAAAAAABdlGEu", "text", "\"gASVBAAAAAAAAABdlGEu\""),
    ("gAROLg==", "base64,pickle:4", "null"),
    ("gAROLg", "text", "\"gAROLg\""),
  ]

  @Test(arguments: cases.indices)
  func takesBytesFor(_ index: Int) {
    let (text, chain, json) = Self.cases[index]
    let decoding = ValueDecoder().decode(latin(text))
    #expect(decoding.codecs.joined(separator: ",") == chain, "\(text)")
    if json.contains(":"), !json.contains("\"") {
      #expect(decoding.outcome == json, "\(text)")
      #expect(String(decoding: decoding.json, as: UTF8.self) == "{\"$error\":\"\(json)\"}")
    } else {
      #expect(
        decoding.outcome == "ok" && String(decoding: decoding.json, as: UTF8.self) == json,
        "\(text)")
    }
  }

  static let flagged: [(bytes: String, flags: UInt32, chain: String, json: String)] = [
    ("I01\n.", 1, "pickle:0-1", "true"), ("N.", 1, "pickle:0-1", "null"),
    ("5", 2, "int", "5"), ("5", 4, "int", "5"), ("5", 16, "int", "5"), ("5", 33, "int", "5"),
    ("{}", 2, "json", "{}"), ("hello", 1, "text", "\"hello\""),
  ]

  @Test(arguments: flagged.indices)
  func flagsOfMemcachedComeFirst(_ index: Int) {
    let (text, flags, chain, json) = Self.flagged[index]
    let decoding = ValueDecoder().decode(latin(text), flags: flags)
    #expect(decoding.codecs == [chain] && String(decoding: decoding.json, as: UTF8.self) == json)
    #expect(decoding.hasUnknownFlags == (flags == 33))
    #expect(decoding.hasMismatchedFlags == (index >= 6))
  }

  @Test func aCompressedValueThatIsNoneFails() {
    #expect(ValueDecoder().decode(Array("hello".utf8), flags: 8).outcome == "compress:corrupt")
    #expect(ValueDecoder().decode([0x80, 4, 0x4B], flags: 1).outcome == "pickle:truncated")
  }

  @Test func aChosenChainIsFollowed() {
    let decoder = ValueDecoder()
    let base64 = decoder.decode(Array("WzFd".utf8), as: [.base64])
    #expect(base64.codecs == ["base64", "json"] && base64.json == Array("[1]".utf8))
    #expect(decoder.decode(Array("5".utf8), as: [.text]).json == Array("\"5\"".utf8))
    #expect(decoder.decode(Array("5".utf8), as: [.binary]).codecs == ["binary"])
    #expect(decoder.decode(Array("x".utf8), as: [.integer]).outcome == "form:mismatch")
    #expect(decoder.decode(Array("x".utf8), as: [.zlib]).codecs == ["zlib"])
  }

  private func latin(_ text: String) -> [UInt8] {
    // What is not Latin-1 stands for its UTF-8.
    text.unicodeScalars.allSatisfy { $0.value < 256 }
      ? text.unicodeScalars.map { UInt8($0.value) } : Array(text.utf8)
  }
}
