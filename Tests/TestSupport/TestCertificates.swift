import Glibc
import SystemIO

/// Certificates as servers and clients of tests show them, each `NAME.crt` with its `NAME.key`, made
/// by the `openssl` program when the first test asks for one, once for the process.
///
/// `ca` signs `server` and `client`, `expired`, `early` (not valid yet) and `other-name`; `other-ca`,
/// which nobody is told to believe, `foreign`; `self` signs itself. Servers are localhost, 127.0.0.1
/// and ::1. The folder `authorities` holds `ca` under another name. `locked.key` is the client's key behind a pass phrase.
package struct TestCertificates: Sendable {
  package let folder: String

  package func certificate(_ name: String) -> String { "\(folder)/\(name).crt" }
  package func key(_ name: String) -> String { "\(folder)/\(name).key" }

  /// The file of the authority that clients believe.
  package var authority: String { certificate("ca") }

  private static let made = Result { try TestCertificates() }

  package static func shared() throws -> TestCertificates { try made.get() }

  private init() throws {
    var template = Array("/tmp/cachescope-certificates-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Errno.last }
    folder = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    let status = try ChildProcess.runInForeground(
      shellCommand: Self.script, argument: folder, environment: [("PATH", "/usr/bin:/bin")])
    guard status == 0 else {
      throw RedisServerError(words: "openssl made no certificates, see \(folder)/log")
    }
    atexit {
      guard case .success(let certificates) = TestCertificates.made else { return }
      FolderEntries.removeTree(path: certificates.folder)
    }
  }

  private static let script = """
    set -e
    cd "$0"; exec >log 2>&1
    cat >ca.conf <<END
    [ca]
    default_ca = here
    [here]
    database = ./index
    serial = ./serial
    new_certs_dir = .
    default_md = sha256
    policy = any
    copy_extensions = none
    unique_subject = no
    [any]
    commonName = supplied
    END
    : >index; echo 01 >serial
    key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1.key"; }
    authority() {
      key "$1"
      openssl req -x509 -new -key "$1.key" -subj "/CN=$2" -days 3650 -out "$1.crt" \\
        -addext basicConstraints=critical,CA:TRUE -addext keyUsage=keyCertSign
    }
    # name, authority, subject, names, first day, last day
    certificate() {
      key "$1"
      openssl req -new -key "$1.key" -subj "/CN=$3" -out "$1.csr"
      printf 'subjectAltName = %s\\n' "$4" >"$1.ext"
      openssl ca -batch -notext -config ca.conf -cert "$2.crt" -keyfile "$2.key" -in "$1.csr" -out "$1.crt" \\
        -extfile "$1.ext" -startdate "$5" -enddate "$6"
    }
    authority ca 'tests'
    authority other-ca 'somebody else'
    here=DNS:localhost,IP:127.0.0.1,IP:::1
    certificate server ca server "$here" 20200101000000Z 20991231000000Z
    certificate client ca client DNS:client 20200101000000Z 20991231000000Z
    certificate expired ca expired "$here" 20200101000000Z 20200201000000Z
    certificate early ca early "$here" 20980101000000Z 20991231000000Z
    certificate other-name ca other DNS:cache.example,IP:10.0.0.1 20200101000000Z 20991231000000Z
    certificate foreign other-ca foreign "$here" 20200101000000Z 20991231000000Z
    key self
    openssl req -x509 -new -key self.key -subj /CN=self -days 3650 -out self.crt -addext "subjectAltName=$here"
    mkdir authorities empty
    cp ca.crt authorities/ours.pem
    openssl pkey -in client.key -aes128 -passout pass:secret -out locked.key
    """
}
