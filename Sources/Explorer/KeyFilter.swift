package import CacheModel
import KeyPattern

/// Which keys the list shows.
///
/// Terms are separated by blanks and all must hold; `!` before one negates it; `"…"` takes what is
/// between as it is. A bare word is a part of the name, letter case ignored when it is all lower
/// case; a word with `*`, `?` or `[` is a glob for the whole name, as SCAN MATCH takes it;
/// `type:hash` is the kind of the value. A key whose kind is not known yet passes neither
/// `type:hash` nor `!type:hash`. An empty text lets every key pass.
package struct KeyFilter: Sendable, Hashable {
  package private(set) var text: String = ""
  private(set) var terms: [FilterTerm] = []
  /// What is wrong with the text, as a sentence; nil when it can be used.
  package private(set) var problem: String?

  package init(_ text: String = "") {
    self.text = text
    for word in FilterWord.split(text) {
      do throws(FilterProblem) {
        if let term = try FilterTerm(word) { terms.append(term) }
      } catch {
        problem = error.sentence
      }
    }
  }

  /// Whether every key passes.
  package var isEmpty: Bool { terms.isEmpty }

  /// Whether the answer depends on more than the name.
  package var needsKind: Bool { terms.contains { $0.needsKind } }

  /// O(name x text) at worst, on names of some tens of bytes.
  package func matches(_ name: ArraySlice<UInt8>, _ kind: ValueKind?) -> Bool {
    terms.allSatisfy { $0.matches(name, kind) }
  }

  /// Whether all that passes this filter passes the other too, as far as the terms show it: it is
  /// the other with more terms, or with more letters in the last word.
  func narrows(_ other: KeyFilter) -> Bool {
    guard terms.count >= other.terms.count else { return false }
    return zip(terms, other.terms).allSatisfy { $0.implies($1) }
  }

  /// Where the first bare word stands in a name, for highlighting.
  package func range(in name: ArraySlice<UInt8>) -> Range<Int>? {
    for term in terms {
      if let range = term.range(in: name), !range.isEmpty { return range }
    }
    return nil
  }
}
