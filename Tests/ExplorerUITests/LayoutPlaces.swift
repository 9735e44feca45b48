import CacheModel
import Explorer
import Plans
import TestSupport
import Testing

/// Where the layout is looked at.
extension LayoutTests {
  struct Place: Sendable, CustomTestStringConvertible {
    var name: String
    var keys: String
    var contents: Contents = .all
    /// What happens after the keys: answers of the source, and more keys.
    var then: @Sendable (inout Scene) throws -> Void = { _ in }

    var testDescription: String { name }
  }

  enum Contents: Sendable, CaseIterable {
    case shop, hostile, hash, list, set, sortedSet, stream, empty, connecting, away, refused
    case readOnly, longAddress, startedEngine, production, productionAway, loginRefused, nobody
    /// The shop's and the hostile ones.
    case all
  }

  static let places: [Place] = [
    Place(name: "keys", keys: ""),
    Place(name: "folders", keys: "v"),
    Place(name: "a folder", keys: "v g enter"),
    Place(name: "folders, marked", keys: "v g space"),
    Place(name: "a folder to delete", keys: "v g d"),
    Place(name: "keys, turned round and marked", keys: "s S space space"),
    Place(name: "all marked", keys: "*"),
    Place(name: "value", keys: "enter"),
    Place(name: "a hash", keys: "", contents: .hash),
    Place(name: "fields", keys: "enter j j", contents: .hash),
    Place(name: "editing a field", keys: "enter j e", contents: .hash),
    Place(name: "stats", keys: "2"),
    Place(name: "expiry", keys: "3") { $0.advanceFully() },
    Place(name: "expiry of a minute", keys: "3 [ v") { $0.advanceFully() },
    Place(name: "expiry of a day", keys: "3 ]") { $0.advanceFully() },
    Place(name: "help of expiry", keys: "3 ?"),
    Place(name: "help", keys: "?"),
    Place(name: "help of stats", keys: "2 ?"),
    Place(name: "help, scrolled", keys: "? pagedown"),
    Place(name: "find", keys: "/"),
    Place(name: "find something", keys: "/ a p p"),
    Place(name: "find nothing", keys: "/ z z z z enter"),
    Place(name: "ttl", keys: "t"),
    Place(name: "ttl, wrong", keys: "t x y z enter"),
    Place(name: "ttl of marks", keys: "* t"),
    Place(name: "persist", keys: "T"),
    Place(name: "edit", keys: "e", contents: .shop),
    Place(name: "expire", keys: "x"),
    Place(name: "delete", keys: "d"),
    Place(name: "delete marks", keys: "* d"),
    Place(name: "flush, looking", keys: "F"),
    Place(name: "flush", keys: "") { $0.askToFlush() },
    Place(name: "flush, not to be taken back", keys: "") { $0.askToFlush(room: 1) },
    Place(name: "flush, the name", keys: "") {
      $0.askToFlush()
      try $0.press("y")
    },
    Place(name: "flush without undo, wrong", keys: "") {
      $0.askToFlush(room: nil)
      try $0.press("f x enter")
    },
    Place(name: "flush of a production source", keys: "", contents: .production) {
      $0.askToFlush()
    },
    Place(name: "flush as a script", keys: "") {
      $0.askToFlush()
      try $0.press("S")
    },
    Place(name: "tags", keys: "") { try $0.listTags() },
    Place(name: "tags, narrowed", keys: "") {
      try $0.listTags()
      try $0.press("n e w s")
    },
    Place(name: "a tag, looking", keys: "") {
      try $0.listTags()
      try $0.press("ctrl-x")
    },
    Place(name: "a tag to invalidate", keys: "") { try $0.askAboutTag(deletesKeys: true) },
    Place(name: "a tag that counts", keys: "") { try $0.askAboutTag(deletesKeys: false) },
    Place(name: "a tag on production", keys: "", contents: .production) {
      try $0.askAboutTag(deletesKeys: true)
    },
    Place(name: "a tag that was invalidated", keys: "") {
      try $0.askAboutTag(deletesKeys: true)
      try $0.endTagPlan(isLeft: false)
    },
    Place(name: "a tag of which a part was left", keys: "") {
      try $0.askAboutTag(deletesKeys: true)
      try $0.endTagPlan(isLeft: true)
    },
    Place(name: "the name of a large prefix", keys: "v g d") { $0.askForPrefix() },
    Place(name: "palette", keys: ":"),
    Place(name: "palette, narrowed", keys: ": t t l"),
    Place(name: "palette, nothing", keys: ": z z z z"),
    Place(name: "journal, empty", keys: "J"),
    Place(name: "a new key", keys: "a"),
    Place(name: "a new key, filled", keys: "a n a m e tab tab v a l u e"),
    Place(name: "rename", keys: "R"),
    Place(name: "copy of a key", keys: "C"),
    Place(name: "a new field", keys: "enter a", contents: .hash),
    Place(name: "a field to remove", keys: "enter d", contents: .hash),
    Place(name: "copied", keys: "y"),
    Place(name: "a narrow list", keys: "< < < < < < < < < <"),
    Place(name: "a wide list", keys: "> > > > > > > > > >"),
    Place(name: "paused", keys: "p"),
    Place(name: "read-only", keys: "", contents: .readOnly),
    Place(name: "allow changes", keys: "! !"),
    Place(name: "empty", keys: "", contents: .empty),
    Place(name: "empty stats", keys: "2", contents: .empty),
    Place(name: "connecting", keys: "", contents: .connecting),
    Place(name: "away", keys: "", contents: .away),
    Place(name: "refused", keys: "", contents: .refused),
    Place(name: "a long address", keys: "", contents: .longAddress),
    Place(name: "elements", keys: "enter j", contents: .list),
    Place(name: "members", keys: "enter j", contents: .set),
    Place(name: "scores", keys: "enter j", contents: .sortedSet),
    Place(name: "a stream", keys: "enter", contents: .stream),
    Place(name: "elements as hex", keys: "enter b b b", contents: .list),
    Place(name: "editing an element", keys: "enter j e", contents: .list),
    Place(name: "editing a member", keys: "enter e", contents: .set),
    Place(name: "editing a score", keys: "enter e", contents: .sortedSet),
    Place(name: "a new element", keys: "enter a", contents: .list),
    Place(name: "a new member", keys: "enter a", contents: .sortedSet),
    Place(name: "looking in a value", keys: "enter / a"),
    Place(name: "looking in help", keys: "? / t t l enter n"),
    Place(name: "a new key without a name", keys: "a enter enter enter enter"),
    Place(name: "a new key with a wrong score", keys: "a n tab z tab m tab x enter enter"),
    Place(name: "a name that is taken", keys: "R end 2 enter") { $0.answer(.alreadyExists) },
    Place(name: "a wrong score", keys: "enter e x enter", contents: .sortedSet),
    Place(name: "a member that is there", keys: "enter e x enter", contents: .set) {
      $0.answer(.elementExists)
    },
    Place(name: "ttl of marks that a filter hides", keys: "* / o m enter t"),
    Place(name: "deleting marks that a filter hides", keys: "* / o m enter d"),
    Place(name: "many of a production source", keys: "* d y", contents: .production),
    Place(
      name: "a wrong name of a production source", keys: "* d y x enter", contents: .production),
    Place(name: "a production source that is away", keys: "", contents: .productionAway),
    Place(name: "changed since it was read", keys: "") {
      try $0.edit()
      $0.answer(.changedMeanwhile)
    },
    Place(name: "written since it was deleted", keys: "") {
      try $0.delete()
      try $0.undoMeetsNewer()
    },
    Place(name: "deleted", keys: "") { try $0.delete() },
    Place(name: "a plan that runs", keys: "") { try $0.runPlan() },
    Place(name: "a plan that others slow down", keys: "") {
      try $0.runPlan(slowedBy: .others(12_000))
    },
    Place(name: "a plan that is held", keys: "") {
      try $0.runPlan(slowedBy: .slow(40_000))
      try $0.press("p")
    },
    Place(name: "a plan that is being cancelled", keys: "") {
      try $0.runPlan()
      try $0.press("ctrl-c")
    },
    Place(name: "a plan behind the list", keys: "") {
      try $0.runPlan()
      try $0.press("esc")
    },
    Place(name: "a plan that was done", keys: "") {
      try $0.runPlan()
      $0.answerPlan()
      $0.paint()
    },
    Place(name: "a plan that ended early", keys: "") {
      try $0.runPlan()
      $0.endPlan()
    },
    Place(name: "a plan as a script", keys: "* x S"),
    Place(name: "a plan to spread TTLs", keys: "* t 5 m ~ 1 0 % enter"),
    Place(name: "a plan to remove TTLs", keys: "v g T"),
    Place(name: "a plan that the journal has no room for", keys: "* d") {
      for case .measureJournal(let request) in $0.effects { $0.send(.journalRoom(request, 1)) }
      $0.paint()
    },
    Place(name: "another prefix", keys: "v g R"),
    Place(name: "a plan to rename", keys: "v g R x : enter"),
    Place(name: "a plan on production", keys: "* d", contents: .production),
    Place(name: "a change under way", keys: "* d y"),
    Place(name: "a change that failed", keys: "") { try $0.failChange() },
    Place(name: "journal", keys: "") {
      try $0.deleteAll()
      try $0.press("J")
    },
    Place(name: "journal, what cannot be undone", keys: "") {
      try $0.deleteAll()
      try $0.press("J enter")
    },
    Place(name: "journal, what can be undone", keys: "") {
      try $0.deleteAll()
      try $0.press("J j enter")
      $0.tellRecords()
    },
    Place(name: "journal, narrowing it down", keys: "") {
      try $0.deleteAll()
      try $0.press("J / d e l")
    },
    Place(name: "journal, narrowed down", keys: "") {
      try $0.deleteAll()
      try $0.press("J / d e l enter")
    },
    Place(name: "watch, looking", keys: "w"),
    Place(name: "watch", keys: "") { try $0.watchAlong() },
    Place(name: "watch, failing", keys: "") { try $0.failWatch() },
    Place(name: "watch, a line at length", keys: "") {
      try $0.watchAlong()
      try $0.press("j enter")
    },
    Place(name: "watch of a folder", keys: "v w"),
    Place(name: "deleting and watching", keys: "W"),
    Place(name: "deleted and watched", keys: "") {
      try $0.press("W y")
      $0.answer(.done(undo: nil))
    },
    Place(name: "connections", keys: "") { try $0.showConnections("") },
    Place(name: "connections, narrowed", keys: "") { try $0.showConnections("s t a g") },
    Place(name: "connections, a URL", keys: "") {
      try $0.showConnections("r e d i s : / / h : 1 / 2")
    },
    Place(name: "connections, no URL", keys: "") {
      try $0.showConnections("r e d i s : / / h : x x")
    },
    Place(name: "connections of an engine", keys: "c", contents: .startedEngine),
    Place(name: "an empty engine", keys: "", contents: .startedEngine),
    Place(name: "help of an empty engine", keys: "?", contents: .startedEngine),
    Place(name: "leaving an engine in use", keys: "", contents: .startedEngine) {
      try $0.leave(EngineUse(otherClients: 12, keys: 1_204_331))
    },
    Place(name: "leaving an engine with one key", keys: "", contents: .startedEngine) {
      try $0.leave(EngineUse(otherClients: 0, keys: 1))
    },
    Place(name: "leaving an engine that serves", keys: "", contents: .startedEngine) {
      try $0.leave(EngineUse(otherClients: 1, keys: 0))
    },
    Place(name: "a value that cannot be read", keys: "j") { $0.failPreview() },
    Place(name: "a value that has gone", keys: "j enter") { $0.losePreview() },
    Place(name: "a query with a fault", keys: "/ t t l < a b c"),
    Place(name: "a query with a fault, entered", keys: "/ t t l < a b c enter"),
    Place(name: "a query that is completed", keys: "/ t y tab"),
    Place(name: "a query that reads values", keys: "/ v a l u e : a"),
    Place(name: "a long query", keys: "/ a p p : a p p : a p p : a p p : a p p : a p p enter"),
    Place(name: "keys of a folder, marked and sorted", keys: "v g j space s"),
    Place(name: "a narrow list of folders", keys: "v g < < < < < < < < < <"),
    Place(name: "a wide list of folders", keys: "v g > > > > > > > > > >"),
    Place(name: "a folder, filtered", keys: "v / o m enter g"),
    Place(name: "what was sent, nothing", keys: "@"),
    Place(name: "what was sent", keys: "") { try $0.tellSent() },
    Place(name: "watch of a folder, with news", keys: "", contents: .shop) { try $0.watchFolder() },
    Place(name: "undone", keys: "", contents: .shop) { try $0.takeBack() },
    Place(name: "redo", keys: "", contents: .shop) {
      try $0.takeBack()
      try $0.press("U")
    },
    Place(name: "a field at length", keys: "enter j enter", contents: .hash),
    Place(name: "an element at length", keys: "enter j enter", contents: .list),
    Place(name: "a member to remove", keys: "enter d", contents: .set),
    Place(name: "nothing in a value", keys: "") { $0.answerPreview(.string([])) },
    Place(name: "a text in part", keys: "enter") { $0.showPart() },
    Place(name: "a text in part, from the list", keys: "") { $0.showPart() },
    Place(name: "as hex", keys: "enter b b b", contents: .shop),
    Place(name: "ttl, spread", keys: "* t 5 m ~ 1 0 %"),
    Place(name: "ttl, of one", keys: "t 9 0 m"),
    Place(name: "read-only for now", keys: "!"),
    Place(name: "refused while read-only", keys: "! d"),
    Place(name: "a busy server", keys: "") { $0.send(.connection(.busy)) },
    Place(name: "a busy server's stats", keys: "2") { $0.send(.connection(.busy)) },
    Place(name: "login refused", keys: "", contents: .loginRefused),
    Place(name: "a login", keys: "enter", contents: .loginRefused),
    Place(name: "nobody there", keys: "", contents: .nobody),
    Place(name: "stats of nobody", keys: "2", contents: .nobody),
    Place(name: "connections of nobody", keys: "c", contents: .nobody),
  ]
}
