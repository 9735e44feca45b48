package import CacheModel
import RESP

extension RedisBackend {
  package func open() async throws(BackendError) -> SourceDescription {
    learn { $0.forgetRefusals() }
    let replies = try await send([
      RESPCommand("INFO"), RESPCommand("MEMORY", "USAGE", "cachescope:probe"),
    ])
    if let error = replies[0].error {
      guard error.isForGood else { throw BackendError(error, of: "INFO") }
      lose(.info, if: replies[0])
    }
    lose(.memoryUsage, if: replies[1])
    let figures = ServerFigures(replies[0].text ?? "")
    learn { $0.figures = figures }
    channel.adopt(LookupRules(of: figures))
    if let runID = figures.text("run_id"), traits.runID == nil {
      channel.share(sharing(runID))
      learn { $0.runID = runID }
    }
    return description
  }

  private var description: SourceDescription {
    let traits = traits
    let product = traits.figures.product
    let missing = traits.missing
    var description = SourceDescription(
      product: product.name, version: product.version, address: address, database: database,
      role: traits.figures.role, identity: identity(of: traits.figures),
      capabilities: Set(Capability.allCases).subtracting(missing.keys), refusals: missing)
    description.countsLooks = traits.figures.countsLooks
    description.isCluster = traits.figures.isOfCluster
    return description
  }

  /// The server's own id, and those before; its address where it does not tell one.
  func identity(of figures: ServerFigures) -> SourceIdentity {
    SourceIdentity(
      serverID: figures.serverID ?? "address:\(address)", database: database,
      formerIDs: traits.lineage.formerIDs(of: figures))
  }
}
