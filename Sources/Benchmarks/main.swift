// Committed figures: what the program promises of its speed, measured on the machine at hand.

import TestSupport

switch CommandLine.arguments.dropFirst().first {
case "million-keys":
  let count = CommandLine.arguments.dropFirst(2).first.flatMap { Int($0) } ?? 1_000_000
  do {
    try MillionKeys(count: count).run()
  } catch {
    print("failed: \(error)")
  }
case "journal":
  let count = CommandLine.arguments.dropFirst(2).first.flatMap { Int($0) } ?? 1_000_000
  do {
    let folder = try TemporaryFolder("journal-benchmark")
    try await JournalSpeed(count: max(1, count), folder: folder.path).run()
    withExtendedLifetime(folder) {}
  } catch {
    print("failed: \(error)")
  }
case "delete-million":
  let numbers = CommandLine.arguments.dropFirst(2).map { Int($0) ?? 0 }
  do {
    try DeleteMillion(
      count: max(5, numbers.first ?? 5_000_000), rounds: max(1, numbers.dropFirst().first ?? 3)
    ).run()
  } catch {
    print("failed: \(error)")
  }
case "flush-screen":
  let count = CommandLine.arguments.dropFirst(2).first.flatMap { Int($0) } ?? 1_000_000
  do {
    try FlushOnScreen(count: count).run()
  } catch {
    print("failed: \(error)")
  }
case "keyspace":
  let arguments = Array(CommandLine.arguments.dropFirst(2))
  let count = max(1000, arguments.first.flatMap { Int($0) } ?? 1_000_000)
  let named = arguments.dropFirst().compactMap { KeyShape(rawValue: $0) }
  // The three that stand apart are measured with a million keys at most.
  for shape in named.isEmpty ? KeyShape.allCases : named {
    do {
      let isNamed = !named.isEmpty || shape == .mixed
      try WholeKeyspace(count: isNamed ? count : min(count, 1_000_000), shape: shape).run()
    } catch {
      print("failed: \(error)")
    }
  }
case "stats-frame":
  let keys = CommandLine.arguments.dropFirst(2).first.flatMap { Int($0) } ?? 1_000_000
  StatsFrame(keys: max(1000, keys)).run()
case "harmless":
  let numbers = CommandLine.arguments.dropFirst(2).map { Int($0) ?? 0 }
  do {
    try HarmlessLoad(
      count: max(1000, numbers.first ?? 1_000_000), rounds: max(1, numbers.dropFirst().first ?? 5)
    ).run()
  } catch {
    print("failed: \(error)")
  }
case "decoders":
  do {
    let folder = try TemporaryFolder("decoder-benchmark")
    try DecoderSpeed(folder: folder.path).run()
    withExtendedLifetime(folder) {}
  } catch {
    print("failed: \(error)")
  }
case "large-values":
  let share = CommandLine.arguments.dropFirst(2).first.flatMap { Int($0) } ?? 1000
  do {
    try LargeValues(share: max(1, share)).run()
  } catch {
    print("failed: \(error)")
  }
case "fuzz-decoders":
  let numbers = CommandLine.arguments.dropFirst(2)
  DecoderFuzz(
    seconds: numbers.first.flatMap { Int($0) } ?? 60,
    seed: numbers.dropFirst().first.flatMap { UInt64($0) } ?? .random(in: 1...UInt64.max)
  ).run()
default:
  print("usage: Benchmarks million-keys [COUNT] | delete-million [COUNT [ROUNDS]]")
  print("       Benchmarks flush-screen [COUNT] | journal [COUNT]")
  print("       Benchmarks keyspace [COUNT [mixed|one-prefix|many-prefixes|long-names]...]")
  print("       Benchmarks harmless [COUNT [ROUNDS]] | stats-frame [KEYS]")
  print("       Benchmarks decoders | fuzz-decoders [SECONDS [SEED]] | large-values [THOUSANDTHS]")
}
