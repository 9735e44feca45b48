import COpenSSL
import SystemIO

/// What the connections to one server have in common: the authorities believed, and the client's own
/// certificate, as they stood in the files when it was made. Reading them takes milliseconds, and tens
/// of those for the authorities of a system: make it on a thread that may wait.
// Unchecked: the library counts the users of a context by itself, and nothing changes one that is made.
package final class TLSContext: @unchecked Sendable {
  package let settings: TLSSettings
  let raw: OpaquePointer

  private static let sizeLimit = 4 << 20
  private static let mostFiles = 2000

  package init(_ settings: TLSSettings) throws(TLSError) {
    guard let raw = co_context_create() else { throw .broken(words: "no memory") }
    self.raw = raw
    self.settings = settings
    try trust()
    try identify()
  }

  deinit {
    co_context_free(raw)
  }

  // MARK: Authorities

  private func trust() throws(TLSError) {
    guard settings.verifies else { return }
    if let path = settings.authorityFile {
      guard trust(try Self.read(path)) > 0 else { throw .noAuthority(path: path) }
    }
    if let folder = settings.authorityFolder { try trust(folder: folder) }
    guard settings.authorityFile == nil, settings.authorityFolder == nil else { return }
    guard co_trust_system(raw) != 0 else { throw .noSystemAuthorities }
  }

  /// Every file of a folder that looks like certificates, whatever its name otherwise.
  private func trust(folder: String) throws(TLSError) {
    var found = 0
    for name in FolderEntries.names(in: folder, limit: Self.mostFiles) {
      guard Self.isCertificates(name) else { continue }
      do throws(TLSError) { found += trust(try Self.read("\(folder)/\(name)")) } catch {}
    }
    guard found > 0 else { throw .noAuthority(path: folder) }
  }

  /// `ca.pem`, `ca.crt`, `ca.cer`, `9d66eef0.0`
  private static func isCertificates(_ name: String) -> Bool {
    guard let dot = name.lastIndex(of: ".") else { return false }
    let ending = name[name.index(after: dot)...].lowercased()
    return ["pem", "crt", "cer"].contains(ending)
      || (!ending.isEmpty && ending.allSatisfy { $0.isASCII && $0.isNumber })
  }

  private func trust(_ bytes: [UInt8]) -> Int {
    bytes.withUnsafeBytes { co_trust(raw, $0.baseAddress, $0.count) }
  }

  // MARK: The client itself

  private func identify() throws(TLSError) {
    guard let path = settings.certificateFile else { return }
    let keyPath = settings.keyFile ?? path
    let certificate = try Self.read(path)
    let key = try Self.read(keyPath)
    let result = certificate.withUnsafeBytes { certificate in
      key.withUnsafeBytes { key in
        co_identity(
          raw, certificate.baseAddress, certificate.count, key.baseAddress, key.count)
      }
    }
    switch result {
    case CO_IDENTITY_TAKEN: return
    case CO_NO_CERTIFICATE: throw .noCertificate(path: path)
    case CO_KEY_LOCKED: throw .keyLocked(path: keyPath)
    case CO_KEY_OF_ANOTHER: throw .keyOfAnother(certificate: path, key: keyPath)
    default: throw .noKey(path: keyPath)
    }
  }

  private static func read(_ path: String) throws(TLSError) -> [UInt8] {
    do throws(Errno) {
      return try FileBytes.read(path: path, limit: sizeLimit)
    } catch {
      throw .unreadable(path: path, reason: error.text)
    }
  }
}
