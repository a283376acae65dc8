import Tables

// What concerns the events of a protocol, in REDCap tables and others.
extension TableImport {
  /// The days that a REDCap table names, each for a record, event, instrument and instance.
  ///
  /// A repeated event has an instance of its own; the instances of a repeated instrument belong to
  /// the event that they stand in.
  mutating func redcapDates(_ table: DelimitedTable) -> REDCapDates {
    var dates = REDCapDates()
    for row in table.rows {
      guard let subject = cell(row, .subject), let text = cell(row, .date),
        let date = parsedDate(text)
      else { continue }
      let key = redcapKey(row, subject)
      if let known = dates.own[key], known != date {
        note(row, profile.columns[.date], "another day of this event is \(known)")
      } else {
        dates.own[key] = date
        dates.ofInstance[key.withoutInstrument, default: []].insert(date)
      }
    }
    return dates
  }

  func redcapKey(_ row: DelimitedTable.Row, _ subject: String) -> REDCapKey {
    REDCapKey(
      subject: subject.lowercased(),
      event: cell(row, column: "redcap_event_name") ?? cell(row, .visit) ?? "",
      instrument: cell(row, column: "redcap_repeat_instrument") ?? "",
      instance: cell(row, column: "redcap_repeat_instance") ?? "")
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

/// What a row of a REDCap table belongs to.
struct REDCapKey: Hashable {
  var subject: String
  var event: String
  /// The repeated instrument; empty for an event as a whole.
  var instrument: String
  /// Number of the repetition; empty where nothing is repeated.
  var instance: String

  var withoutInstrument: REDCapKey {
    REDCapKey(subject: subject, event: event, instrument: "", instance: instance)
  }

  var ofEvent: REDCapKey { REDCapKey(subject: subject, event: event, instrument: "", instance: "") }
}

/// The days that are known of events, instruments and their repetitions.
struct REDCapDates {
  var own: [REDCapKey: CivilDate] = [:]
  var ofInstance: [REDCapKey: Set<CivilDate>] = [:]

  /// The day of a row that holds none: that of its own instrument and instance, else the only one
  /// of this instance in another instrument, else that of the event.
  func date(_ key: REDCapKey) -> CivilDate? {
    if let date = own[key] { return date }
    if let dates = ofInstance[key.withoutInstrument], dates.count == 1 { return dates.first }
    return own[key.ofEvent]
  }
}
