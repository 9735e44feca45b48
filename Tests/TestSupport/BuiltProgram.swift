import Glibc

/// Programs of this package, where the build has put them: beside the tests that run.
package enum BuiltProgram {
  /// The path of a program by its product's name.
  package static func path(_ name: String) -> String {
    var buffer = [CChar](repeating: 0, count: 4096)
    let length = max(readlink("/proc/self/exe", &buffer, buffer.count), 0)
    let bytes = buffer.prefix(length).map { UInt8(bitPattern: $0) }
    let own = String(decoding: bytes, as: UTF8.self)
    return own.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/" + name
  }
}
