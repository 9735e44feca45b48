/// A text that is not a regular expression: what is wrong and where.
package struct ExpressionError: Error, Sendable, Hashable {
  package enum Problem: Sendable, Hashable {
    case groupNotClosed
    case groupNotOpened
    case classNotClosed
    case emptyClass
    case rangeBackwards
    case wideClass
    case nothingToRepeat
    case badRepetition
    case repetitionTooLarge
    case loneBackslash
    case unknownEscape(String)
    case backreference
    case unknownGroup
    case tooDeep
    case tooLarge
  }

  package var problem: Problem
  /// Bytes of the expression before the place where it goes wrong.
  package var offset: Int

  package init(_ problem: Problem, at offset: Int) {
    self.problem = problem
    self.offset = offset
  }

  /// What was found and what was expected, as a clause.
  package var clause: String {
    switch problem {
    case .groupNotClosed: "a group has no end, a ) is expected"
    case .groupNotOpened: "this ) closes nothing, \\) is that character"
    case .classNotClosed: "a class has no end, a ] is expected"
    case .emptyClass: "a class without members matches nothing, [a-z] is expected"
    case .rangeBackwards: "this range stands the wrong way round, as in [a-z] is expected"
    case .wideClass: "a class holds single bytes only, (?:ä|ö) is expected for these characters"
    case .nothingToRepeat: "there is nothing to repeat here, \\* is that character"
    case .badRepetition: "{2}, {2,} or {2,5} is expected, \\{ is that character"
    case .repetitionTooLarge: "at most \(ExpressionParser.mostRepetitions) repetitions are expected"
    case .loneBackslash: "a character is expected after the backslash"
    case .unknownEscape(let escape):
      "there is no \\\(escape); \\d \\w \\s \\b or a sign is expected"
    case .backreference: "what a group found cannot be named again, it would not run in linear time"
    case .unknownGroup: "only ( ) and (?: ) are groups"
    case .tooDeep: "groups are nested more than \(ExpressionParser.deepestNesting) deep"
    case .tooLarge: "it grows too large, fewer or smaller repetitions are expected"
    }
  }
}
