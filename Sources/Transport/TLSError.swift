/// Why there is no encrypted connection.
package enum TLSError: Error, Sendable, Equatable {
  // What was given cannot be used; nothing was sent
  case unreadable(path: String, reason: String)
  /// A file or a folder in which certificates of authorities should be.
  case noAuthority(path: String)
  case noSystemAuthorities
  case noCertificate(path: String)
  case noKey(path: String)
  /// The key can be read with a pass phrase alone, and nobody is asked for one.
  case keyLocked(path: String)
  case keyOfAnother(certificate: String, key: String)
  case wrongName(String)
  // What the server showed
  case expired(on: String)
  case notYetValid(before: String)
  case selfSigned
  case unknownAuthority
  /// The certificate is that of these names, as far as it says.
  case otherName(wanted: String, names: String)
  case notBelieved(words: String)
  // What the server said
  case certificateWanted
  case certificateRefused(words: String)
  case noCommonVersion
  /// It may be a lack of a certificate, or of a way to encrypt that both know.
  case agreementRefused
  // What the other side sent is no TLS
  case notTLS
  /// The bytes of the other side make no sense or were changed on the way, or it gave up.
  case broken(words: String)

  /// Whether the same will happen at the next try, as long as nobody changes anything.
  package var isForGood: Bool {
    if case .broken = self { false } else { true }
  }
}

extension TLSError {
  /// What happened.
  package var reason: String {
    switch self {
    case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)"
    case .noAuthority(let path): "\(path) holds no certificate of an authority in PEM"
    case .noSystemAuthorities: "this system names no authorities"
    case .noCertificate(let path): "\(path) holds no certificate in PEM"
    case .noKey(let path): "\(path) holds no private key in PEM"
    case .keyLocked(let path): "the key in \(path) has a pass phrase, which is not asked for"
    case .keyOfAnother(let certificate, let key):
      "the key in \(key) is not that of the certificate in \(certificate)"
    case .wrongName(let name): "\"\(name.prefix(80))\" cannot be the name of a server"
    case .expired(let day): "the server's certificate expired" + (day.isEmpty ? "" : " on \(day)")
    case .notYetValid(let day):
      "the server's certificate is not valid" + (day.isEmpty ? " yet" : " before \(day)")
    case .selfSigned: "the server signed its certificate itself"
    case .unknownAuthority: "the server's certificate is signed by an unknown authority"
    case .otherName(let wanted, let names):
      "the server's certificate is not for \(wanted)" + (names.isEmpty ? "" : " but for \(names)")
    case .notBelieved(let words): "the server's certificate is not believed (\(words))"
    case .certificateWanted: "the server wants a certificate of the client"
    case .certificateRefused(let words): "the server refused the client's certificate (\(words))"
    case .noCommonVersion: "the server speaks no TLS that is still safe (1.2 or 1.3)"
    case .agreementRefused: "the server refused to agree on TLS"
    case .notTLS: "what answers there does not speak TLS"
    case .broken(let words): "TLS failed" + (words.isEmpty ? "" : " (\(words))")
    }
  }

  /// What to do next; empty when there is nothing to advise.
  package var remedy: String {
    switch self {
    case .unreadable, .noAuthority, .noCertificate, .noKey, .keyOfAnother:
      "check the files given for TLS"
    case .noSystemAuthorities: "name a file of authorities with --cacert"
    case .keyLocked(let path):
      "openssl pkey -in \(path) -out FILE writes one without, which only its owner should read"
    case .wrongName: "give the name in the certificate with --sni"
    case .expired, .notYetValid:
      "renew it, or check the clock of this machine"
    case .selfSigned: "name that certificate with --cacert if it is the right one"
    case .unknownAuthority: "name the authority's certificate with --cacert or --cacertdir"
    case .otherName: "connect by a name in it, or name that with --sni"
    case .notBelieved: "ask for another certificate"
    case .certificateWanted: "name one that the server believes with --cert and --key"
    case .certificateRefused: "name one that the server believes with --cert and --key"
    case .noCommonVersion: "switch TLS 1.2 or 1.3 on at the server"
    case .agreementRefused: "it may want a certificate of the client: --cert and --key"
    case .notTLS: "give the port that speaks it, or redis:// without TLS if that is what you want"
    case .broken: ""
    }
  }

  /// Both in one line.
  package var sentence: String { remedy.isEmpty ? reason : "\(reason); \(remedy)" }
}
