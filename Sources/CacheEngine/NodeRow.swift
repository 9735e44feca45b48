/// The nodes of a list in order, with room before the first, so that nodes come and go at both ends
/// in constant time in the mean.
struct NodeRow: Sendable {
  private var storage: [PackedElements] = []
  /// Where the first node is; vacant nodes stand before it.
  private var head = 0

  var count: Int { storage.count - head }
  var isEmpty: Bool { count == 0 }

  subscript(index: Int) -> PackedElements {
    _read { yield storage[head + index] }
    _modify { yield &storage[head + index] }
  }

  mutating func append(_ node: PackedElements) {
    storage.append(node)
  }

  mutating func prepend(_ node: PackedElements) {
    if head == 0 {
      let room = max(4, count / 2)
      storage.insert(contentsOf: repeatElement(PackedElements(), count: room), at: 0)
      head = room
    }
    head -= 1
    storage[head] = node
  }

  /// Linear between the ends.
  mutating func insert(_ node: PackedElements, at index: Int) {
    storage.insert(node, at: head + index)
  }

  /// Constant time in the mean at the ends, otherwise linear.
  mutating func remove(at index: Int) {
    guard index == 0 else {
      storage.remove(at: head + index)
      return
    }
    storage[head] = PackedElements()
    head += 1
    guard head > 16, head > storage.count / 2 else { return }
    storage.removeFirst(head)
    head = 0
  }
}
