import Analyses
import Registry
import Reports

/// The form that adds a visit: files are dropped or chosen, and `visit.js` sends them.
enum VisitForm {
  /// - Parameters:
  ///   - place: the patient's address in the interface.
  ///   - muscles: muscles that are known, to choose from.
  static func element(place: String, muscles: [String]) -> MarkupElement {
    func field(
      _ name: String, _ label: String, _ type: String = "text",
      _ attributes: [(String, String)] = []
    ) -> MarkupElement {
      var input = MarkupElement("input", ["name": name, "type": type, "autocomplete": "off"])
      for (key, value) in attributes { input.set(key, value) }
      return labelled(label, input)
    }
    func choice(_ name: String, _ label: String, _ choices: [(String, String)]) -> MarkupElement {
      labelled(
        label,
        .init(
          "select", ["name": name],
          choices.map { .init("option", ["value": $0.0], text: $0.1) }))
    }
    let electrodes = [
      ("auto", "by the number of channels"), ("needle", "needle"), ("surface", "array on the skin"),
      ("intramuscular", "array in the muscle"),
    ]
    let main = MarkupElement(
      "div", ["class": "fields"],
      [
        field("date", "Day", "date", [("required", "required")]),
        field("muscle", "Muscle", "text", [("list", "known-muscles")]),
        .init("datalist", ["id": "known-muscles"], muscles.map { .init("option", ["value": $0]) }),
        choice("side", "Side", [("", "–")] + BodySide.allCases.map { ($0.rawValue, $0.rawValue) }),
        field("nominal", "Name in the protocol, such as month 3"),
      ])
    let facts = MarkupElement(
      "details", [:],
      [
        .init("summary", text: "What the files leave open"),
        .init(
          "p", ["class": "soft"],
          text:
            "Audio files state no unit, some tables no sampling rate. What is stated here wins over "
            + "the files."),
        .init(
          "div", ["class": "fields"],
          [
            field("samplingRate", "Sampling rate (Hz)", "number", [("min", "0"), ("step", "any")]),
            choice("unit", "Unit", [("", "–"), ("uV", "µV"), ("mV", "mV"), ("V", "V")]),
            field(
              "millivoltsAtFullScale", "mV at full scale (audio)", "number",
              [("min", "0"), ("step", "any")]),
            field("grid", "Grid, such as 8x8,10"),
            field("channels", "EMG channels, such as 1-64"),
            choice("electrodes", "Electrodes", electrodes),
            field("device", "Amplifier or electrode"), field("rater", "Code of who recorded"),
          ]),
      ])
    let without = MarkupElement(
      "details", [:],
      [
        .init("summary", text: "A visit without files"),
        .init(
          "div", ["class": "fields"],
          [
            choice(
              "status", "What became of it",
              [("", "–")] + Visit.Status.allCases.map { ($0.rawValue, $0.rawValue) }),
            field("missingReason", "Why it or parts of it are missing"),
          ]),
      ])
    var keep = MarkupElement("label", ["class": "check"])
    keep.append(
      .init("input", ["type": "checkbox", "name": "keep", "checked": "checked"]))
    keep.append(
      text: " Keep decomposed recordings on the server, to look at them and edit their units")
    var drop = MarkupElement("label", ["class": "drop"])
    drop.append(text: "Drop the files of one muscle here, or choose them ")
    drop.append(.init("input", ["type": "file", "multiple": "multiple", "id": "visit-files"]))
    // What each file is for: the choices that every row of files gets a copy of.
    let uses = MarkupElement(
      "select", ["id": "visit-uses", "hidden": "hidden", "aria-label": "What a file is for"],
      VisitJob.Use.all.map {
        MarkupElement("option", ["value": $0.use.rawValue], text: $0.words)
      })
    let form = MarkupElement(
      "form", ["id": "visit-form", "data-place": place],
      [
        drop, uses, .init("ul", ["id": "visit-uploads", "class": "uploads"]), main, facts, without,
        keep,
        .init(
          "div", ["class": "bar"],
          [
            .init("button", ["type": "submit", "id": "visit-add"], text: "Add the visit"),
            .init(
              "button", ["type": "button", "id": "visit-cancel", "hidden": "hidden"],
              text: "Cancel"),
            .init(
              "progress",
              [
                "id": "visit-progress", "max": "1", "value": "0", "hidden": "hidden",
                "aria-label": "Progress of the analysis",
              ]),
          ]),
        .init("output", ["id": "visit-status", "role": "status"]),
        .init("div", ["id": "visit-doubts", "role": "alert"]),
      ])
    return .init(
      "section", ["id": "add-visit"], [.init("h2", text: "Add a visit"), form])
  }

  private static func labelled(_ text: String, _ input: MarkupElement) -> MarkupElement {
    var label = MarkupElement("label")
    label.append(text: text + " ")
    label.append(input)
    return label
  }
}
