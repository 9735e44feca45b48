package import CacheModel
import ValueDecoding

/// A plan as a script of `cachescope` commands that do the same again.
package struct PlanScript: Sendable {
  /// The keys of a plan.
  package enum Scope: Sendable, Equatable {
    /// What these find when the script runs.
    case matching(glob: String?, query: String?, tag: String?)
    /// These, by name.
    case keys([CacheKey])
  }

  private let source: String
  private let plan: PlannedChange
  private let scope: Scope

  /// `source` as a person would type it, without a password.
  package init(_ plan: PlannedChange, over scope: Scope, of source: String) {
    self.plan = plan
    self.scope = scope
    self.source = source
  }

  private static let keysOnOneLine = 100

  /// The script; nil for a plan that no command makes.
  package var text: String? {
    let lines: [String]?
    switch scope {
    case .matching(let glob, let query, let tag):
      lines = line(glob: glob, query: query, tag: tag).map { [$0] }
    case .keys(let keys): lines = self.lines(for: keys)
    }
    return lines.map { (["#!/bin/sh", "set -e"] + $0).joined(separator: "\n") + "\n" }
  }

  private func line(glob: String?, query: String?, tag: String?) -> String? {
    guard let ttl = ttlOption else { return nil }
    var words = ["cachescope", "invalidate", "-u", Self.quoted(source)]
    if let glob { words += ["--match", Self.quoted(glob)] }
    if let query { words += ["--where", Self.quoted(query)] }
    if let tag { words += ["--tag", Self.quoted(tag)] }
    return (words + ttl + ["--yes"]).joined(separator: " ")
  }

  private func lines(for keys: [CacheKey]) -> [String]? {
    let command: [String]
    switch plan {
    case .delete: command = ["del"]
    case .persist: command = ["persist"]
    default:
      guard let ttl = ttlOption else { return nil }
      command = ["expire"] + ttl
    }
    return stride(from: 0, to: keys.count, by: Self.keysOnOneLine).map { start in
      let some = keys[start..<min(keys.count, start + Self.keysOnOneLine)]
      let names = some.map { Self.quoted(Base64.text(of: $0.bytes)) }
      return (["cachescope"] + command + ["-u", Self.quoted(source), "--key-b64", "--"] + names)
        .joined(separator: " ")
    }
  }

  /// Nil for a plan that is not about lifetimes.
  private var ttlOption: [String]? {
    switch plan {
    case .delete: return []
    case .expireNow: return ["--ttl=now"]
    case .persist: return ["--ttl=none"]
    case .spreadTTL(let milliseconds, let percent):
      return [Self.quoted("--ttl=\(milliseconds)ms~\(percent)%")]
    case .setTTL(let ttl): return Self.text(of: ttl).map { [Self.quoted("--ttl=" + $0)] }
    case .renamePrefix: return nil
    }
  }

  private static func text(of ttl: TTLChange) -> String? {
    switch ttl {
    case .fromNow(let milliseconds): "\(milliseconds)ms"
    case .adjust(let milliseconds): "\(milliseconds < 0 ? "-" : "+")\(milliseconds.magnitude)ms"
    case .persist: "none"
    case .now: "now"
    // Times are typed to the second, and a plan's may fall between.
    case .until: nil
    }
  }

  /// The text as one word of a POSIX shell.
  package static func quoted(_ text: String) -> String {
    let isPlain =
      !text.isEmpty
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: "@%+=:,./-_".utf8.contains(byte)
        }
      }
    guard !isPlain else { return text }
    return "'"
      + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
      + "'"
  }
}
