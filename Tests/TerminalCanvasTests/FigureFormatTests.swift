import TerminalCanvas
import Testing

@Suite struct FigureFormatTests {
  @Test(arguments: [
    (UInt64(0), "0 B"), (214, "214 B"), (999, "999 B"), (1000, "1.0 KB"), (1229, "1.2 KB"),
    (10_240, "10 KB"), (1_023_000, "999 KB"), (1_048_000, "1.0 MB"), (432_013_312, "412 MB"),
    (.max, "16 EB"),
  ])
  func bytes(_ bytes: UInt64, _ expected: String) {
    #expect(FigureFormat.bytes(bytes) == expected)
    #expect(expected.count <= FigureFormat.bytesWidth)
  }

  @Test func compactBytes() {
    #expect(FigureFormat.compactBytes(432_013_312) == "412M")
    #expect(FigureFormat.compactBytes(1 << 30) == "1.0G" && FigureFormat.compactBytes(9) == "9B")
  }

  @Test func counts() {
    #expect(FigureFormat.count(999.4) == "999" && FigureFormat.count(999.6) == "1.0k")
    #expect(FigureFormat.count(8_200) == "8.2k" && FigureFormat.count(41_200) == "41k")
    #expect(FigureFormat.count(-41_200) == "-41k" && FigureFormat.count(.nan) == "–")
    #expect(FigureFormat.count(1e300) == "∞" && FigureFormat.rate(0.42) == "0.4")
    #expect(FigureFormat.rate(31.4) == "31" && FigureFormat.rate(0) == "0")
    #expect(FigureFormat.grouped(1_204_331) == "1,204,331" && FigureFormat.grouped(-999) == "-999")
    #expect(FigureFormat.grouped(.min) == "-9,223,372,036,854,775,808")
  }

  @Test func shares() {
    #expect(FigureFormat.percent(0.942) == "94.2 %" && FigureFormat.percent(1) == "100 %")
    #expect(FigureFormat.percent(0.99999) == "99.9 %" && FigureFormat.percent(-1) == "0.0 %")
    #expect(FigureFormat.decimal(-0.01, places: 1) == "0.0")
    #expect(FigureFormat.decimal(1.005, places: 9) == "1.005")
  }

  @Test func durations() {
    let expected: [(Int64, String)] = [
      (-5, "0:00"), (1, "0:01"), (7000, "0:07"), (7001, "0:08"), (271_000, "4:31"),
      (3_599_000, "59:59"), (3_599_001, "1h 00m"), (11_520_000, "3h 12m"), (183_600_000, "2d 3h"),
      (35_596_800_000, "412d"), (.max, "106751991167d"),
    ]
    for (milliseconds, text) in expected {
      #expect(FigureFormat.duration(milliseconds: milliseconds) == text)
    }
    #expect(FigureFormat.age(milliseconds: 3999) == "3s")
    #expect(FigureFormat.age(milliseconds: 7_200_000) == "2h")
    #expect(FigureFormat.latency(milliseconds: 0.31) == "0.3 ms")
    #expect(FigureFormat.latency(milliseconds: 12.4) == "12 ms")
    #expect(FigureFormat.latency(milliseconds: 1400) == "1.4 s")
  }
}
