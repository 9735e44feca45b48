import CacheModel
import ChangeJournal
import Configuration
import Explorer
import RedisClient
import SystemIO

/// The thread for all connections of an explorer, started when the first one is made.
final class ConnectionThread {
  private var loop: EventLoop?

  func eventLoop() throws(CommandFailure) -> EventLoop {
    if let loop { return loop }
    let loop = try Composition.eventLoop()
    self.loop = loop
    return loop
  }
}

/// Opens the sources that a person turns to, by profile, by address, by number of a database.
final class SourceSwitcher {
  private var options: ExplorerOptions
  private let thread = ConnectionThread()
  private let journals: Journals
  /// The addresses that have been open in this session, each with its login and last database.
  private var opened: [SourceAddress] = []

  init(_ options: ExplorerOptions) {
    self.options = options
    journals = Journals(JournalBounds(options.source.journalSettings))
  }

  func open(_ options: ExplorerOptions) throws(CommandFailure) -> ExplorerSource {
    let source = try ExplorerSource(options, thread, journals)
    self.options = options
    remember(options)
    return source
  }

  /// So that one can go back to it. Profiles and the engine are listed anyway.
  private func remember(_ options: ExplorerOptions) {
    let address = options.source.address
    guard !options.demo, options.source.profile == nil, address.place != SourceAddress.engine.place
    else { return }
    opened.removeAll { $0.place == address.place && $0.user == address.user }
    opened.insert(address, at: 0)
  }

  /// Another source; the one that is open stays when this fails.
  func open(_ choice: SourceChoice) throws(CommandFailure) -> ExplorerSource {
    var turned = options
    turned.turn(to: try options(for: choice))
    return try open(turned)
  }

  /// How what was chosen is opened.
  func options(for choice: SourceChoice) throws(CommandFailure) -> SourceOptions {
    var next = options.source
    switch choice {
    case .database(let number):
      guard !options.demo else {
        throw CommandFailure(.usage, "the demo has one database")
      }
      next.address.database = number
    case .profile(let name):
      guard let profile = options.configuration.profile(named: name) else {
        throw CommandFailure(.usage, "there is no profile \(name)")
      }
      next = SourceOptions(profile: profile, options.configuration)
      next.production = next.production ?? (profile.isProduction ? profile : nil)
    case .login(let user, let password):
      next.address.user = user
      next.address.password = password
      next.passwordCommand = nil
    case .address(let address):
      next = SourceOptions(address: address, options.configuration)
    }
    return next
  }

  /// Whether no source may be changed, whatever its profile says.
  var isReadOnlyForced: Bool { options.isReadOnlyForced }

  /// Where changes of a source are kept; nil where nothing is.
  func keeper(of source: SourceOptions) -> (any ChangeKeeper)? { journals.keeper(of: source) }

  func eventLoop() throws(CommandFailure) -> EventLoop { try thread.eventLoop() }

  /// What can be turned to without typing: profiles, what the environment names, the engine.
  var choices: [ConnectionChoice] {
    var choices = options.configuration.profiles.map { profile in
      ConnectionChoice(
        "profile", profile.name, Self.detail(of: profile), choice: .profile(profile.name))
    }
    choices += opened.map { ConnectionChoice("opened", $0.description, choice: .address($0)) }
    for name in ["REDIS_URL", "CACHESCOPE_URL"] {
      guard let text = EnvironmentVariable.value(of: name),
        let address = try? SourceAddress(parsing: text),
        !choices.contains(where: { $0.title == address.description })
      else { continue }
      choices.append(
        ConnectionChoice(name, address.description, "", choice: .address(address)))
    }
    choices.append(
      ConnectionChoice(
        "engine", "engine:", "the built-in engine of this user", choice: .address(.engine)))
    return choices
  }

  private static func detail(of profile: Profile) -> String {
    // The address last: where there is no room it is what is cut.
    let marks =
      (profile.isProduction ? ["production"] : []) + (profile.isReadOnly ? ["read-only"] : [])
    return (marks + [profile.address.description]).joined(separator: " · ")
  }

  /// Finds out whether a server answers at an address; the answer is posted.
  func probe(_ address: SourceAddress, _ request: RequestID, _ mailbox: Mailbox) {
    guard let loop = try? thread.eventLoop(),
      let opened = try? Composition.openSource(address, readOnly: true, on: loop)
    else { return mailbox.post(.probed(request, answers: false)) }
    Task {
      var answers = false
      do throws(BackendError) {
        _ = try await opened.backend.open()
        answers = true
      } catch .loginRefused, .refused {
        answers = true
      } catch {}
      mailbox.post(.probed(request, answers: answers))
      await opened.backend.close()
    }
  }
}
