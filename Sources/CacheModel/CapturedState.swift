/// What a key held at the moment of asking, before anything is done to it.
package enum CapturedState: Sendable, Equatable {
  /// There was no such key.
  case absent
  case present(StoredState)
  /// More than was to be fetched; bytes as the source counts them, near enough.
  case tooLarge(bytes: Int64)
  /// The source does not hand its state out, for this reason.
  case refused(String)

  /// Bytes of the largest value that is kept, where nothing else was asked for.
  package static let standardLimit = 64 << 20

  /// Whether a change of the key can be taken back.
  package var isKept: Bool {
    switch self {
    case .absent, .present: true
    case .tooLarge, .refused: false
    }
  }
}
