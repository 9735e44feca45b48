import SystemIO
import TestSupport
import Testing
import Transport

/// What the files given for TLS may hold, and what is said of those that do not.
@Suite(.timeLimit(.minutes(5))) struct TLSContextTests {
  private let certificates: TestCertificates

  init() throws {
    certificates = try TestCertificates.shared()
  }

  private func error(_ change: (inout TLSSettings) -> Void) -> TLSError? {
    var settings = TLSSettings(name: "localhost")
    change(&settings)
    do throws(TLSError) {
      _ = try TLSContext(settings)
      return nil
    } catch {
      return error
    }
  }

  @Test func takesWhatIsRight() throws {
    let kit = certificates
    #expect(error { $0.authorityFile = kit.authority } == nil)
    #expect(error { $0.authorityFolder = kit.folder + "/authorities" } == nil)
    #expect(error { _ in } == nil, "the authorities of the system")
    #expect(
      error {
        $0.certificateFile = kit.certificate("client")
        $0.keyFile = kit.key("client")
      } == nil)
    // Both in one file.
    let both = kit.folder + "/both.pem"
    let bytes =
      try FileBytes.read(path: kit.key("client"), limit: 1 << 20)
      + FileBytes.read(path: kit.certificate("client"), limit: 1 << 20)
    try FileBytes.writeOwnerOnly(path: both, bytes, replacing: true)
    #expect(error { $0.certificateFile = both } == nil)
  }

  @Test func saysWhichFileIsWrongAndHow() {
    let kit = certificates
    let missing = kit.folder + "/missing.pem"
    #expect(
      error { $0.authorityFile = missing }
        == .unreadable(path: missing, reason: "No such file or directory"))
    #expect(error { $0.authorityFile = kit.key("ca") } == .noAuthority(path: kit.key("ca")))
    #expect(error { $0.authorityFolder = missing } == .noAuthority(path: missing))
    let empty = kit.folder + "/empty"
    #expect(error { $0.authorityFolder = empty } == .noAuthority(path: empty))
    #expect(
      error { $0.certificateFile = kit.key("client") } == .noCertificate(path: kit.key("client")))
    let certificate = kit.certificate("client")
    #expect(error { $0.certificateFile = certificate } == .noKey(path: certificate))
    #expect(
      error {
        $0.certificateFile = certificate
        $0.keyFile = kit.key("server")
      } == .keyOfAnother(certificate: certificate, key: kit.key("server")))
    #expect(
      error {
        $0.certificateFile = certificate
        $0.keyFile = kit.key("locked")
      } == .keyLocked(path: kit.key("locked")))
  }

  @Test func everyErrorIsASentenceWithANextStep() {
    let errors: [TLSError] = [
      .unreadable(path: "f", reason: "no"), .noAuthority(path: "f"), .noSystemAuthorities,
      .noCertificate(path: "f"), .noKey(path: "f"), .keyLocked(path: "f"),
      .keyOfAnother(certificate: "c", key: "k"), .wrongName(""), .expired(on: "2020-02-01"),
      .notYetValid(before: "2098-01-01"), .selfSigned, .unknownAuthority,
      .otherName(wanted: "localhost", names: "cache.example"), .notBelieved(words: "w"),
      .certificateWanted, .certificateRefused(words: "revoked"), .noCommonVersion,
      .agreementRefused, .notTLS,
    ]
    for error in errors {
      #expect(!error.remedy.isEmpty && error.sentence.contains("; "), "\(error)")
      #expect(error.isForGood)
    }
    #expect(!TLSError.broken(words: "bad record mac").isForGood)
  }
}
