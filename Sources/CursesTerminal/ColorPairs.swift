import CNCurses
import TerminalCanvas

/// ncurses colours text by numbered pairs that must be defined first. Pairs are made when they are
/// needed, and kept; a terminal that can hold no more, or refuses a colour, gives its own colours
/// rather than black on black.
final class ColorPairs {
  private struct Colours: Hashable {
    var foreground: UInt8?
    var background: UInt8?
  }

  /// The terminal takes RGB instead of numbers, except for the first eight.
  private let isDirect: Bool
  private let limit: Int
  private var known: [Colours: Int32] = [Colours(): 0]

  init(isDirect: Bool, limit: Int) {
    self.isDirect = isDirect
    self.limit = limit
  }

  /// The number of a pair; nil stands for the terminal's own colour, pair 0 for both.
  func pair(foreground: UInt8?, background: UInt8?) -> Int32 {
    let colours = Colours(foreground: foreground, background: background)
    if let pair = known[colours] { return pair }
    let next = Int32(known.count)
    let defined =
      known.count < limit
      && cn_define_pair(next, number(foreground), number(background)) != 0
    // A refused pair still takes its place in the table, so that numbers stay apart.
    known[colours] = defined ? next : 0
    return defined ? next : 0
  }

  /// The screen was made anew: no pair is defined any more.
  func forget() {
    known = [Colours(): 0]
  }

  private func number(_ colour: UInt8?) -> Int32 {
    guard let colour else { return -1 }
    return isDirect && colour >= 8 ? Int32(ColorDepth.rgb(colour)) : Int32(colour)
  }
}
