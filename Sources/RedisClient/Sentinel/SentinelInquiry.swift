import RESP
import Transport

/// What came of asking sentinels of whom none named a primary, as one error with the next step.
struct SentinelInquiry {
  private let configuration: SentinelConfiguration
  private var names: Set<String> = []
  private var isUnknownName = false
  private var failures: [String] = []
  private var refusal: ChannelError?

  init(_ configuration: SentinelConfiguration) {
    self.configuration = configuration
  }

  /// A sentinel knows these groups, and the one that was named is none of them.
  mutating func knowsOnly(_ names: [String]) {
    isUnknownName = true
    self.names.formUnion(names)
  }

  mutating func failed(_ sentinel: Endpoint, _ words: String) {
    failures.append("\(sentinel): \(words)")
  }

  mutating func failed(_ sentinel: Endpoint, _ error: ChannelError) {
    switch error {
    case .loginRefused(let words):
      refusal = refusal ?? .loginRefused(Self.login(sentinel, words))
    case .insecure(_, let reason):
      refusal = refusal ?? .insecure(endpoint: "the sentinel \(sentinel)", reason: reason)
    default: break
    }
    failed(sentinel, error.words)
  }

  private static func login(_ sentinel: Endpoint, _ words: String) -> String {
    let said = words.last == "." ? String(words.dropLast()) : words
    return "the sentinel \(sentinel) says \(said); sentinels have a login of their own: "
      + "--sentinel-askpass and --sentinel-user, or sentinel-password in a profile"
  }

  /// Why there is no primary.
  var outcome: ChannelError {
    if isUnknownName { return unknownName }
    if let refusal { return refusal }
    let count = max(failures.count, configuration.sentinels.count)
    return .unreachable(
      endpoint: "the primary of \(configuration.group)",
      reason: (count == 1 ? "the sentinel does not tell" : "none of \(count) sentinels tells")
        + " where it is"
        + " (\(failures.prefix(3).joined(separator: "; "))\(failures.count > 3 ? "; …" : ""))")
  }

  private var unknownName: ChannelError {
    let sorted = names.sorted()
    let known =
      sorted.isEmpty
      ? "they watch over nothing" : "they know " + sorted.prefix(20).joined(separator: ", ")
    return .unreachable(
      endpoint: "the primary of \(configuration.group)",
      reason: "the sentinels know no master of that name; \(known)")
  }
}
