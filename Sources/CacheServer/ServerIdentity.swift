/// Who the server says it is. It follows the behaviour of the Redis version that it names, so that
/// clients which look at the version take the right path, and says its own name beside it.
enum ServerIdentity {
  static let emulatedVersion = "7.0.15"
  static let name = "cachescope"
  static let version = "0.1.0"
}
