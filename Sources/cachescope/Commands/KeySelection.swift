import CacheModel
import KeyPattern
import KeyQuery
import Plans

/// The keys that a command is about: `--match` and `--where`.
struct KeySelection: Sendable {
  let glob: [UInt8]?
  let query: Query?

  /// Without either it is all keys, where those may be meant.
  init(_ line: ParsedCommandLine, mayBeAll: Bool) throws(UsageError) {
    glob = line.value(.match).map { Array($0.utf8) }
    query = try line.query()
    guard mayBeAll || glob != nil || query != nil else {
      throw UsageError(
        "invalidate needs --match, --where or --tag; for example --match 'page:*' "
          + "(flush deletes all keys)", command: line.command)
    }
  }

  /// Whether it leaves keys out.
  var isNarrowed: Bool { glob != nil || query != nil }

  /// How it was typed, for the title of a change: `--match 'page:*'`.
  var words: String {
    let parts = [
      glob.map { "--match \(PlanScript.quoted(String(decoding: $0, as: UTF8.self)))" },
      query.map { "--where \(PlanScript.quoted($0.description))" },
    ]
    return parts.compactMap { $0 }.joined(separator: " ")
  }

  /// The text before the `*` of a glob that is nothing else.
  var prefix: String? {
    guard let glob, glob.last == UInt8(ascii: "*"), glob.count > 1,
      !GlobPattern.hasMeaning(Array(glob.dropLast()))
    else { return nil }
    return String(validating: glob.dropLast(), as: UTF8.self)
  }
}
