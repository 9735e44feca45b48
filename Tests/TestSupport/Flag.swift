import Synchronization

/// Something that a test switches, seen from any thread.
package final class Flag: Sendable {
  private let value: Atomic<Bool>

  package init(_ value: Bool = false) {
    self.value = Atomic(value)
  }

  package var isSet: Bool { value.load(ordering: .acquiring) }

  package func set(_ new: Bool = true) { value.store(new, ordering: .releasing) }
}
