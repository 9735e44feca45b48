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
default:
  print("usage: Benchmarks million-keys [COUNT] | delete-million [COUNT [ROUNDS]]")
  print("       Benchmarks flush-screen [COUNT] | journal [COUNT]")
}
