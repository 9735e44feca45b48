extension StoredValue {
  /// What is wrong with the structure of a collection, in words.
  func violatedInvariants() -> [String] {
    switch self {
    case .string, .hash: []
    case .list(let list): list.violatedInvariants()
    case .set(let set): set.violatedInvariants()
    case .sortedSet(let set): set.violatedInvariants()
    case .stream(let stream): stream.violatedInvariants()
    }
  }
}

extension ListValue {
  /// What is wrong with the structure, in words. Linear.
  package func violatedInvariants() -> [String] {
    var faults: [String] = []
    var reached = 0
    var charged = 0
    forEachNode { node in
      let elements = node.elements
      if elements.isEmpty { faults.append("an empty node") }
      if elements.count != node.count { faults.append("a node's count is wrong") }
      if node.count > 1, node.bytes.count > Self.nodeBytes { faults.append("a node is too large") }
      if PackedElements(elements).bytes != node.bytes { faults.append("a node is packed badly") }
      reached += elements.count
      charged += node.charge
    }
    if reached != count { faults.append("nodes hold \(reached) of \(count) elements") }
    if charged != charge { faults.append("charge is \(charge), the nodes sum to \(charged)") }
    return faults
  }
}

extension SetValue {
  /// What is wrong with the structure, in words. Linear.
  package func violatedInvariants() -> [String] {
    guard let integers else {
      let charged = members.reduce(0) { $0 + MemoryAccounting.member($1) }
      return charged == charge ? [] : ["charge is \(charge), the members sum to \(charged)"]
    }
    var faults: [String] = []
    if !zip(integers, integers.dropFirst()).allSatisfy(<) { faults.append("integers out of order") }
    if integers.count > Self.packedMembers { faults.append("too many integers") }
    if charge != 8 * integers.count { faults.append("charge is \(charge)") }
    return faults
  }
}

extension SortedSetValue {
  /// What is wrong with the structure, in words. Linear.
  package func violatedInvariants() -> [String] {
    var faults = table.violatedInvariants() + order.violatedInvariants()
    if order.count != table.count { faults.append("the order has \(order.count) members") }
    var charged = 0
    var last: (member: [UInt8], score: Double)?
    forEach(in: 0..<order.count) { member, score in
      if table.slot(of: member).map({ table[$0] }) != score { faults.append("a score differs") }
      if let last, score < last.score { faults.append("scores out of order") }
      if let last, score == last.score, !last.member.lexicographicallyPrecedes(member) {
        faults.append("members out of order")
      }
      last = (member, score)
      charged += MemoryAccounting.scored(member)
    }
    if charged != charge { faults.append("charge is \(charge), the members sum to \(charged)") }
    return faults
  }
}

extension ScoreOrder {
  func violatedInvariants() -> [String] {
    var faults: [String] = []
    var reached = 0
    for (index, chunk) in chunks.enumerated() {
      if chunk.isEmpty || chunk.count > Self.chunkBound { faults.append("chunk of \(chunk.count)") }
      if tree.sum(before: index) != reached { faults.append("the tree is wrong at \(index)") }
      reached += chunk.count
    }
    if reached != count { faults.append("chunks hold \(reached) of \(count) items") }
    return faults
  }
}

extension StreamValue {
  /// What is wrong with the structure, in words. Linear.
  package func violatedInvariants() -> [String] {
    var faults: [String] = []
    let entries = chunks.flatMap { $0 }
    let charged = entries.reduce(0) { $0 + MemoryAccounting.streamEntry($1.fields) }
    if chunks.contains(where: { $0.isEmpty || $0.count > Self.chunkBound }) {
      faults.append("a chunk is empty or too large")
    }
    if !zip(entries, entries.dropFirst()).allSatisfy({ $0.id < $1.id }) {
      faults.append("numbers out of order")
    }
    if entries.count != count { faults.append("chunks hold \(entries.count) of \(count) entries") }
    if charged != charge { faults.append("charge is \(charge), the entries sum to \(charged)") }
    if entries.last?.id ?? .least > lastID { faults.append("the last number is too low") }
    return faults
  }
}
