import TerminalCanvas

/// Names that are cut to the columns of a list, so that those which differ look different as far as
/// there is room.
///
/// A name keeps its beginning and, more of it, its end, since what tells keys apart usually stands
/// last. Names that look the same after that are cut again, around the first character in which
/// they differ; and once more those that still look the same. Only the names in view are compared.
func namesApart(_ names: [(text: String, columns: Int)]) -> [String] {
  var cuts = names.map { middleClipped($0.text, to: $0.columns) }
  let alike = Dictionary(grouping: cuts.indices) { cuts[$0] }.values
  for group in alike where group.count > 1 { separate(group, of: names, &cuts) }
  return cuts
}

private func separate(
  _ group: [Int], of names: [(text: String, columns: Int)], _ cuts: inout [String]
) {
  let texts = group.map { Array(names[$0].text) }
  let place = commonPrefix(texts)
  // The same name, as in two folders.
  guard texts.contains(where: { $0.count > place }) else { return }
  for (text, number) in zip(texts, group) {
    cuts[number] = clipped(text, to: names[number].columns, showing: place)
  }
  for rest in Dictionary(grouping: group, by: { cuts[$0] }).values
  where rest.count > 1 && rest.count < group.count {
    separate(rest, of: names, &cuts)
  }
}

private func commonPrefix(_ texts: [[Character]]) -> Int {
  guard let first = texts.first else { return 0 }
  return texts.dropFirst().reduce(first.count) { length, text in
    zip(first.prefix(length), text).prefix { $0 == $1 }.count
  }
}

/// A little of the beginning, and what stands from shortly before a place on.
private func clipped(_ text: [Character], to columns: Int, showing place: Int) -> String {
  guard columns > 8, DisplayWidth.of(String(text)) > columns else {
    return middleClipped(String(text), to: columns)
  }
  let head = beginning(of: text, within: columns / 4)
  let room = columns - 1 - DisplayWidth.of(String(head))
  let end = beginning(of: text.reversed(), within: room).count
  let start = min(max(head.count, place - 2), text.count - end)
  let rest = text[start...]
  guard start < text.count - end else { return String(head) + "…" + String(rest) }
  return String(head) + "…" + String(beginning(of: rest, within: room - 1)) + "…"
}
