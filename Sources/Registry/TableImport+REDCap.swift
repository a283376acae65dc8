import Tables

// What concerns the events of a protocol, in REDCap tables and others.
extension TableImport {
  /// Days of the events: each stands in one row of its record and event, before or after others.
  mutating func redcapDates(_ table: DelimitedTable) -> [String: CivilDate] {
    var dates: [String: CivilDate] = [:]
    for row in table.rows {
      guard let subject = cell(row, .subject), let text = cell(row, .date),
        let date = parsedDate(text)
      else { continue }
      let key = redcapKey(row, subject)
      if let known = dates[key], known != date {
        note(row, profile.columns[.date], "another day of this event is \(known)")
      } else {
        dates[key] = date
      }
    }
    return dates
  }

  func redcapKey(_ row: DelimitedTable.Row, _ subject: String) -> String {
    let event = cell(row, column: "redcap_event_name") ?? cell(row, .visit) ?? ""
    return "\(subject.lowercased())\u{1F}\(event)"
  }

  /// Warns of visits that the protocol does not know or that stand in another order.
  mutating func checkOrder() {
    var rank: [String: Int] = [:]
    for (index, name) in profile.visitOrder.enumerated() { rank[name] = rank[name] ?? index }
    var last: [String: (rank: Int, name: String)] = [:]
    let order = document.visits.filter { $0.date != nil }.sorted {
      ($0.subject, $0.date?.dayNumber ?? 0) < ($1.subject, $1.date?.dayNumber ?? 0)
    }
    for visit in order {
      guard let name = visit.nominal else { continue }
      guard let own = rank[name] else {
        problems.append(
          visit.place.problem(
            "visit \"\(name)\" is not in the protocol's order", severity: .warning))
        continue
      }
      if let before = last[visit.subject], before.rank > own {
        problems.append(
          visit.place.problem(
            "\"\(name)\" of \(visit.subject) comes after \"\(before.name)\" by its date, "
              + "before it in the protocol", severity: .warning))
      }
      last[visit.subject] = (own, name)
    }
  }
}
