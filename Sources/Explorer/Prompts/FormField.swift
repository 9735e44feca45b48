/// One thing to fill in: a line of text, or a choice of a few words.
package struct FormField: Sendable, Equatable {
  package enum Content: Sendable, Equatable {
    case text(TextField)
    case choice([Choice], chosen: Int)
  }

  /// A word that stands for a choice.
  package struct Choice: Sendable, Equatable {
    package var title: String

    package init(_ title: String) {
      self.title = title
    }
  }

  /// What stands before it; empty for a lone field.
  package var label: String
  package var content: Content
  /// What is typed is not to be seen.
  package var isSecret = false

  package init(_ label: String = "", _ content: Content) {
    self.label = label
    self.content = content
  }

  /// A text field with this text in it.
  package static func text(_ label: String, _ text: String = "") -> FormField {
    FormField(label, .text(TextField(text)))
  }

  /// An empty text field that shows nothing of its text but the length.
  package static func secret(_ label: String) -> FormField {
    var field = text(label)
    field.isSecret = true
    return field
  }

  package var text: TextField? {
    if case .text(let field) = content { field } else { nil }
  }

  /// The place of the chosen word; nil for a text.
  package var chosen: Int? {
    if case .choice(_, let chosen) = content { chosen } else { nil }
  }

  /// Applies a key's edit; a choice takes a blank and arrows, and no letters, which somebody types
  /// who means a text. Answers whether it changed.
  @discardableResult
  mutating func apply(_ edit: TextField.Edit) -> Bool {
    let before = content
    switch content {
    case .text(var field):
      field.apply(edit)
      content = .text(field)
      return before != content && field.text != text(of: before)
    case .choice(let choices, let chosen):
      content = .choice(choices, chosen: Self.choose(edit, among: choices, from: chosen))
      return before != content
    }
  }

  /// Whether somebody types a text where there is a choice.
  func isTypedIntoChoice(_ edit: TextField.Edit) -> Bool {
    guard chosen != nil, case .insert(let text) = edit else { return false }
    return text != " "
  }

  private func text(of content: Content) -> String? {
    if case .text(let field) = content { field.text } else { nil }
  }

  private static func choose(
    _ edit: TextField.Edit, among choices: [Choice], from chosen: Int
  ) -> Int {
    switch edit {
    case .insert(" "), .moveRight: (chosen + 1) % max(1, choices.count)
    case .moveLeft: (chosen + choices.count - 1) % max(1, choices.count)
    case .moveToStart: 0
    case .moveToEnd: max(0, choices.count - 1)
    default: chosen
    }
  }
}
