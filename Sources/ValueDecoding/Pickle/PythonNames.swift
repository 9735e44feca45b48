/// Names as Python 3 has them.
enum PythonNames {
  /// Names of Python 2 that moved.
  static func modern(_ module: String, _ name: String) -> GlobalName {
    let module =
      switch module {
      case "__builtin__", "exceptions": "builtins"
      case "copy_reg": "copyreg"
      default: module
      }
    guard module == "builtins" else { return GlobalName(module: module, name: name) }
    return GlobalName(module: module, name: builtins[name] ?? name)
  }

  private static let builtins = ["unicode": "str", "long": "int", "xrange": "range"]
}

/// Names by which a pickle could do harm to whoever loads it. A label for people, not a defence:
/// nothing is called here, whatever its name.
enum SuspiciousNames {
  private static let modules: Set<String> = [
    "os", "posix", "nt", "subprocess", "sys", "runpy", "importlib", "shutil", "socket", "pty",
    "commands", "ctypes", "code", "webbrowser", "multiprocessing", "signal", "platform", "pdb",
    "timeit", "threading", "asyncio",
  ]
  private static let builtins: Set<String> = [
    "eval", "exec", "compile", "open", "__import__", "breakpoint", "input", "execfile", "apply",
  ]

  static func contains(_ name: GlobalName) -> Bool {
    if name.module == "builtins" { return builtins.contains(name.name) }
    let first = name.module.utf8.prefix { $0 != UInt8(ascii: ".") }
    return modules.contains(String(first) ?? name.module)
  }
}
