/// A key and what becomes of it.
package struct KeyedChange: Sendable, Hashable {
  package var key: CacheKey
  package var change: KeyChange

  package init(key: CacheKey, change: KeyChange) {
    self.key = key
    self.change = change
  }
}
