import CacheModel
import Configuration
import Explorer
import Plans
import SystemIO

/// A source that entries are copied to from the explorer. It is connected to twice: to tell what it is
/// before the plan is asked about, and when the plan runs.
struct CopyPlace: Sendable {
  let options: SourceOptions
  /// As a script names it.
  let scriptName: String
  /// Where what is written there is kept, so that it can be taken back; nil where nothing is.
  let keeper: (any ChangeKeeper)?
  let loop: EventLoop

  /// The way by which it is changed, once it is open.
  func changes(_ backend: any CacheBackend, keepsUndo: Bool) -> JournaledChanges {
    JournaledChanges(backend, keeper: keepsUndo ? keeper : nil, limit: options.undoLimit)
  }

  /// Nothing is connected before the backend's `open`.
  func backend(
    telling note: @escaping @Sendable (String) -> Void = { _ in }
  ) throws(CommandFailure) -> any CacheBackend {
    try Composition.openSource(
      options.address, passwordCommand: options.passwordCommand, readOnly: false,
      journal: options.journal, on: loop, onNote: note
    ).backend
  }

  /// What it says of itself.
  func target(
    telling note: @escaping @Sendable (String) -> Void
  ) async throws(CopyTargetProblem) -> CopyTarget {
    let backend: any CacheBackend
    do throws(CommandFailure) {
      backend = try self.backend(telling: note)
    } catch {
      throw CopyTargetProblem(error.message)
    }
    do throws(BackendError) {
      let description = try await backend.open()
      let keys = try? await backend.statistics().keys
      await backend.close()
      return CopyTarget(
        description, isProduction: options.production != nil, keys: keys,
        reasonAgainstUndo: reasonAgainstUndo(description), scriptName: scriptName)
    } catch {
      await backend.close()
      throw CopyTargetProblem(sentence(of: error))
    }
  }

  private func reasonAgainstUndo(_ description: SourceDescription) -> String? {
    guard description.capabilities.contains(.undo) else { return "it hands no old state out" }
    return switch options.journal {
    case .off: "its profile has nothing kept"
    case .keys: "its profile has names alone kept"
    case .values: nil
    }
  }

  private func sentence(of error: BackendError) -> String {
    guard case .loginRefused(let words) = error, error.asksForPassword else {
      return ScriptSession.failure(error, options).message
    }
    return
      "login refused: \(words); O again, with a profile that has the password or a URL such as "
      + "redis://USER:PASSWORD@HOST:6379/0"
  }
}

extension SourceSwitcher {
  /// A source that is to be copied to.
  func place(for choice: SourceChoice) throws(CommandFailure) -> CopyPlace {
    let options = try options(for: choice)
    guard !isReadOnlyForced else {
      throw CommandFailure(.refused, "--read-only holds for this whole session: nothing was sent")
    }
    guard !options.readOnly else {
      let name = options.profile?.name ?? options.address.description
      throw CommandFailure(
        .refused, "\(name) is read-only by its profile: O chooses another source")
    }
    return CopyPlace(
      options: options, scriptName: options.scriptName, keeper: keeper(of: options),
      loop: try eventLoop())
  }

  /// Asks what it is; the answer is posted.
  func askTarget(_ choice: SourceChoice, _ request: RequestID, _ mailbox: Mailbox) {
    do throws(CommandFailure) {
      let place = try place(for: choice)
      Task {
        do throws(CopyTargetProblem) {
          let target = try await place.target { mailbox.post(.note($0)) }
          mailbox.post(.targetTold(request, .success(target)))
        } catch {
          mailbox.post(.targetTold(request, .failure(error)))
        }
      }
    } catch {
      mailbox.post(.targetTold(request, .failure(CopyTargetProblem(error.message))))
    }
  }
}

extension SourceOptions {
  /// As a person would name it again: a profile, unless something else of it is open, or an address
  /// without a password.
  var scriptName: String {
    guard let profile, profile.address.place == address.place,
      profile.address.database == address.database, profile.address.user == address.user
    else { return address.description }
    return profile.name
  }
}
