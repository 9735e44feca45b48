/// Finds what was probably meant by a mistyped word.
package enum NearestName {
  /// The name that is nearest to a word: one that it begins, or one that differs in few letters (one
  /// for every three, two at most at five letters). Nil when none is near. Quadratic in the length of
  /// the words, of which the first 40 letters count.
  package static func to(_ word: String, among names: some Sequence<String>) -> String? {
    let typed = Array(word.lowercased().unicodeScalars.prefix(40))
    guard typed.count > 1 else { return nil }
    let bound = max(1, min(3, typed.count / 3 + (typed.count > 4 ? 1 : 0)))
    var best: (name: String, distance: Int)?
    for name in names {
      let letters = Array(name.lowercased().unicodeScalars.prefix(40))
      let isBeginning = typed.count > 2 && letters.starts(with: typed)
      let distance = isBeginning ? 1 : distance(typed, letters)
      if distance <= bound, distance < best?.distance ?? .max { best = (name, distance) }
    }
    return best?.name
  }

  /// Insertions, deletions, replacements and exchanges of neighbours that lead from one word to the
  /// other (optimal string alignment).
  private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    var earlier = [Int](repeating: 0, count: right.count + 1)
    var above = Array(0...right.count)
    for (row, letter) in left.enumerated() {
      var current = [row + 1]
      for (column, other) in right.enumerated() {
        var cost = min(above[column + 1], current[column]) + 1
        cost = min(cost, above[column] + (letter == other ? 0 : 1))
        if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
          cost = min(cost, earlier[column - 1] + 1)
        }
        current.append(cost)
      }
      earlier = above
      above = current
    }
    return above[right.count]
  }
}
