// Changes and searches between the ends. Linear in the distance from the nearer end, or in the
// list where a value is looked for.
extension ListValue {
  /// Replaces the element of a place that exists.
  package mutating func replace(at index: Int, with element: [UInt8]) {
    let (node, place) = locate(index)
    change(node) { $0.replace(atOffset: $0.offset(of: place), with: element) }
    splitIfLarge(node)
  }

  /// Inserts before or behind the first element that equals `pivot`, and answers whether there is
  /// one.
  package mutating func insert(
    _ element: [UInt8], before: Bool, pivot: [UInt8]
  ) -> Bool {
    let wanted = PackedElements.entry(of: pivot)
    for node in 0..<nodes.count {
      guard let offset = nodes[node].firstOffset(of: wanted) else { continue }
      change(node) {
        $0.insert(element, atOffset: before ? offset : $0.end(ofEntryAt: offset))
      }
      count += 1
      splitIfLarge(node)
      return true
    }
    return false
  }

  /// Removes elements that equal `element`: the first `limit` of them, or the last with
  /// `fromEnd`. Returns how many.
  package mutating func remove(_ element: [UInt8], limit: Int, fromEnd: Bool) -> Int {
    let wanted = PackedElements.entry(of: element)
    var removed = 0
    var node = fromEnd ? nodes.count - 1 : 0
    while node >= 0, node < nodes.count, removed < limit {
      let before = removed
      let room = limit - removed
      removed += change(node) { $0.remove(wanted, limit: room, fromEnd: fromEnd) }
      count -= removed - before
      let isGone = nodes[node].count == 0
      dropIfEmpty(node)
      node += fromEnd ? -1 : isGone ? 0 : 1
    }
    return removed
  }

  /// Keeps the elements of a range of places that exist.
  package mutating func keep(_ range: Range<Int>) {
    guard !range.isEmpty else {
      self = ListValue()
      return
    }
    let (last, lastPlace) = locate(range.upperBound - 1)
    let (first, firstPlace) = locate(range.lowerBound)
    while nodes.count > last + 1 { dropNode(nodes.count - 1) }
    if lastPlace + 1 < nodes[last].count { change(last) { $0.keep(0..<lastPlace + 1) } }
    for _ in 0..<first { dropNode(0) }
    if firstPlace > 0 { change(0) { $0.keep(firstPlace..<$0.count) } }
    count = range.count
  }

  private mutating func dropNode(_ node: Int) {
    charge -= nodes[node].charge
    nodes.remove(at: node)
  }

  /// The places where `element` stands, in the order of the search, without the first `skipped`
  /// matches, at most `limit`, within the first `compared` elements looked at.
  package func places(
    of element: [UInt8], skipped: Int, limit: Int, compared: Int, fromEnd: Bool
  ) -> [Int] {
    let wanted = PackedElements.entry(of: element)
    var found: [Int] = []
    var skip = skipped
    var left = compared
    var passed = 0
    for step in 0..<nodes.count {
      let node = nodes[fromEnd ? nodes.count - 1 - step : step]
      let isDone = node.search(fromEnd: fromEnd) { offset in
        guard left > 0 else { return false }
        left -= 1
        passed += 1
        guard node.holds(wanted, atOffset: offset) else { return true }
        if skip > 0 {
          skip -= 1
        } else {
          found.append(fromEnd ? count - passed : passed - 1)
        }
        return found.count < limit
      }
      if isDone { break }
    }
    return found
  }
}

extension PackedElements {
  fileprivate func firstOffset(of entry: [UInt8]) -> Int? {
    var found: Int?
    _ = search(fromEnd: false) { offset in
      if holds(entry, atOffset: offset) { found = offset }
      return found == nil
    }
    return found
  }

  /// Visits the offsets of the entries until `visit` answers false; answers whether it did.
  fileprivate func search(fromEnd: Bool, _ visit: (Int) -> Bool) -> Bool {
    var offset = fromEnd ? bytes.count : 0
    while fromEnd ? offset > 0 : offset < bytes.count {
      if fromEnd { offset = start(ofEntryBefore: offset) }
      guard visit(offset) else { return true }
      if !fromEnd { offset = end(ofEntryAt: offset) }
    }
    return false
  }

  fileprivate mutating func remove(_ entry: [UInt8], limit: Int, fromEnd: Bool) -> Int {
    var removed = 0
    var offset = fromEnd ? bytes.count : 0
    while fromEnd ? offset > 0 : offset < bytes.count, removed < limit {
      if fromEnd { offset = start(ofEntryBefore: offset) }
      if holds(entry, atOffset: offset) {
        remove(atOffset: offset)
        removed += 1
      } else if !fromEnd {
        offset = end(ofEntryAt: offset)
      }
    }
    return removed
  }
}
