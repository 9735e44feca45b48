import TestSupport
import Testing
import ValueDecoding

/// The second views of well-known shapes, against what Python's libraries wrote.
@Suite struct HumanViewTests {
  @Test(arguments: PythonCacheRow.all)
  func showsWhatIsExpected(_ row: PythonCacheRow) throws {
    let decoder = ValueDecoder()
    let view = decoder.humanView(
      of: decoder.entry(row.value, key: row.key, in: try row.place).decoding)
    #expect(view.flatMap { ParsedJSON($0.json) } == row.expected["human"])
    #expect(view?.kind.rawValue == row.expected["human"]?["kind"]?.string)
  }

  @Test func someRowsHaveOne() {
    #expect(PythonCacheRow.all.count { $0.expected["human"] != nil } == 20)
  }

  /// Rows of SQLAlchemy: a list of calls that share the names of their parent.
  @Test func rowsShareTheirNames() throws {
    let row = "csqlalchemy.engine._row_cy\nrowproxy_reconstructor\n"
    let parent =
      "csqlalchemy.engine.result\nSimpleResultMetaData\n)R(dS'_keys'\n(lp1\nS'id'\naS'name'\nasb"
    let first =
      row + "(csqlalchemy.engine.row\nRow\n(dS'_parent'\n" + parent
      + "p0\nsS'_data'\n(I1\nS'a'\ntstR"
    let second =
      row + "(csqlalchemy.engine.row\nRow\n(dS'_parent'\ng0\nsS'_data'\n(I2\nS'b'\ntstR"
    let pickle = Array("(l\(first)a\(second)a.".utf8)
    let decoder = ValueDecoder()
    let view = decoder.humanView(of: decoder.decode(pickle, as: [.pickle]))
    let text = view.map { String(decoding: $0.json, as: UTF8.self) }
    #expect(
      text == #"{"kind":"sqlalchemy-rows","columns":["id","name"],"rows":[[1,"a"],[2,"b"]]}"#)
  }

  /// A page whose headers are themselves: written with a cycle, not for ever.
  @Test func hostileShapesEnd() {
    let decoder = ValueDecoder()
    for pickle in [
      "(l(la.", "(lp0\ng0\na.", "csqlalchemy.engine.result\nFrozenResult\n)R(dS'data'\n(lsb.",
      "cx\nResponse\n)R(dp0\nS'headers'\ng0\nsb.",
    ] {
      #expect(decoder.humanView(of: decoder.decode(Array(pickle.utf8), as: [.pickle])) == nil)
    }
  }
}
