import CacheEngine
import RESP

// CLIENT TRACKING and its kin.
extension CommandTable {
  static let trackingArities = ["TRACKING": -3, "CACHING": 3, "TRACKINGINFO": 2, "GETREDIR": 2]

  static func tracking(_ call: CommandCall) throws(RESPError) -> RESPValue {
    let options = try TrackingOptions(call)
    guard options.isOn else {
      call.engine.stopTracking(call.session)
      return .ok
    }
    try options.check(against: call.session.tracking)
    guard call.session.push != nil else {
      throw RESPError("ERR CLIENT TRACKING needs a connection that takes messages")
    }
    call.engine.startTracking(call.session, options.tracking)
    return .ok
  }

  static func caching(_ call: CommandCall) throws(RESPError) -> RESPValue {
    guard let choice = call.session.tracking?.choice, choice == .optIn || choice == .optOut else {
      throw RESPError(
        "ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or "
          + "OPTOUT mode enabled")
    }
    switch call.word(2) {
    case "YES" where choice == .optIn: call.session.tracking?.caching = true
    case "NO" where choice == .optOut: call.session.tracking?.caching = false
    case "YES":
      throw RESPError(
        "ERR CLIENT CACHING YES is only valid when tracking is enabled in OPTIN mode.")
    case "NO":
      throw RESPError(
        "ERR CLIENT CACHING NO is only valid when tracking is enabled in OPTOUT mode.")
    default: throw .syntax
    }
    return .ok
  }

  static func trackingFacts(_ call: CommandCall) -> RESPValue {
    let tracking = call.session.tracking
    var flags = [tracking == nil ? "off" : "on"]
    var prefixes: [[UInt8]] = []
    switch tracking?.choice {
    case .broadcast(let given):
      flags.append("bcast")
      prefixes = given
    case .optIn: flags += ["optin"] + (tracking?.caching == true ? ["caching-yes"] : [])
    case .optOut: flags += ["optout"] + (tracking?.caching == false ? ["caching-no"] : [])
    case .all, nil: break
    }
    if tracking?.leavesOutOwn == true { flags.append("noloop") }
    return .map([
      RESPPair(.bulk("flags"), .set(flags.map { .bulk($0) })),
      RESPPair(.bulk("redirect"), .integer(tracking == nil ? -1 : 0)),
      RESPPair(.bulk("prefixes"), .array(prefixes.map { .bulk($0) })),
    ])
  }
}

/// The options of CLIENT TRACKING.
private struct TrackingOptions {
  private(set) var isOn = false
  private var isBroadcast = false
  private var isOptIn = false
  private var isOptOut = false
  private var leavesOutOwn = false
  private var prefixes: [[UInt8]] = []

  init(_ call: CommandCall) throws(RESPError) {
    var index = 3
    while index < call.arguments.count {
      switch call.word(index) {
      case "BCAST": isBroadcast = true
      case "OPTIN": isOptIn = true
      case "OPTOUT": isOptOut = true
      case "NOLOOP": leavesOutOwn = true
      case "PREFIX" where index + 1 < call.arguments.count:
        index += 1
        prefixes.append(call[index])
      case "REDIRECT" where index + 1 < call.arguments.count:
        throw RESPError("ERR REDIRECT is not offered: track on a connection of version 3 itself")
      default: throw .syntax
      }
      index += 1
    }
    switch call.word(2) {
    case "ON": isOn = true
    case "OFF": isOn = false
    default: throw .syntax
    }
  }

  /// In the order in which Redis looks.
  func check(against present: Tracking?) throws(RESPError) {
    guard isBroadcast || prefixes.isEmpty else {
      throw RESPError("ERR PREFIX option requires BCAST mode to be enabled")
    }
    if let present {
      var wasBroadcast = false
      if case .broadcast = present.choice { wasBroadcast = true }
      guard wasBroadcast == isBroadcast else {
        throw RESPError(
          "ERR You can't switch BCAST mode on/off before disabling tracking for this client, and "
            + "then re-enabling it with a different mode.")
      }
    }
    guard !isBroadcast || !isOptIn && !isOptOut else {
      throw RESPError("ERR OPTIN and OPTOUT are not compatible with BCAST")
    }
    guard !isOptIn || !isOptOut else {
      throw RESPError("ERR You can't specify both OPTIN mode and OPTOUT mode")
    }
    if let present, present.choice == .optIn && isOptOut || present.choice == .optOut && isOptIn {
      throw RESPError(
        "ERR You can't switch OPTIN/OPTOUT mode before disabling tracking for this client, and "
          + "then re-enabling it with a different mode.")
    }
    try checkOverlaps()
  }

  /// A key under two prefixes would be told twice.
  private func checkOverlaps() throws(RESPError) {
    for (index, first) in prefixes.enumerated() {
      for second in prefixes[..<index]
      where first.starts(with: second) || second.starts(with: first) {
        let (one, other) = (
          String(decoding: second, as: UTF8.self), String(decoding: first, as: UTF8.self)
        )
        throw RESPError(
          "ERR Prefix '\(one)' overlaps with another provided prefix '\(other)'. Prefixes for a "
            + "single client must not overlap.")
      }
    }
  }

  var tracking: Tracking {
    let choice: Tracking.Choice =
      isBroadcast ? .broadcast(prefixes: prefixes) : isOptIn ? .optIn : isOptOut ? .optOut : .all
    return Tracking(choice: choice, leavesOutOwn: leavesOutOwn)
  }
}
