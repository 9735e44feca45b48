/// The slots that have a deadline, earliest first.
///
/// A binary heap that knows the place of each slot in it, so that a deadline can be changed or
/// taken back without leaving anything behind: the number of entries is exactly the number of keys
/// with a TTL. Changes take logarithmic time, the earliest deadline constant time. Deadlines are
/// milliseconds since 1970.
package struct DeadlineHeap: Sendable {
  struct Item: Sendable {
    var deadline: Int64
    var slot: UInt32
  }

  var items: [Item] = []
  /// For each slot its index in `items`, or -1.
  var places: [Int32] = []
  /// The sum of all deadlines, for the mean TTL.
  private var sum: Int128 = 0

  package init() {}

  package var count: Int { items.count }

  package var earliest: (deadline: Int64, slot: UInt32)? {
    items.first.map { ($0.deadline, $0.slot) }
  }

  /// The mean of the time left, in milliseconds; 0 without entries.
  package func meanTimeLeft(at now: Int64) -> Int64 {
    guard !items.isEmpty else { return 0 }
    return Int64(clamping: max(0, sum / Int128(items.count) - Int128(now)))
  }

  /// Sets, changes or (nil) removes the deadline of a slot.
  package mutating func set(_ deadline: Int64?, for slot: UInt32) {
    let place = place(of: slot)
    switch (deadline, place) {
    case (nil, nil): return
    case (nil, let place?): removeItem(at: place)
    case (let deadline?, nil):
      items.append(Item(deadline: deadline, slot: slot))
      sum += Int128(deadline)
      settle(items.count - 1)
    case (let deadline?, let place?):
      sum += Int128(deadline) - Int128(items[place].deadline)
      items[place].deadline = deadline
      settle(place)
    }
  }

  private func place(of slot: UInt32) -> Int? {
    guard Int(slot) < places.count, places[Int(slot)] >= 0 else { return nil }
    return Int(places[Int(slot)])
  }

  private mutating func removeItem(at place: Int) {
    sum -= Int128(items[place].deadline)
    places[Int(items[place].slot)] = -1
    let last = items.removeLast()
    guard place < items.count else { return }
    items[place] = last
    settle(place)
  }

  /// Moves the item at `place` up or down to where the order wants it, and notes the places.
  private mutating func settle(_ place: Int) {
    let item = items[place]
    var place = place
    while place > 0, items[(place - 1) / 2].deadline > item.deadline {
      put(items[(place - 1) / 2], at: place)
      place = (place - 1) / 2
    }
    while let child = earlierChild(of: place), items[child].deadline < item.deadline {
      put(items[child], at: place)
      place = child
    }
    put(item, at: place)
  }

  private func earlierChild(of place: Int) -> Int? {
    let left = 2 * place + 1
    guard left < items.count else { return nil }
    let right = left + 1
    return right < items.count && items[right].deadline < items[left].deadline ? right : left
  }

  private mutating func put(_ item: Item, at place: Int) {
    items[place] = item
    while places.count <= Int(item.slot) { places.append(-1) }
    places[Int(item.slot)] = Int32(place)
  }
}
