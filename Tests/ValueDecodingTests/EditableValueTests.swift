import TestSupport
import Testing
import ValueDecoding

/// Values taken out of their layers, edited, and put back.
@Suite struct EditableValueTests {
  private static let budget = DecodingBudget()

  /// What is written back without an edit means the same, in the same layers.
  @Test(arguments: PythonCacheRow.all)
  func meansTheSameWhenWrittenBack(_ row: PythonCacheRow) throws {
    guard let value = try? EditableValue(row.value, within: Self.budget) else { return }
    let decoder = ValueDecoder()
    for text in [value.text, value.pages] {
      #expect(value.isSame(text))
      let decoding = decoder.decode(try value.encoded(text, within: Self.budget))
      #expect(decoding.codecs == value.codecs)
      #expect(decoding.outcome == "ok")
      let before = decoder.exactJSON(of: decoder.decode(row.value))
      #expect(decoder.exactJSON(of: decoding) == before)
    }
  }

  @Test func mostRowsCanBeEdited() {
    let editable = PythonCacheRow.all.count { row in
      (try? EditableValue(row.value, within: Self.budget)) != nil
    }
    #expect(editable > 230, "\(editable)")
  }

  /// Pickles of every kind of plain data that Python wrote.
  @Test(arguments: PickleSample.all)
  func picklesMeanTheSame(_ sample: PickleSample) throws {
    guard let value = try? EditableValue(sample.bytes, within: Self.budget) else { return }
    let decoder = ValueDecoder()
    let decoding = decoder.decode(try value.encoded(value.text, within: Self.budget))
    #expect(ParsedJSON(decoding.json) == sample.json)
  }

  @Test(arguments: [
    ("cos\nsystem\n(S'x'\ntR.", "os.system"), ("cx\nY\n.", "x.Y"),
  ])
  func whatOnlyTheApplicationCanWriteIsRefused(_ pickle: String, _ name: String) {
    let bytes = Array(pickle.utf8)
    #expect(throws: EditRefusal.objects(of: name)) {
      try EditableValue(bytes, within: Self.budget)
    }
  }

  /// What a person types is checked before anything is sent.
  @Test(arguments: [
    ("{\"a\":", EditRefusal.noJSON), (#"{"$class":"os.system"}"#, .objects(of: "os.system")),
    (#"{"$global":"os.system"}"#, .objects(of: "os.system")),
    (#"{"$unheard":1}"#, .tag("$unheard")), (#"{"$decimal":1}"#, .noJSON),
    (#"{"$date":"2024-02-30"}"#, .number("that date")), (#"{"$int":"1;2"}"#, .number("1;2")),
    (#"{"$bytes":"§"}"#, .noJSON),
    (
      String(repeating: "[", count: 300)
        + String(repeating: "]", count: 300), .depth
    ),
  ])
  func badEditsAreRefused(_ text: String, _ refusal: EditRefusal) throws {
    let value = try EditableValue(Array("(lp0\nI1\na.".utf8), within: Self.budget)
    #expect(throws: refusal) { try value.encoded(Array(text.utf8), within: Self.budget) }
  }

  @Test func aSignedValueStaysAsItIs() {
    let row = PythonCacheRow.all.first {
      $0.expected["codec_chain"]?.strings?.first == "django-signed"
    }
    #expect(throws: EditRefusal.signed(layer: "django-signed")) {
      try EditableValue(row?.value ?? [], within: Self.budget)
    }
  }
}
