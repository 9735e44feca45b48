import CacheModel
import Explorer
import TerminalCanvas
import ValueDecoding

/// What is said of the secrets that a value holds.
extension Rendering {
  /// `masked (m shows): JWT that expired 3 d ago, 2 passwords`; nil where there is no secret.
  func secretsNote(_ state: ExplorerState) -> String? {
    guard let key = state.preview.key else { return nil }
    var words = secretWords(state.preview.secrets, state)
    words += Set(SecretScan.secrets(inName: key.bytes).map(\.kind.noun)).sorted().map {
      "\($0) in the name of the key"
    }
    guard !words.isEmpty else { return nil }
    let shown = words.prefix(3) + (words.count > 3 ? ["and more"] : [])
    return (state.masksSecrets ? "masked (m shows): " : "in clear (m masks): ")
      + shown.joined(separator: ", ")
  }

  /// Paints it above the rows of a collection, and takes that line off the area.
  mutating func paintSecretsNote(_ state: ExplorerState, in area: inout Area) {
    guard area.rows > 2, let note = secretsNote(state) else { return }
    let row = area.takeTop(1)
    frame.put(
      note, row: row.row, column: row.column, style: Style(.warn), limit: row.columns,
      overflow: .ellipsis)
    presentation.previewHeight = max(1, presentation.previewHeight - 1)
  }

  /// Each kind with its number; of tokens that tell it, when they end.
  private func secretWords(_ secrets: [SecretKind], _ state: ExplorerState) -> [String] {
    var order: [String] = []
    var counts: [String: (one: String, many: String, count: Int)] = [:]
    for kind in secrets {
      let (one, many) = words(kind, state)
      if counts[one] == nil { order.append(one) }
      counts[one, default: (one, many, 0)].count += 1
    }
    return order.compactMap { counts[$0] }.map { $0.count == 1 ? $0.one : "\($0.count) \($0.many)" }
  }

  private func words(_ kind: SecretKind, _ state: ExplorerState) -> (one: String, many: String) {
    switch kind {
    case .jwt(let expires, let isUnsigned):
      let noun = isUnsigned ? "unsigned JWT" : "JWT"
      let life = expires.map { lifeWords($0, state) } ?? " without an end"
      return (noun + life, noun + "s" + life)
    case .passwordHash: return (kind.noun, "password hashes")
    case .part: return (kind.noun, "parts of long tokens")
    default: return (kind.noun, kind.noun + "s")
    }
  }

  /// ` that expired 3 d ago`, ` for 2 h more`.
  private func lifeWords(_ expires: Int64, _ state: ExplorerState) -> String {
    let now = (state.now.milliseconds + state.wallOffset) / 1000
    let (left, isFar) = expires.subtractingReportingOverflow(now)
    guard !isFar, left.magnitude < 1 << 40 else { return "" }
    let span = FigureFormat.age(milliseconds: Int64(left.magnitude) * 1000)
    return left < 0 ? " that expired \(span) ago" : " for \(span) more"
  }
}
