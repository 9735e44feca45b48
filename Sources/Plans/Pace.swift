/// How fast many keys may be worked on without others noticing.
///
/// On a calm server there is no pause. When others use it, the work takes a share of the time only:
/// all of it up to 500 commands of others a second, 10 per cent from 10,000 on, between them by the
/// logarithm. When an answer takes more than twice as long as it did before the work began, and 5 ms
/// more, the share is halved each time that is seen. It falls at once and grows slowly. Pure: the time
/// and the figures are handed in.
package struct Pace: Sendable, Equatable {
  /// What was seen at one moment.
  package struct Sample: Sendable, Equatable {
    /// Microseconds of a clock that never goes back.
    package var at: Int64
    /// Commands that the server has processed since its start; nil when it does not tell.
    package var commands: Int64?
    /// Of them, those of this program.
    package var own: Int64
    /// Microseconds that a small question took.
    package var roundTrip: Int64?

    package init(at: Int64, commands: Int64?, own: Int64, roundTrip: Int64?) {
      self.at = at
      self.commands = commands
      self.own = own
      self.roundTrip = roundTrip
    }
  }

  /// Why the work takes a share only.
  package enum Reason: Sendable, Equatable {
    /// So many commands of others a second.
    case others(Int64)
    /// So many microseconds for an answer.
    case slow(Int64)
  }

  private var last: Sample?
  private var samples = 0
  private var calmRoundTrip: Int64?
  /// The share of the time that is worked in, from `leastShare` to 1.
  package private(set) var share = 1.0
  package private(set) var reason: Reason?

  /// The share that is worked in beside many others.
  private let leastShare: Double

  package init(leastShare: Double = Self.standardLeastShare) {
    self.leastShare = leastShare
  }

  package static let standardLeastShare = 0.1
  private static let fewOthers = 500.0
  private static let manyOthers = 10_000.0
  /// Microseconds.
  private static let interval: Int64 = 250_000
  private static let firstInterval: Int64 = 50_000
  private static let longestPause: Int64 = 2_000_000
  private static let leastRise: Int64 = 5_000

  /// Whether it is time to look again. The first looks follow each other soon.
  package func wantsSample(at now: Int64) -> Bool {
    guard let last else { return true }
    return now - last.at >= (samples < 3 ? Self.firstInterval : Self.interval)
  }

  package mutating func observe(_ sample: Sample) {
    defer {
      last = sample
      samples += 1
    }
    if calmRoundTrip == nil { calmRoundTrip = sample.roundTrip }
    let others = last.flatMap { Self.others(from: $0, to: sample) }
    var wanted = others.map { share(beside: $0) } ?? 1
    var seen = others.flatMap { wanted < 1 ? Reason.others(Int64(min($0, 1e15))) : nil }
    if let calm = calmRoundTrip, let now = sample.roundTrip,
      now
        > max(
          calm.multipliedReportingOverflow(by: 2).partialValue,
          calm.addingReportingOverflow(Self.leastRise).partialValue)
    {
      wanted = min(wanted, share / 2)
      seen = .slow(now)
    }
    let isFirst = samples < 2
    share = max(leastShare, isFirst ? wanted : min(wanted, share * 1.5))
    reason = share < 1 ? seen ?? reason : nil
  }

  /// Microseconds to rest after so many of work.
  package func pause(afterWorking microseconds: Int64) -> Int64 {
    guard share < 1, microseconds > 0 else { return 0 }
    return Int64(min(Double(Self.longestPause), Double(microseconds) * (1 / share - 1)))
  }

  /// Commands of others a second; nil where it cannot be known, as after a restart.
  private static func others(from earlier: Sample, to later: Sample) -> Double? {
    guard let before = earlier.commands, let now = later.commands, later.at > earlier.at,
      now >= before
    else { return nil }
    let count = Double(now) - Double(before) - (Double(later.own) - Double(earlier.own))
    return max(0, count) / (Double(later.at - earlier.at) / 1_000_000)
  }

  private func share(beside others: Double) -> Double {
    guard others > Self.fewOthers else { return 1 }
    let part = min(
      1,
      Self.logarithm(others / Self.fewOthers) / Self.logarithm(Self.manyOthers / Self.fewOthers))
    return part < 1 ? max(leastShare, 1 - part * (1 - leastShare)) : leastShare
  }

  /// The logarithm to the base of two, near enough for a share: the exponent, and the significand as
  /// a straight line.
  private static func logarithm(_ value: Double) -> Double {
    Double(value.exponent) + value.significand - 1
  }
}
