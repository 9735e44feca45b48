import RESP
package import Transport

/// A group of servers that sentinels watch over, and how those are asked.
package struct SentinelConfiguration: Sendable {
  /// What the sentinels call the group.
  package var group: String
  /// In the order in which they are asked, before those whom they name.
  package var sentinels: [Endpoint]
  /// As whom they are asked; they have a login of their own, or none.
  package var user: String?
  package var password: [UInt8]?
  /// Asked afresh for every connection to a sentinel, instead of `password`.
  package var passwordSource: ChannelConfiguration.PasswordSource?
  /// Encrypts the connections to sentinels and to the servers that they name; nil is plain text.
  package var tls: TLSSettings?
  /// Every certificate must carry the name in `tls`, and not that of its own host.
  package var keepsName = false
  package var clientName: String?
  /// The bounds of a connection to a sentinel. They are short: there are others to ask.
  package var limits: ChannelLimits
  /// Milliseconds between questions whether the primary is still the same, beside what a sentinel
  /// tells by itself.
  package var watchInterval: Int64 = 5_000

  package init(group: String, sentinels: [Endpoint]) {
    self.group = group
    self.sentinels = sentinels
    var limits = ChannelLimits()
    limits.connecting = 2_000
    limits.reply = 2_000
    limits.silence = 4_000
    limits.replies.replyBytes = 4 << 20
    self.limits = limits
  }
}

/// Where a connection is to be made.
package struct FoundServer: Sendable {
  package var endpoint: Endpoint
  package var tls: TLSClient?

  package init(endpoint: Endpoint, tls: TLSClient?) {
    self.endpoint = endpoint
    self.tls = tls
  }
}
