/// The prefixes below which a server is to tell of changes, so that of what is followed nothing is
/// missed: sixteen at most, because a server looks at each of them with every write, and none within
/// another, because servers refuse that.
///
/// Where there are more, the sorted names are cut at the fifteen places where neighbours have least in
/// common, and each group is told by what its names begin with. That is the choice of groups in which
/// as much as possible is common to all.
package enum TrackedPrefixes {
  package static let most = 16

  /// Prefixes with which every one of these names begins, itself included. O(n log n)
  package static func covering(_ names: [[UInt8]]) -> [[UInt8]] {
    let names = outermost(names)
    guard names.count > most else { return names }
    let common = zip(names, names.dropFirst()).map { commonLength($0, $1) }
    let cuts = Set(common.indices.sorted { common[$0] < common[$1] }.prefix(most - 1))
    var groups: [[UInt8]] = []
    var first = 0
    for last in names.indices where last == names.count - 1 || cuts.contains(last) {
      let length = common[first..<last].min() ?? names[first].count
      groups.append(Array(names[first].prefix(length)))
      first = last + 1
    }
    return outermost(groups)
  }

  /// Those that do not begin with another one, sorted.
  private static func outermost(_ names: [[UInt8]]) -> [[UInt8]] {
    var kept: [[UInt8]] = []
    for name in names.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      if let last = kept.last, name.starts(with: last) { continue }
      kept.append(name)
    }
    return kept
  }

  private static func commonLength(_ one: [UInt8], _ other: [UInt8]) -> Int {
    zip(one, other).prefix { $0 == $1 }.count
  }
}
