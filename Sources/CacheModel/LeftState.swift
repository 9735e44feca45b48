/// What a change left of a key, as far as it is known.
///
/// A record that is kept before a change is sent names what the change is meant to leave; what came
/// of it takes its place afterwards. Should that never be noted, undo looks: a key that is as it was
/// before the change has not been changed, and counts as put back.
package enum LeftState: Sendable, Equatable {
  /// No key.
  case absent
  /// A key that is known again by this.
  case marked(StateMark)
  /// Nobody knows: only a key that is as before counts as not newer.
  case unknown

  /// The mark, or no key where there is none.
  package init(_ mark: StateMark?) {
    self = mark.map { .marked($0) } ?? .absent
  }

  package var mark: StateMark? {
    if case .marked(let mark) = self { mark } else { nil }
  }
}
