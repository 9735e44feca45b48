import TestSupport
import Testing
import ValueDecoding

/// The values of Python's library, its old protocols, and what few pickles use.
@Suite struct PickleSampleTests {
  @Test func allSamplesAreThere() {
    #expect(PickleSample.all.count == 100)
  }

  @Test(arguments: PickleSample.all.map(\.title))
  func readsWhatPythonWrote(_ title: String) throws {
    let sample = try #require(PickleSample.all.first { $0.title == title })
    let isOld = sample.bytes.first != 0x80
    let decoder = ValueDecoder()
    let decoding = isOld ? decoder.decode(sample.bytes, flags: 1) : decoder.decode(sample.bytes)
    #expect(decoding.codecs == sample.codecs)
    #expect(
      ParsedJSON(decoding.json) == sample.json, "\(String(decoding: decoding.json, as: UTF8.self))")
    #expect(decoding.suspicious.isEmpty && decoding.trailing == 0)
  }
}
