import SystemIO

endProcess(Program.run(Array(CommandLine.arguments.dropFirst())))
