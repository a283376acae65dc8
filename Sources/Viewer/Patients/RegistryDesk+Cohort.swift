import FollowUp
import Foundation
import Hummingbird
import Progression
import Registry
import Reports

extension RegistryDesk {
  /// The cohort before and after therapy: the figures of the command that compares.
  func addCohort(to table: inout RouteTable) {
    let query: [RouteTable.Field] = [
      .init("measure"), .init("muscle"), Self.sideField, .init("therapy"),
      .init("arm", choices: ["", "yes", "no"]),
      .init("of"),
      .init("model", choices: [""] + MixedModel.RandomEffects.allCases.map(\.rawValue)),
      .init("lag", .number, range: 0...240), .init("simulations", .integer, range: 0...1_000),
    ]
    table.get("api/v1/cohort", .reader, "The cohort before and after therapy", query: query) {
      [self] request, _ in
      try json(try await cohorts.comparison(try choice(request), registry).summary.value)
    }
    table.get("cohort", .reader, "The cohort as a page", query: query) {
      [self] request, context in
      try await cohortPage(request, context)
    }
  }

  private func choice(_ request: Request) throws -> CohortStore.Choice {
    let query = request.uri.queryParameters
    func text(_ name: Substring) -> String? {
      query[name].flatMap { $0.isEmpty ? nil : String($0) }
    }
    var choice = CohortStore.Choice(
      measure: text("measure"), muscle: text("muscle"), side: try side(text("side")),
      therapy: text("therapy"), arm: text("of"))
    if let model = text("model") {
      guard let effects = MixedModel.RandomEffects(rawValue: model) else {
        throw ViewerError.badRequest("there is no such model")
      }
      choice.effects = effects
    }
    if let arm = text("arm") {
      guard ["yes", "no"].contains(arm) else {
        throw ViewerError.badRequest("arm is \"\(arm.prefix(20))\", expected yes or no")
      }
      choice.comparesArms = arm == "yes"
    }
    if let lag = text("lag") {
      guard let months = Double(lag), months.isFinite, (0...240).contains(months) else {
        throw ViewerError.badRequest("lag is \"\(lag.prefix(20))\", expected 0 to 240 months")
      }
      choice.onsetLag = months
    }
    if let text = text("simulations") {
      guard let count = Int(text), (0...1_000).contains(count) else {
        throw ViewerError.badRequest("simulations is \"\(text.prefix(20))\", expected 0 to 1000")
      }
      choice.simulations = count
    }
    return choice
  }

  private func cohortPage(_ request: Request, _ context: ViewerContext) async throws -> Response {
    let choice = try choice(request)
    let kinds = try MeasuredKinds.stored(registry).map(\.kind.id)
    let muscles = try registry.muscles().sorted()
    let arms = Set(try registry.subjects().compactMap(\.arm)).sorted()
    let therapies = Set(try registry.interventions().map(\.kind)).sorted()
    let form = MarkupElement(
      "form", ["class": "bar", "method": "get", "action": "/cohort"],
      [
        select("measure", "Measure", choice.measure, kinds),
        select("muscle", "Muscle", choice.muscle, muscles + ["all"]),
        select("side", "Side", choice.side?.rawValue, BodySide.allCases.map(\.rawValue)),
        select("therapy", "Therapy", choice.therapy, therapies),
        select("of", "Patients of arm", choice.arm, arms),
        select(
          "arm", "Compare arms", choice.comparesArms.map { $0 ? "yes" : "no" }, ["yes", "no"]),
        select(
          "model", "Model", choice.effects.rawValue,
          MixedModel.RandomEffects.allCases.map(\.rawValue)
        ),
        .init("button", ["type": "submit"], text: "Show"),
      ])
    var content = [
      MarkupElement("h1", text: "Cohort before and after therapy"), form,
      .init(
        "p", [:], [.init("a", ["href": Self.courses(choice)], text: "Courses of all, overlaid")]),
    ]
    do {
      let made = try await cohorts.comparison(choice, registry)
      let page = made.page.value.report(command: nil).page()
      content += page.content()
    } catch let error as ViewerError {
      content.append(.init("p", ["class": "bad", "role": "alert"], text: error.description))
    } catch {
      content.append(
        .init("p", ["class": "bad", "role": "alert"], text: ViewerError(error).description))
    }
    return page("Cohort", context, content, script: "cohort.js")
  }

  /// The page of the courses that a choice compares.
  private static func courses(_ choice: CohortStore.Choice) -> String {
    var parts = URLComponents()
    parts.path = "/courses"
    parts.queryItems = [
      ("measure", choice.measure), ("muscle", choice.muscle == "all" ? nil : choice.muscle),
      ("side", choice.side?.rawValue), ("arm", choice.arm),
    ].compactMap { name, value in value.map { URLQueryItem(name: name, value: $0) } }
    return parts.string ?? "/courses"
  }

  /// A choice with its title; the first of all is no choice.
  func select(
    _ name: String, _ title: String, _ value: String?, _ choices: [String], hasNone: Bool = true
  ) -> MarkupElement {
    var label = MarkupElement("label")
    label.append(text: title + " ")
    label.append(
      .init(
        "select", ["name": name],
        ((hasNone ? [""] : []) + choices).map { choice in
          var option = MarkupElement(
            "option", ["value": choice], text: choice.isEmpty ? "–" : choice)
          if choice == value { option.set("selected", "selected") }
          return option
        }))
    return label
  }

  /// A page with the frame of all.
  func page(
    _ title: String, _ context: ViewerContext, _ content: [MarkupElement],
    script: String = "forms.js", data: [(name: String, value: String)] = []
  ) -> Response {
    PageLayout.response(
      PageLayout.page(
        title: title, script: script, token: context.token, data: data,
        body: [
          PageLayout.header(title, context: context, hasRecording: hasRecording),
          .init("main", [:], content),
        ]))
  }
}
