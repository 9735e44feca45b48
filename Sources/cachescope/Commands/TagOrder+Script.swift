import CacheModel
import Plans
import TerminalCanvas

/// What `--tag` asks for.
extension TagOrder {
  /// The name, safe to show.
  var name: String { TextSanitizer.listText(tag.spelling) }

  /// `isNarrowed`: other options say which of the tag's keys are meant.
  init(
    _ spelling: String, _ plan: PlannedChange, isNarrowed: Bool, in session: ScriptSession
  ) async throws(CommandFailure) {
    let invalidation = try await Self.invalidation(spelling, session)
    let deletes = invalidation.deletesKeys
    self.init(
      invalidation,
      usesRule: !isNarrowed && (plan == .delete || plan == .expireNow && deletes))
    guard !usesRule else { return }
    let keeper = invalidation.tag.keeper
    if !keeper.tellsKeys {
      throw CommandFailure(
        .usage,
        "--tag \(spelling.prefix(60)): nothing tells which keys have it, so it is invalidated as a "
          + "whole or not at all; leave --match, --where and --ttl out")
    }
    if plan == .delete, !deletes {
      throw CommandFailure(
        .usage,
        "--tag \(spelling.prefix(60)): \(keeper.product) invalidates a tag as a whole, its rule is to "
          + "\(invalidation.words); leave --match and --where out, or leave --tag out and give "
          + "--where tag:\(spelling.prefix(60)) to delete keys")
    }
  }

  private static func invalidation(
    _ spelling: String, _ session: ScriptSession
  ) async throws(CommandFailure) -> TagInvalidation {
    let shown = TextSanitizer.listText(String(spelling.prefix(60)))
    guard session.source.capabilities.contains(.tags) else {
      throw CommandFailure(
        .usage, "--tag: this source keeps no tags; --match 'page:*' goes by names")
    }
    let tags = try await session.ask { backend throws(BackendError) in
      try await backend.tags(spelled: Array(spelling.utf8))
    }
    guard let tag = tags.first else {
      throw CommandFailure(.notFound, "no tag is named \(shown): nothing was sent")
    }
    guard tags.count == 1 else { throw ambiguous(shown, tags) }
    let found = try await session.ask { backend throws(BackendError) in
      try await backend.invalidation(of: tag)
    }
    guard let found else {
      throw CommandFailure(.notFound, "the tag \(shown) has gone meanwhile: nothing was sent")
    }
    return found
  }

  private static func ambiguous(_ shown: String, _ tags: [Tag]) -> CommandFailure {
    let spellings = tags.map { tag in
      let isUnique = tags.count { $0.spelling == tag.spelling } == 1
      return isUnique ? tag.spelling : tag.wholeSpelling
    }
    let choices = spellings.sorted().map { TextSanitizer.listText($0) }
    return CommandFailure(
      .usage,
      "--tag \(shown): \(tags.count) tags have this name; say which is meant by one of "
        + choices.map { "--tag " + PlanScript.quoted($0) }.joined(separator: ", "))
  }

  // MARK: Words

  /// The keeper and its rule, and what may surprise.
  var lines: [String] {
    guard usesRule else {
      let rest =
        invalidation.afterwards.isEmpty
        ? []
        : [
          "note: what \(tag.keeper.product) keeps of the tag stays as it is"
        ]
      return rest
    }
    return ["rule: \(tag.keeper.product): \(invalidation.words)"]
      + invalidation.notes.map { "note: \($0)" }
  }
}
