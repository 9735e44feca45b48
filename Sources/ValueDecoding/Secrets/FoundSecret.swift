/// A piece of a value, or of a name, that should not be read over a shoulder.
package struct FoundSecret: Sendable, Hashable {
  /// Where it stands, in bytes.
  package var range: Range<Int>
  package var kind: SecretKind

  package init(range: Range<Int>, kind: SecretKind) {
    self.range = range
    self.kind = kind
  }
}

/// What kind of secret something is.
package enum SecretKind: Sendable, Hashable {
  /// A JSON Web Token; `expires` in seconds since 1970 where it says so.
  case jwt(expires: Int64?, isUnsigned: Bool)
  case privateKey
  /// A token of a service that is known by the way its tokens are written: `GitHub token`.
  case token(String)
  case login
  case password
  /// What a password was turned into before it was stored.
  case passwordHash
  /// What stands under a name such as `api_key` or `refresh_token`.
  case namedToken
  case sessionID
  case card
  case account
  /// The end, or the beginning, of something long that the bytes at hand do not hold whole.
  case part

  /// `password`, `GitHub token`: a noun of which an s makes several.
  package var noun: String {
    switch self {
    case .jwt: "JWT"
    case .privateKey: "private key"
    case .token(let name): name
    case .login: "login"
    case .password: "password"
    case .passwordHash: "password hash"
    case .namedToken: "token"
    case .sessionID: "session id"
    case .card: "card number"
    case .account: "account number"
    case .part: "part of a long token"
    }
  }
}
