import SystemIO

let status = Program.run(Array(CommandLine.arguments.dropFirst()))
CommandLog.end()
endProcess(status)
