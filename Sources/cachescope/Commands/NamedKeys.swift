import CacheModel
import TerminalCanvas

/// The keys that a command names. More than a hundred are a plan: it is told before anything is done,
/// and on a source that is marked as production it must be confirmed.
struct NamedKeys {
  let keys: [CacheKey]
  private let confirmation: ChangeConfirmation

  private static let mostWithoutPlan = 100
  private static let prefixesShown = 5
  private static let namesInTitle = 3

  init(_ names: some Sequence<String>, _ line: ParsedCommandLine) throws(UsageError) {
    keys = try line.keys(names)
    confirmation = ChangeConfirmation(line)
  }

  /// Tells the plan and asks where that is needed. `verb` is what happens: `deletes`.
  func prepare(_ verb: String, in session: ScriptSession) throws(CommandFailure) {
    guard keys.count > Self.mostWithoutPlan else { return }
    let count = FigureFormat.grouped(keys.count)
    let change = "\(verb) \(count) keys of db\(session.source.database)"
    session.output.note("this \(change): \(prefixes)")
    try confirmation.require(change, isAskedFor: true, in: session)
  }

  /// What the journal lists: `delete app:user:7`, `delete 12 keys: a, b, c and others`.
  func title(_ verb: String) -> String {
    let names = keys.prefix(Self.namesInTitle).map(\.shown).joined(separator: ", ")
    guard keys.count > 1 else { return "\(verb) \(names)" }
    let others = keys.count > Self.namesInTitle ? " and others" : ""
    return "\(verb) \(FigureFormat.grouped(keys.count)) keys: \(names)\(others)"
  }

  /// `app:user: 200, page: 48, and 3 more`: how many there are below each first part of a name.
  private var prefixes: String {
    var counts: [String: Int] = [:]
    for key in keys { counts[Self.prefix(of: key), default: 0] += 1 }
    let order = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let shown = order.prefix(Self.prefixesShown).map {
      "\($0.key) \(FigureFormat.grouped($0.value))"
    }
    let rest = order.dropFirst(Self.prefixesShown).reduce(0) { $0 + $1.value }
    return shown.joined(separator: ", ")
      + (rest > 0 ? ", and \(FigureFormat.grouped(rest)) more" : "")
  }

  private static func prefix(of key: CacheKey) -> String {
    let part = key.bytes.prefix { $0 != UInt8(ascii: ":") }
    guard part.count < key.bytes.count else { return "others" }
    return TextSanitizer.valueText(Array(part.prefix(40))) + ":"
  }
}
