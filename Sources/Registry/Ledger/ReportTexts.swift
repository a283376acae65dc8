extension MoveReport {
  /// What was done, for people: how many records of each table.
  public var text: String {
    func list(_ counts: [String: Int]) -> String {
      counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    }
    return [
      corrected.isEmpty ? nil : "corrected \(list(corrected))",
      withdrawn.isEmpty ? nil : "withdrawn \(list(withdrawn))",
    ].compactMap { $0 }.joined(separator: "; ")
  }
}

extension ErasureReport {
  /// What was erased, for people, and which other files may still hold it.
  public var text: String {
    let total = erased.values.reduce(0, +)
    return "\(total) records erased, noted as entry \(entry)"
      + "\nBackups, exports and reports made earlier still hold them: erase those too."
      + otherFiles.map { "\nIn the same folder: \($0)" }.joined()
  }
}

extension CheckReport {
  /// The report of a registry for machines.
  public func summary(path: String) -> CheckSummary {
    CheckSummary(
      path: path, isSound: isSound, entries: chain.entryCount, headHash: chain.headHash,
      findings: findings)
  }

  /// What a sound ledger shows, for people.
  ///
  /// - Parameters:
  ///   - citations: entries noted outside the registry that it was compared with.
  ///   - keys: keys that signed them and still have to be compared with the site's.
  public func text(citations: [LedgerCitation], unknownKeys keys: Set<String>) -> String {
    var lines = ["\(chain.entryCount) entries, chain intact, head \(chain.headHash)"]
    if citations.isEmpty {
      lines.append(
        "without a seal or noted hash this cannot show that records were cut off at the end or that the "
          + "whole chain was worked out again")
      return lines.joined(separator: "\n")
    }
    let last = citations.compactMap(\.position).max()
    lines.append(
      "agrees with \(citations.count) noted entr\(citations.count == 1 ? "y" : "ies")"
        + (last.map { "; nothing was changed, removed or inserted up to entry \($0)" } ?? ""))
    lines += keys.sorted().map { "signed with the key \($0): compare it with the site's" }
    return lines.joined(separator: "\n")
  }
}
