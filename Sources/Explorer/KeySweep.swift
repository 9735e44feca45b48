import CacheModel
import Plans

/// Something that is done with every key, a slice at a time.
package struct KeySweep: Sendable {
  enum Purpose: Sendable {
    /// Marks or unmarks all that the filter shows.
    case mark(Bool)
    /// Marks all that the filter shows if one of them has no mark, else unmarks all.
    case toggleMarks
    /// Marks what expires at a time.
    case markExpiring(Range<Moment>)
    /// Collects the keys that an action is meant for.
    case gather(Action, onlyMarked: Bool)
    /// Collects the keys of a plan.
    case plan(PlannedChange, onlyMarked: Bool)
    /// Tests every key against the filter again: time has passed.
    case judgeAgain
    /// Collects the first keys below a folder, whatever the filter shows.
    case collect(limit: Int)
    /// Takes out what does not belong to the sample.
    case thinOut
    /// Gives back what the names of keys that were taken out have held.
    case tidy
    /// Asks again for keys that the last walk did not report.
    case askUnreported(generation: UInt8)
  }

  var purpose: Purpose
  /// Only keys somewhere below this folder.
  var folder: UInt32 = 0
  var position = 0
  var found: [CacheKey] = []
  /// The keys of a plan so far.
  var gathering: PlanGathering?
  /// How many keys were touched.
  var count = 0
}

extension KeysState {
  /// Gathered keys are sorted by name up to so many; beyond, nobody reads them in order.
  private static let sortedTargets = 10_000

  /// How much of the sweep under way is done, in per cent.
  package var sweepPercent: Int {
    guard let sweep = sweeps.first, index.slotCount > 0 else { return 100 }
    return min(99, sweep.position * 100 / index.slotCount)
  }

  /// Whether a sweep is under way that somebody waits for.
  package var isSweepingVisibly: Bool {
    guard let sweep = sweeps.first else { return false }
    switch sweep.purpose {
    case .judgeAgain, .thinOut, .tidy: return false
    default: return true
    }
  }

  /// Begins a sweep and does its first slice; few keys are done with it at once.
  mutating func begin(_ sweep: KeySweep) {
    // What nobody waits for lets the others pass.
    let isWaiting = if case .judgeAgain = sweeps.first?.purpose { true } else { false }
    sweeps.insert(sweep, at: isWaiting ? 0 : sweeps.count)
    if case .plan = sweep.purpose, listing.pass.isRunning { return }
    var budget = Self.slice
    advanceSweep(&budget)
  }

  mutating func advanceSweep(_ budget: inout Int) {
    while budget > 0, !sweeps.isEmpty {
      while sweeps[0].position < index.slotCount, budget > 0 {
        let slot = KeyIndex.Slot(number: UInt32(sweeps[0].position))
        sweeps[0].position += 1
        budget -= 1
        if isMeant(slot) { budget -= carryOut(slot) }
      }
      guard sweeps[0].position >= index.slotCount else { return }
      finish(sweeps.removeFirst())
    }
  }

  private func isMeant(_ slot: KeyIndex.Slot) -> Bool {
    guard index.isLive(slot), index[fate: slot].goneSince == nil else { return false }
    let folder = sweeps[0].folder
    return folder == 0 || tree.isBelow(index[folder: slot], folder)
  }

  private mutating func carryOut(_ slot: KeyIndex.Slot) -> Int {
    switch sweeps[0].purpose {
    case .toggleMarks:
      guard !index[isMarked: slot], passes(slot.number) else { return 1 }
      // All that were passed by have their mark: from here on they are given.
      sweeps[0].purpose = .mark(true)
      marksAll = true
      filterMarkedWhole = filter
      mark(slot, true)
      return 4
    case .mark(let isMarked):
      // What is unmarked is so wherever it is: a mark that nobody sees does harm.
      guard !isMarked || passes(slot.number) else { return 1 }
      mark(slot, isMarked)
      sweeps[0].count += 1
      return 4
    case .markExpiring(let times):
      guard case .at(let deadline) = index[figures: slot].expiry, times.contains(deadline) else {
        return 1
      }
      mark(slot, true)
      return 4
    case .collect(let limit):
      sweeps[0].found.append(index.key(slot))
      if sweeps[0].found.count >= limit { sweeps[0].position = index.slotCount }
      return 2
    case .gather(_, let onlyMarked):
      guard onlyMarked ? index[isMarked: slot] : passes(slot.number) else { return 1 }
      sweeps[0].found.append(index.key(slot))
      return 8
    case .plan(_, let onlyMarked):
      guard onlyMarked ? index[isMarked: slot] : passes(slot.number) else { return 1 }
      addToPlan(slot)
      return 50
    case .judgeAgain:
      if Int(slot.number) < listing.pass.testedTo { test(slot.number) }
      return 8
    case .thinOut: return thinOut(slot)
    case .tidy:
      index.moveName(slot)
      return 4
    case .askUnreported(let generation):
      if index[generation: slot] != generation { index[hasLifetime: slot] = false }
      return 1
    }
  }

  private mutating func finish(_ sweep: KeySweep) {
    switch sweep.purpose {
    case .gather:
      let isShort = sweep.found.count <= Self.sortedTargets
      gathered = isShort ? sweep.found.sorted() : sweep.found
    case .plan: planned = sweep.gathering
    case .collect: collected = sweep.found
    case .toggleMarks:
      marksAll = false
      filterMarkedWhole = nil
      sweeps.insert(KeySweep(purpose: .mark(false)), at: 0)
    case .thinOut:
      index.beginMovingNames()
      sweeps.insert(KeySweep(purpose: .tidy), at: 0)
    case .mark, .markExpiring, .judgeAgain, .askUnreported, .tidy: break
    }
  }
}
