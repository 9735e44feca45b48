/// The slots in the order of their last use: a doubly linked list of slot numbers.
///
/// True LRU, not a sample of it: the oldest slot is known at once and every change takes constant
/// time. It costs eight bytes a slot.
package struct RecencyList: Sendable {
  static let none = UInt32.max

  struct Link: Sendable {
    var newer = RecencyList.none
    var older = RecencyList.none
  }

  var links: [Link] = []
  private(set) var newest = RecencyList.none
  private(set) var last = RecencyList.none

  package init() {}

  /// The slot that was not used for the longest time.
  package var oldest: UInt32? { last == Self.none ? nil : last }

  /// Adds a slot that is not in the list, as the newest or the oldest.
  package mutating func insert(_ slot: UInt32, asOldest: Bool = false) {
    while links.count <= Int(slot) { links.append(Link()) }
    if asOldest { insertLast(slot) } else { insertFirst(slot) }
  }

  /// Makes a slot of the list the newest.
  package mutating func moveToNewest(_ slot: UInt32) {
    guard slot != newest else { return }
    remove(slot)
    insertFirst(slot)
  }

  package mutating func remove(_ slot: UInt32) {
    let link = links[Int(slot)]
    if link.newer == Self.none {
      newest = link.older
    } else {
      links[Int(link.newer)].older = link.older
    }
    if link.older == Self.none {
      last = link.newer
    } else {
      links[Int(link.older)].newer = link.newer
    }
    links[Int(slot)] = Link()
  }

  private mutating func insertFirst(_ slot: UInt32) {
    links[Int(slot)] = Link(newer: Self.none, older: newest)
    if newest == Self.none { last = slot } else { links[Int(newest)].newer = slot }
    newest = slot
  }

  private mutating func insertLast(_ slot: UInt32) {
    links[Int(slot)] = Link(newer: last, older: Self.none)
    if last == Self.none { newest = slot } else { links[Int(last)].older = slot }
    last = slot
  }
}
