import Testing
import ValueDecoding

/// Formats of which a chain does not tell: read when they are asked for, and named where nothing else
/// can be meant.
@Suite struct SecondFormatTests {
  private let decoder = ValueDecoder()

  private func json(_ bytes: [UInt8], as codec: ValueCodec) -> String {
    String(decoding: decoder.decode(bytes, as: [codec]).json, as: UTF8.self)
  }

  private func hex(_ text: String) -> [UInt8] {
    let digits = text.filter { !$0.isWhitespace }.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count - 1, by: 2).map {
      UInt8(digits[$0] << 4 | digits[$0 + 1])
    }
  }

  /// What a chain says stays, and the second view comes beside it.
  private func recognised(_ bytes: [UInt8]) -> (chain: [String], codec: String?) {
    let decoding = decoder.decode(bytes)
    return (decoding.codecs, decoder.recognised(decoding)?.codecs.first)
  }

  // MARK: PHP

  @Test(arguments: [
    (#"a:2:{i:0;s:1:"a";i:1;d:0.5;}"#, #"["a",0.5]"#),
    (#"a:1:{s:4:"name";a:1:{i:3;b:1;}}"#, #"{"name":{"$dict":[[3,true]]}}"#),
    (#"s:6:"ä√a";"#, #""ä√a""#), ("a:0:{}", "[]"),
    (#"O:8:"Cart\Box":1:{s:5:"items";N;}"#, #"{"$class":"php.Cart\\Box","items":null}"#),
    (
      "O:3:\"Box\":2:{s:6:\"\u{0}Box\u{0}a\";i:1;s:4:\"\u{0}*\u{0}b\";i:-2;}",
      #"{"$class":"php.Box","a":1,"b":-2}"#
    ),
    (#"E:11:"Suit:Hearts";"#, #"{"$class":"php.enum Suit:Hearts"}"#),
    (#"a:1:{i:0;r:1;}"#, #"[{"$class":"php.reference","$args":[1]}]"#),
    (#"C:3:"Box":4:{a{}b}"#, #"{"$class":"php.Box","$args":["a{}b"]}"#),
    ("d:INF;", #"{"$float":"inf"}"#), ("N;", "null"),
    ("i:-9223372036854775808;", #"{"$int":"-9223372036854775808"}"#),
  ])
  func whatPHPSerializes(_ text: String, _ expected: String) {
    #expect(json(Array(text.utf8), as: .php) == expected)
  }

  @Test(arguments: [
    "a:2:{i:0;i:1;}", "a:1:{i:0;i:1;", "s:5:\"abc\";", "s:99999999999:\"\";", "i:;", "i:5",
    "O:1:\"B\":1:{}",
    "a:-1:{}", "b:2", "x:1;", "a:1000000000:{}", "a:1:{i:0;i:1;}x", "",
  ])
  func whatPHPDoesNotWrite(_ text: String) {
    #expect(decoder.decode(Array(text.utf8), as: [.php]).failure == .mismatch)
  }

  @Test func whatPHPSerializesStaysText() {
    let found = recognised(Array(#"a:1:{s:4:"name";s:3:"ann";}"#.utf8))
    #expect(found.chain == ["text"] && found.codec == "php")
    for text in ["a: b", "s:5", "hello there;", "a:1:{", "i:5;"] {
      #expect(recognised(Array(text.utf8)).codec == nil, "\(text)")
    }
  }

  // MARK: CBOR, by the examples of RFC 8949, appendix A

  @Test(arguments: [
    ("00", "0"), ("1903e8", "1000"), ("1bffffffffffffffff", #"{"$int":"18446744073709551615"}"#),
    ("3bffffffffffffffff", #"{"$int":"-18446744073709551616"}"#), ("3903e7", "-1000"),
    ("f90000", "0.0"), ("f93c00", "1.0"), ("f97bff", "65504.0"), ("fb3ff199999999999a", "1.1"),
    ("f90001", "5.960464477539063e-08"), ("f97c00", #"{"$float":"inf"}"#), ("f4", "false"),
    ("f6", "null"), ("f7", "null"), ("4401020304", #"{"$bytes":"AQIDBA=="}"#),
    ("6449455446", #""IETF""#),
    ("83010203", "[1,2,3]"), ("80", "[]"), ("a0", "{}"),
    ("a26161016162820203", #"{"a":1,"b":[2,3]}"#), ("9f018202039f0405ffff", "[1,[2,3],[4,5]]"),
    ("bf61610161629f0203ffff", #"{"a":1,"b":[2,3]}"#),
    ("7f657374726561646d696e67ff", #""streaming""#),
    ("c11a514b67b0", #"{"$class":"cbor.tag 1","$args":[1363896240]}"#),
    ("d9d9f783010203", "[1,2,3]"),
    ("826161a161626163", #"["a",{"b":"c"}]"#),
  ])
  func whatCBORSays(_ text: String, _ expected: String) {
    let found = json(hex(text), as: .cbor)
    #expect(found == expected || Double(found) == Double(expected) && Double(found) != nil)
  }

  @Test(arguments: [
    "", "18", "61", "8201", "a101", "ff", "1c", "9f01", "5f6161ff", "f8", "7b7fffffffffffffff",
    "c1",
    "0000", "bfff01", "62c328",
  ])
  func whatCBORDoesNotSay(_ text: String) {
    #expect(decoder.decode(hex(text), as: [.cbor]).failure == .mismatch)
  }

  @Test func mapsWithNamesAreRecognisedAsCBOR() {
    #expect(recognised(hex("bf6346756ef563416d7421ff")).codec == "cbor")
    #expect(recognised(hex("d9d9f7f6")).codec == "cbor")
    // As short as that it may be anything.
    #expect(recognised(hex("bf0102ff")).codec == nil && recognised(hex("f6ff")).codec == nil)
  }

  // MARK: BSON, Java, protobuf

  @Test func documentsOfBSON() {
    // {"hello": "world", "n": 7, "d": date 0, "a": {"0": true}}
    let inner = hex("09 00 00 00 08 30 00 01 00")
    var bytes = hex(
      "02 68656c6c6f00 06000000 776f726c6400 10 6e00 07000000 09 6400 0000000000000000")
    bytes += hex("04 6100") + inner + [0]
    bytes = [UInt8(bytes.count + 4), 0, 0, 0] + bytes
    #expect(
      json(bytes, as: .bson)
        == #"{"hello":"world","n":7,"d":{"$class":"bson.Date","$args":["1970-01-01 00:00:00"]},"#
        + #""a":{"0":true}}"#)
    let found = recognised(bytes)
    #expect(found.chain == ["binary"] && found.codec == "bson")
    for end in 1..<bytes.count {
      #expect(decoder.decode(Array(bytes[..<end]), as: [.bson]).failure == .mismatch, "\(end)")
    }
  }

  @Test func classesThatJavaSerialized() {
    let bytes =
      hex("ACED0005 7372 0011") + Array("java.lang.Integer".utf8)
      + hex("12E2A0A4F7818738 02 0001 49 0005") + Array("value".utf8)
      + hex("78 72 0010") + Array("java.lang.Number".utf8)
      + hex("86AC951D0B94E08B 02 0000 78 70 00000007")
    #expect(
      json(bytes, as: .java)
        == #"{"java":"object","class":"java.lang.Integer","fields":{"value":"int"},"#
        + #""extends":"java.lang.Number","its fields":{}}"#)
    #expect(recognised(bytes).codec == "java")
    #expect(json(hex("ACED0005 74 0002 6869"), as: .java) == #""hi""#)
    for end in 4..<bytes.count - 6 {
      _ = decoder.decode(Array(bytes[..<end]), as: [.java])
    }
  }

  @Test func messagesWithoutASchema() {
    // The examples of the guide, and one within another twice.
    #expect(json(hex("089601"), as: .protobuf) == #"{"1":150}"#)
    #expect(json(hex("120774657374696e67"), as: .protobuf) == #"{"2":"testing"}"#)
    #expect(json(hex("1a03089601 1a03089602"), as: .protobuf) == #"{"3":[{"1":150},{"1":278}]}"#)
    #expect(json(hex("09 000000000000f83f"), as: .protobuf) == #"{"1":1.5}"#)
    for text in ["00", "0800ff", "0a05616263", "0b", "ffffffffffffffffffffff01"] {
      #expect(decoder.decode(hex(text), as: [.protobuf]).failure == .mismatch, "\(text)")
    }
    #expect(recognised(hex("089601 120774657374696e67")).codec == nil)
  }

  // MARK: Bits, places, remarks

  @Test func bitsAndHyperLogLogs() {
    #expect(
      json([0x80, 0, 0x01], as: .bits) == #"{"set":2,"bits":24,"the first that are set":[0,23]}"#)
    let empty = Array("HYLL".utf8) + [1, 0, 0, 0] + [0, 0, 0, 0, 0, 0, 0, 0x80] + [0x7F, 0xFF]
    #expect(HyperLogLog(empty)?.estimate == 0 && HyperLogLog(empty)?.isKept == false)
    #expect(recognised(empty).codec == "hll")
    let kept = Array("HYLL".utf8) + [1, 0, 0, 0] + [0x39, 0x30, 0, 0, 0, 0, 0, 0] + [0x7F, 0xFF]
    #expect(HyperLogLog(kept)?.estimate == 12345 && HyperLogLog(kept)?.isKept == true)
    #expect(HyperLogLog(Array(empty.dropLast())) == nil)
    #expect(
      HyperLogLog(Array("HYLL".utf8) + [0, 0, 0, 0] + [UInt8](repeating: 0, count: 8)) == nil)
  }

  /// As the documentation of GEOADD has them.
  @Test func placesOnTheGlobe() {
    #expect(GeoPlace(score: 3_479_099_956_230_698)?.text == "13.361389, 38.115556")
    #expect(GeoPlace(score: 3_479_447_370_796_909)?.text == "15.087267, 37.502668")
    #expect(GeoPlace.areLikely([3_479_099_956_230_698]) && !GeoPlace.areLikely([1_700_000_000_000]))
    for score in [-1, 0.5, 0x1p52, .infinity, .nan] { #expect(GeoPlace(score: score) == nil) }
  }

  @Test(arguments: [
    ("1700000000", "2023-11-14 22:13:20 UTC, if it is a time in seconds"),
    ("1700000000123", "2023-11-14 22:13:20.123 UTC, if it is a time in milliseconds"),
    ("1700000000123456", "2023-11-14 22:13:20.123 UTC, if it is a time in microseconds"),
    ("12345", nil), ("99999999999999999", nil),
    ("550e8400-e29b-41d4-a716-446655440000", "a UUID, random (version 4)"),
    ("018bcfe5-687b-7000-8000-000000000000", "a UUID of 2023-11-14 22:13:20.123 UTC (version 7)"),
    ("c232ab00-9414-11ec-b3c8-9f6bdeced846", "a UUID of 2022-02-22 19:22:22 UTC (version 1)"),
    ("550e8400-e29b-41d4-a716-44665544000", nil), ("hello", nil),
  ])
  func whatIsSaidOfTexts(_ text: String, _ remark: String?) {
    #expect(ValueRemark.of(decoder.decode(Array(text.utf8))) == remark)
  }

  @Test func imagesTellTheirSize() {
    func remark(_ text: String) -> String? { ValueRemark.of(decoder.decode(hex(text))) }
    #expect(
      remark("89504e470d0a1a0a 0000000d 49484452 00000280 000001e0 0802000000")
        == "PNG image, 640 x 480 pixels")
    #expect(remark("474946383961 8002 e001 f70000") == "GIF image, 640 x 480 pixels")
    #expect(
      remark("ffd8ffe0 0004 0000 ffc0 0011 08 01e0 0280 03") == "JPEG image, 640 x 480 pixels")
    #expect(
      remark("52494646 24000000 57454250 56503858 0a000000 00000000 7f0200 df0100 00000000")
        == "WebP image, 640 x 480 pixels")
    #expect(remark("89504e470d0a1a0a 00") == "PNG image")
    #expect(remark("ffd8ffe0") == "JPEG image")
    #expect(remark("00ff00ff") == nil)
  }

  @Test func datesOfTheCalendar() {
    #expect(CivilDate.text(milliseconds: 0) == "1970-01-01 00:00:00")
    #expect(CivilDate.text(milliseconds: -1) == "1969-12-31 23:59:59.999")
    #expect(CivilDate.text(milliseconds: 951_782_400_000) == "2000-02-29 00:00:00")
    #expect(CivilDate.text(milliseconds: .max) == "9223372036854775807")
  }
}
