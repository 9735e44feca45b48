import CacheModel
import RESP

/// Lists. No command removes or inserts at a position, so the element there is replaced by
/// a tombstone that no list can hold already, and the list is changed beside the tombstone; all in one
/// transaction, which is cancelled when anybody has written the list since the element was
/// looked at. Linear in the distance from the nearer end.
extension ChangePlanner {
  func list(_ change: KeyChange) -> Decision {
    if let stop = unless(.list) { return .stop(stop) }
    switch change {
    case .setElement(let position, let value, let expected):
      if let stop = stop(unless: expected) { return .stop(stop) }
      if state.answer(0).bytes == value { return .stop(.nothingToDo) }
      return send([replacement(position, value)])
    case .removeElement(let position, let expected):
      if let stop = stop(unless: expected) { return .stop(stop) }
      return remove(position)
    case .insertElement(let value, let position, let expected):
      if let stop = stop(unless: expected) { return .stop(stop) }
      return insert(value, before: position, expected)
    case .pushElement(let value, let end):
      return send([command(end == .head ? "LPUSHX" : "RPUSHX", [value])])
    default: return .stop(.nothingToDo)
    }
  }

  private func stop(unless expected: [UInt8]?) -> ChangeOutcome? {
    guard let present = state.answer(0).bytes else { return .elementGone }
    return expected.map { $0 == present } ?? true ? nil : .changedMeanwhile
  }

  private func replacement(_ position: Int64, _ value: [UInt8]) -> RESPCommand {
    command("LSET", bytes(String(position)) + [value])
  }

  private func remove(_ position: Int64) -> Decision {
    let tombstone = Self.tombstone()
    let fromTail = position < 0 || position > (state.answer(1).integer ?? 0) / 2
    return send([
      replacement(position, tombstone),
      command("LREM", bytes(fromTail ? "-1" : "1") + [tombstone]),
    ])
  }

  /// Counted from the tail, the element keeps its position; counted from the head it moves by one.
  private func insert(_ value: [UInt8], before position: Int64, _ present: [UInt8]) -> Decision {
    let tombstone = Self.tombstone()
    let moved = position < 0 ? position : position.addingReportingOverflow(1).partialValue
    return send([
      replacement(position, tombstone),
      command("LINSERT", bytes("BEFORE") + [tombstone, value]),
      replacement(moved, present),
    ])
  }

  /// 32 random bytes and a name: nobody else's element.
  private static func tombstone() -> [UInt8] {
    var random = SystemRandomNumberGenerator()
    return Array("cachescope:tombstone:".utf8)
      + (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
  }
}
