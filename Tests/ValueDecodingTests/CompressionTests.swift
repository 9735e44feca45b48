import TestSupport
import Testing
import ValueDecoding

@Suite struct CompressionTests {
  /// "hello hello hello" as Python's libraries compress it; Snappy's frame by its description.
  static let samples: [(format: String, base64: String)] = [
    (
      "zlib",
      "eJzLSM3JyVfIQJAAOi4GfQ=="
    ),
    (
      "gzip",
      "H4sIAAAAAAACA8tIzcnJV8hAkACAiPnlEQAAAA=="
    ),
    (
      "xz",
      "/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4AAQAAtdADQZSe6N6U9+FeAAAABLiObaRIAHdgABJxG8J/OQ"
        + "H7bzfQEAAAAABFla"
    ),
    (
      "bz2",
      "QlpoOTFBWSZTWZ5iW/4AAAKRAEAAAkSgACEUYGaCke8jRwu5IpwoSE8xLf8A"
    ),
    (
      "snappy",
      "/wYAAHNOYVBwWQAOAACrBLUdERRoZWxsbyAdBg=="
    ),
    (
      "lz4",
      "BCJNGGxAEQAAAAAAAAAhEQAAgGhlbGxvIGhlbGxvIGhlbGxvAAAAALHNm4c="
    ),
    (
      "zstd",
      "KLUv/QRYZQAAMGhlbGxvIAEAMUoRou0eDA=="
    ),
  ]

  private static func bytes(_ format: String) -> [UInt8] {
    samples.first { $0.format == format }.flatMap { Base64.bytes(of: $0.base64) } ?? []
  }

  @Test(arguments: samples.map(\.format))
  func opensEveryFormat(_ format: String) {
    let bytes = Self.bytes(format)
    let decoding = ValueDecoder().decode(bytes)
    #expect(decoding.codecs == [format, "text"])
    #expect(String(decoding: decoding.json, as: UTF8.self) == "\"hello hello hello\"")
    // What follows the stream is left alone; a snappy stream has no end to follow.
    let followed = ValueDecoder().decode(bytes + [1, 2, 3])
    #expect(followed.outcome == (format == "snappy" ? "compress:truncated" : "ok"))
  }

  @Test(arguments: samples.map(\.format))
  func oneThatBreaksOffIsTruncated(_ format: String) {
    let bytes = Self.bytes(format)
    for count in (format == "snappy" ? 11 : 10)..<bytes.count {
      let decoding = ValueDecoder().decode(Array(bytes.prefix(count)))
      #expect(decoding.codecs == [format] && decoding.outcome == "compress:truncated", "\(count)")
    }
  }

  @Test(arguments: samples.map(\.format))
  func oneThatIsDamagedIsCorrupt(_ format: String) {
    var bytes = Self.bytes(format)
    // The content or its checksum, which every one of these has.
    bytes[bytes.count - (format == "xz" ? 30 : 6)] ^= 0x55
    let outcome = ValueDecoder().decode(bytes).outcome
    #expect(outcome == "compress:corrupt" || outcome == "compress:truncated", "\(outcome)")
    #expect(outcome != "ok")
  }

  @Test func theBoundsHold() {
    var budget = DecodingBudget()
    budget.limits.inflated = 17
    #expect(ValueDecoder(budget).decode(Self.bytes("zlib")).outcome == "ok")
    budget.limits.inflated = 16
    for (format, _) in Self.samples {
      #expect(
        ValueDecoder(budget).decode(Self.bytes(format)).outcome == "limit:inflate", "\(format)")
    }
    budget = DecodingBudget { true }
    #expect(ValueDecoder(budget).decode(Self.bytes("zlib")).outcome == "limit:time")
  }

  @Test func aBombStopsAtItsBound() {
    // 304 bytes: 100 MB of zeros, compressed twice.
    let bomb =
      Base64.bytes(
        of: "eNrt3CFOA2EUhdF/oKJBABVVGJaBISkGXQESCAvA45iE1GNYBwoPDolrQXUBBFFRBQzpLOO/5yzhypeX"
          + "7/bz67VpSintw9/T93CnAAAAAJVrP+63N8eActjNT6fnAAAAQO2u93YH/VHg5+rgxBwAAABQvdnx0X7/"
          + "IbC6uxmYAwAAAKo3Xi8n/S3grXsendkDAAAAqrcQDAAAAIAoggEAAACQRTAAAAAAsggGAAAAQBjBAAAA"
          + "AMgiGAAAAABZBAMAAAAgi2AAAAAAhBEMAAAAgCyCAQAAAJBFMAAAAACyCAYAAABAGMEAAAAAyCIYAAAA"
          + "AFkEAwAAACCLYAAAAACEEQwAAACALIIBAAAAkEUwAAAAALI8rpft5jFg8t7Nf4fjAgAAUKHLrYuX0vwD"
          + "FceRzA==") ?? []
    #expect(bomb.count < 400)
    let decoding = ValueDecoder().decode(bomb)
    #expect(decoding.codecs == ["zlib", "zlib"] && decoding.outcome == "limit:inflate")
  }

  @Test func fiveLayersAreOneTooMany() {
    let four =
      Base64.bytes(of: "eJwBIgDd/3icq5izekbxrcdvTk5+qC6jZhDxcuNVJgbPn+yJALlqDL07uxE+") ?? []
    let five =
      Base64.bytes(
        of: "eJwBLQDS/3icASIA3f94nKuYs3pG8a3Hb05Ofqguo2YQ8XLjVSYGz5/siQC5agy9O7sRPgNOFZY=") ?? []
    let decoding = ValueDecoder().decode(four)
    #expect(decoding.codecs == ["zlib", "zlib", "zlib", "zlib", "text"])
    #expect(ValueDecoder().decode(five).outcome == "limit:layers")
    // A layer that the flags name counts as well.
    #expect(ValueDecoder().decode(five, flags: 8).outcome == "limit:layers")
    #expect(ValueDecoder().decode(four, flags: 8).outcome == "ok")
  }
}
