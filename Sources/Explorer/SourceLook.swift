package import CacheModel

/// How the keys of a source are listed and how much of a value is fetched, as it was configured. What
/// the person has changed since by a key is not in here.
package struct SourceLook: Sendable, Equatable {
  package var isTree = true
  package var separators = KeySeparators()
  package var valueBound = ValueBound.preview
  /// Bytes that the loaded keys may take.
  package var memoryBound = KeysState.standardMemoryBound

  package init() {}
}

extension ExplorerState {
  /// Takes over the look of the source that is opened now. What is configured as for the one before
  /// stays as the person has it on the screen.
  package mutating func adopt(_ newLook: SourceLook) {
    keys.forgetAll(separators: newLook.separators)
    if newLook.isTree != look.isTree { keys.list(asTree: newLook.isTree) }
    valueBound = newLook.valueBound
    keys.bound = MemoryBound(bytes: newLook.memoryBound)
    look = newLook
  }
}

extension KeysState {
  /// No key of any source, in a list of the same size, order and shape.
  fileprivate mutating func forgetAll(separators: KeySeparators) {
    var fresh = KeysState(separators: separators)
    fresh.list(asTree: isTree)
    fresh.height = height
    fresh.order.field = order.field
    fresh.order.isReversed = order.isReversed
    self = fresh
  }
}
