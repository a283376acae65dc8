/// What a channel's name and unit text say together with what the user states: the one place where
/// all readers decide role, unit and scale.
package struct ChannelReading {
  package var role: ChannelRole
  package var unit: PhysicalUnit
  /// Factor from a stored value to the unit.
  package var factor: Double
  /// The unit of the stored values, for `Channel.storedUnit`; nil where it is `unit`.
  package var storedUnit: String? {
    unit.isVoltage ? VoltageUnit.allCases.first { $0.microvolts == factor }?.rawValue : nil
  }
  /// Where the scale comes from, for `Channel.gainProvenance`.
  package var provenance: String
  /// What the user should know, without the channel's name; nil where all is clear.
  package var doubt: String?

  /// Decides by name, unit text and options.
  ///
  /// - Parameters:
  ///   - name: the channel's name.
  ///   - unitText: the unit as the file spells it; empty where it states none.
  ///   - place: what states the unit, such as `EDF header`.
  ///   - options: what the user states; a stated unit wins over the file's.
  ///   - role: the role where the format tells it; else it is guessed.
  package init(
    name: String, unitText: String, place: String, options: RecordingOptions,
    role knownRole: ChannelRole? = nil
  ) {
    var stated = PhysicalUnit.parse(unitText)
    var isUnclear = false
    if case .other(let text)? = stated?.unit, !PhysicalUnit.isOfAnotherQuantity(text) {
      // A unit that is not understood tells nothing: the name decides, as if there were none.
      isUnclear = true
      let byName = ChannelRole.guess(name: name, unit: nil)
      let isNamed = name.lowercased().contains("emg")
      if byName == .emg, isNamed || PhysicalUnit.mayBeVoltage(text) || options.unit != nil {
        stated = nil
      }
    }
    role = knownRole ?? ChannelRole.guess(name: name, unit: stated?.unit)
    (unit, factor) = stated ?? (.relative, 1)
    provenance = unitText.isEmpty ? "\(place) without unit" : "\(place) [\(unitText.onOneLine)]"
    if role == .trigger, stated == nil || unit == .relative { unit = .dimensionless }
    if role == .emg, let given = options.unit {
      if let stated, !stated.unit.isVoltage || stated.factor != given.microvolts {
        doubt = "the given unit \(given.rawValue) replaces the unit \(unitText.quoted) of the file"
      }
      (unit, factor) = (.microvolt, given.microvolts)
      provenance = "given unit \(given.rawValue)"
    } else if isUnclear {
      doubt =
        "the unit \(unitText.quoted) is not understood, so the channel is taken as "
        + (role == .emg ? "EMG of relative amplitude" : role.rawValue)
        + "; state the unit: uV, mV or V"
    }
  }
}

/// Doubts about channels, gathered so that sixty-four channels give one line.
package struct ChannelDoubts {
  private var order: [String] = []
  private var names: [String: [String]] = [:]

  /// No doubts yet.
  package init() {}

  /// Notes a doubt about a channel.
  package mutating func add(_ doubt: String?, channel name: String) {
    guard let doubt else { return }
    if names[doubt] == nil { order.append(doubt) }
    names[doubt, default: []].append(name.onOneLine)
  }

  /// One line for each doubt, naming the first channels.
  package var warnings: [String] {
    order.map { doubt in
      let all = names[doubt] ?? []
      let shown = all.prefix(3).joined(separator: ", ")
      let more = all.count > 3 ? " and \(all.count - 3) more" : ""
      return "channel\(all.count == 1 ? "" : "s") \(shown)\(more): \(doubt)"
    }
  }
}
