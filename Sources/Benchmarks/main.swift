// Committed figures: what the program promises of its speed, measured on the machine at hand.

switch CommandLine.arguments.dropFirst().first {
case "million-keys":
  let count = CommandLine.arguments.dropFirst(2).first.flatMap { Int($0) } ?? 1_000_000
  do {
    try MillionKeys(count: count).run()
  } catch {
    print("failed: \(error)")
  }
case "journal":
  let arguments = CommandLine.arguments.dropFirst(2)
  do {
    try await JournalSpeed(
      count: arguments.dropFirst().first.flatMap { Int($0) } ?? 1_000_000,
      folder: arguments.first ?? "/tmp/cachescope-benchmark"
    ).run()
  } catch {
    print("failed: \(error)")
  }
case "delete-million":
  let count = CommandLine.arguments.dropFirst(2).first.flatMap { Int($0) } ?? 5_000_000
  do {
    try DeleteMillion(count: count).run()
  } catch {
    print("failed: \(error)")
  }
default:
  print("usage: Benchmarks million-keys [COUNT] | delete-million [COUNT]")
  print("       Benchmarks journal [FOLDER [COUNT]]")
}
