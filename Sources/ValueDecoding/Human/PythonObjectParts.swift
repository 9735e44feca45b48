/// The parts of pickled objects by which they are recognised.
extension DecodedValue {
  /// The full name of the class or function that a record calls; nil when that is no plain name.
  func calleeName(_ record: ObjectRecord) -> String? {
    guard case .global(let index) = self[record.callee] else { return nil }
    return global(index)?.full
  }

  func record(_ id: NodeID?) -> ObjectRecord? {
    guard let id, case .object(let index) = self[id] else { return nil }
    return object(index)
  }

  /// What an object holds under a name: the state that came last wins.
  func attribute(_ name: String, of record: ObjectRecord) -> NodeID? {
    var found: NodeID?
    for state in children(of: record.states) {
      found = stateMaps(state).compactMap { member(name, of: $0) }.last ?? found
    }
    return found
  }

  /// The dictionaries of a state: itself, or both of the pair that `__slots__` makes.
  func stateMaps(_ state: NodeID) -> [NodeID] {
    switch self[state] {
    case .dictionary: return [state]
    case .tuple(let parts) where parts.count == 2:
      return children(of: parts).filter { if case .dictionary = self[$0] { true } else { false } }
    default: return []
    }
  }

  /// The elements of a list or tuple; nil for anything else.
  func elements(_ id: NodeID?) -> Children? {
    guard let id else { return nil }
    switch self[id] {
    case .list(let list), .tuple(let list): return children(of: list)
    default: return nil
    }
  }

  /// The keys and values of a dictionary by turns; nil for anything else.
  func pairs(_ id: NodeID?) -> Children? {
    guard let id, case .dictionary(let list) = self[id] else { return nil }
    return children(of: list)
  }
}
