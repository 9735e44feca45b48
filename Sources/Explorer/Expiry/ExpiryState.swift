package import CacheModel

/// The Expiry screen: what was counted last, and what of it is shown.
package struct ExpiryState: Sendable {
  package internal(set) var range = ExpiryRange.hour
  package internal(set) var isLogarithmic = true
  package internal(set) var survey: ExpirySurvey?
  package internal(set) var spikes: [ExpirySpike] = []
  /// The spike that the remedy is for: the first one that ends after this moment.
  var chosenStart: Moment?
  var count: ExpiryCount?
  var countBegan: Moment?
  var countedAt: Moment?
  /// Milliseconds that the last count took.
  var duration: Int64 = 0
  /// The spike whose keys are being marked, to be spread.
  var spreading: ExpirySpike?

  /// Slots of one slice of a count.
  static let slice = 20_000

  /// Whether a count is under way.
  package var isCounting: Bool { count != nil }

  /// The number of the spike that the remedy is for.
  package func chosenSpike(at now: Moment) -> Int? {
    let left = spikes.indices.filter { spikes[$0].end > now }
    return left.first { spikes[$0].start == chosenStart } ?? left.first
  }
}
