/// Whom a client believes and who it is. Files are named and not yet read.
package struct TLSSettings: Sendable, Hashable {
  /// The name or the numeric address that the server's certificate must carry; a name is told to the
  /// server too, before it chooses its certificate.
  package var name: String
  /// A file in PEM, and a folder of such files, with the certificates of the authorities that are
  /// believed. Without either it is those that this system believes.
  package var authorityFile: String?
  package var authorityFolder: String?
  /// The client's own certificate and its key in PEM; without a file of its own the key stands in that
  /// of the certificate.
  package var certificateFile: String?
  package var keyFile: String?
  /// Whether a server must prove who it is. Without that anybody on the way can read and change
  /// everything.
  package var verifies = true

  package init(name: String) {
    self.name = name
  }
}
