/// A regular expression over the bytes of a name, which runs in linear time.
///
/// It knows literals, `.` (any byte), classes `[a-z]` and `[^a]`, `\d \w \s` and their opposites in
/// capitals, `\b \B`, `^` and `$` for the ends of the name, `|`, groups `( )` and `(?: )`,
/// `* + ? {m} {m,} {m,n}`, `\n \r \t \xHH`, and a backslash before a sign. Letter case counts. It
/// has no backreferences and no look-around, since with these no linear time can be promised; what
/// it does not know is an error. It looks for a match anywhere in the name.
///
/// Repetitions with counts are written out, up to a bound on the size of the whole. A search costs
/// at most size x length; see `ExpressionSearch`.
package struct ByteExpression: Sendable, Hashable {
  /// The text between the slashes.
  package let source: [UInt8]
  /// Bytes with which every name must begin that matches; empty when none are known.
  package let requiredPrefix: [UInt8]
  private let program: ExpressionProgram

  /// - Throws: what is wrong with the text, and where.
  package init(_ source: [UInt8]) throws(ExpressionError) {
    let tree = try ExpressionParser.parse(source)
    self.source = source
    requiredPrefix = tree.requiredPrefix
    program = try ExpressionProgram(tree)
  }

  package static func == (left: ByteExpression, right: ByteExpression) -> Bool {
    left.source == right.source
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(source)
  }

  /// Whether it matches somewhere in the text.
  package func matches(_ text: ArraySlice<UInt8>) -> Bool {
    var search = ExpressionSearch(program, in: text, isBrief: true)
    search.run()
    return search.found != nil
  }

  /// The match that begins first, and of these the longest.
  package func range(in text: ArraySlice<UInt8>) -> Range<Int>? {
    var search = ExpressionSearch(program, in: text, isBrief: false)
    search.run()
    return search.found
  }

  /// How many steps the search for a first match takes.
  package func work(on text: ArraySlice<UInt8>) -> Int {
    var search = ExpressionSearch(program, in: text, isBrief: true)
    search.run()
    return search.work
  }
}
