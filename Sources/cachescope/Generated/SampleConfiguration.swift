import Configuration
import Explorer
import ExplorerUI
import TerminalCanvas
import ValueDecoding

/// A configuration that says what is so without one, with examples of profiles.
enum SampleConfiguration {
  static var text: String {
    """
    // A configuration of cachescope, for $XDG_CONFIG_HOME/cachescope/config.json5 (or
    // ~/.config/cachescope/config.json5). Everything in it may be left out. What stands here is so
    // without it, the profiles apart. Nobody else may be able to write the file or its folder.
    {
      // \(Theme.names.joined(separator: ", ")); without it the terminal's background chooses.
      // theme: "dark",
      // Or one of them with looks of your own, written as in Resources/themes:
      // theme: { "based-on": "dark", warn: "208 bold", onSelection: "#303060" },

      // How the keys are listed, as a tree or a list, and the characters that part their names.
      view: "tree",
      separators: ":",

      // What of a value is fetched unasked.
      limits: { \(quoted(ConfigurationField.valueBytes.rawValue)): "16kb", elements: 100, memory: "2gb" },

      // What undo keeps: how much of the disk, for how long, and values up to which size.
      \(ConfigurationField.journalExample),

      // Sources under a name: cachescope shop, cachescope keys -u shop.
      profiles: {
        // shop: {
        //   \(ConfigurationField.source.example),
        //   // Printed by a command for every connection, which must end within so many seconds.
        //   \(ConfigurationField.passwordCommand.example), \
    \(ConfigurationField.passwordSeconds.example),
        //   // TLS, as by rediss://. Without cacert or cacertdir the system's authorities are believed.
        //   \(ConfigurationField.tls.example), \(ConfigurationField.cacert.example),
        //   \(ConfigurationField.cert.example),
        //   \(ConfigurationField.key.example),
        //   \(ConfigurationField.sni.example),  // the name in the certificate, instead of the host's
        //   // A command whose standard input and output are the connection.
        //   \(ConfigurationField.tunnel.example),
        //   \(ConfigurationField.readOnly.example),  // refuse every change
        //   \(ConfigurationField.production.example),  // changes of many keys take the name of the database
        //   \(ConfigurationField.journal.example),  // what undo keeps: \(JournalDetail.allCases.map(\.rawValue).joined(separator: ", "))
        //   \(ConfigurationField.colour.example),  // \(SourceColour.allCases.map(\.rawValue).joined(separator: ", "))
        //   \(ConfigurationField.theme.example), \(ConfigurationField.limits.example),
        // },
        // A cluster as a whole, by one of its nodes or more, and where its nodes are reached that are
        // not where they say.
        // carts: {
        //   source: "redis+cluster://10.0.0.1:6379,10.0.0.2:6379",
        //   \(ConfigurationField.clusterMap.example),
        // },
        // The primary that sentinels name; they have a login of their own, or none. The password may
        // be printed by a command for every connection to one of them.
        // orders: {
        //   source: "redis+sentinel://10.0.0.1:26379,10.0.0.2:26379/orders/0",
        //   \(ConfigurationField.sentinelUser.example), \
    \(ConfigurationField.sentinelPassword.example),
        //   // \(ConfigurationField.sentinelPasswordCommand.example),
        // },
      },

      // An action and its keys, which take the place of those it had. A key that two actions would
      // have is an error.
      keys: {
    \(keys)  },
    }

    """
  }

  private static var keys: String {
    Keymap.standard.bindings.map { binding in
      let keys = binding.keys.map { quoted($0.description) }
      let value = keys.count == 1 ? keys.joined() : "[\(keys.joined(separator: ", "))]"
      return "    \(binding.action.rawValue): \(value),  // \(binding.action.descriptor.help)\n"
    }.joined()
  }

  private static func quoted(_ text: String) -> String { JSONText.quoted(text) }
}
