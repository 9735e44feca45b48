import CacheModel

extension UndoRecord {
  /// The same without values and what is made of them: names, deadlines, and whether there was a
  /// key.
  var withoutValues: UndoRecord {
    var record = self
    for place in record.transitions.indices {
      if let before = record.transitions[place].before {
        record.transitions[place].before = StoredState(payload: [], deadline: before.deadline)
      }
      if case .marked = record.transitions[place].after {
        record.transitions[place].after = .unknown
      }
    }
    return record
  }
}
