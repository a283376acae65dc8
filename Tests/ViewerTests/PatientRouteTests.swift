import FollowUp
import Foundation
import Hummingbird
import Progression
import Registry
import Testing

@testable import Viewer

struct PatientRouteTests {
  private func client(_ fixture: RegistryFixture) async throws -> Client {
    var client = Client(try fixture.server())
    try await client.begin()
    return client
  }

  @Test("The list is searched, paged, and follows the registry")
  func list() async throws {
    let fixture = try RegistryFixture(patients: 5)
    let client = try await client(fixture)
    let all = try await client.json(try await client.send(.get, "/api/v1/patients"))
    #expect(all["total"] as? Int == 5)
    #expect(all["measure"] as? String == "munix")
    let first = try #require((all["patients"] as? [[String: Any]])?.first)
    let course = try #require(first["course"] as? [String: Any])
    #expect((course["values"] as? [Double])?.count == 8)
    #expect(first["therapyStart"] as? String == "\(try RegistryFixture.day(105))")
    let part = try await client.json(
      try await client.send(.get, "/api/v1/patients?q=tofersen&start=2&limit=2"))
    #expect(
      (part["patients"] as? [[String: Any]])?.map { $0["pseudonym"] as? String } == ["P3", "P4"])
    #expect(part["next"] as? Int == 4)
    _ = try fixture.registry.addSubject(pseudonym: "Q1", arm: "late")
    let found = try await client.json(try await client.send(.get, "/api/v1/patients?q=late"))
    #expect(found["total"] as? Int == 1)
    #expect(try await client.send(.get, "/api/v1/patients?start=-1").status == .badRequest)
    let page = try await client.text(try await client.send(.get, "/patients?q=P"))
    #expect(page.contains("class=\"sparkline\""))
    #expect(page.contains("href=\"/patients/P3\""))
  }

  @Test("A trend is the one that the library gives")
  func trend() async throws {
    let fixture = try RegistryFixture()
    let client = try await client(fixture)
    let answer = try await client.json(
      try await client.send(.get, "/api/v1/patients/p2/trend?measure=munix"))
    let series = try #require((answer["series"] as? [[String: Any]])?.first)
    let comparison = try #require(series["comparison"] as? [String: Any])
    let difference = try #require(comparison["difference"] as? [String: Any])
    let trends = try PatientTrends("P2", fixture.registry, request: .init(measures: ["munix"]))
    let fit = try #require(trends.series.first?.fit)
    let estimate = try #require(difference["estimate"] as? Double)
    #expect(abs(estimate - fit.difference.value) < 1e-12)
    let lower = try #require(difference["lower"] as? Double)
    #expect(abs(lower - fit.difference.lower) < 1e-12)
    #expect(try await client.send(.get, "/api/v1/patients/P99/trend").status == .notFound)
    #expect(
      try await client.send(.get, "/api/v1/patients/P2/trend?measure=nothing").status == .badRequest
    )
    let page = try await client.text(try await client.send(.get, "/patients/P2"))
    #expect(page.contains("Change the day") && page.contains("<svg"))
    let report = try await client.send(.get, "/patients/P2/report")
    #expect(report.headers[.contentSecurityPolicy]?.contains("style-src 'sha256-") == true)
  }

  @Test("The cohort's figures are those of the comparison")
  func cohort() async throws {
    let fixture = try RegistryFixture()
    let client = try await client(fixture)
    let answer = try await client.json(
      try await client.send(.get, "/api/v1/cohort?measure=munix&arm=no&simulations=0"))
    let fixed = try #require(answer["fixed"] as? [[String: Any]])
    let post = try #require(fixed.first { $0["name"] as? String == "post" })
    let values = try RegistryCohort(fixture.registry, measure: "munix")
    let exact = try MixedModel(randomEffects: .m3).fit(values.data.table).kenwardRoger()
    let expected = try #require(exact.effects.first { $0.name == "post" })
    let estimate = try #require(post["estimate"] as? Double)
    #expect(abs(estimate - expected.estimate.value) < 1e-9)
    let error = try #require(post["se"] as? Double)
    #expect(abs(error - expected.estimate.standardError) < 1e-9)
    let page = try await client.text(try await client.send(.get, "/cohort?arm=no&simulations=0"))
    #expect(page.contains("Change of slope"))
    #expect(try await client.send(.get, "/api/v1/cohort?model=m9").status == .badRequest)
  }

  @Test("A warning is accepted under the name that was written, once")
  func acceptsWarning() async throws {
    let fixture = try RegistryFixture(patients: 2)
    let number = try fixture.warn("P1", "the file says another day")
    let client = try await client(fixture)
    let page = try await client.text(try await client.send(.get, "/patients/P1"))
    #expect(page.contains("/api/v1/warnings/\(number)/accept"))
    let path = "/api/v1/warnings/\(number)/accept"
    #expect(
      try await client.send(.post, path, body: "{\"reason\":\" \",\"name\":\"Ruth\"}").status
        == .badRequest)
    #expect(
      try await client.send(.post, path, body: "{\"reason\":\"clock\",\"name\":\"Ruth\"}").status
        == .ok)
    let last = try #require(try fixture.registry.history(number: number).last)
    #expect(last.entry.author == "Ruth" && last.entry.reason == "clock")
    #expect(
      try await client.send(.post, path, body: "{\"reason\":\"clock\"}").status == .conflict)
  }

  @Test("Records are corrected, moved, withdrawn, joined and erased with a reason")
  func corrections() async throws {
    let fixture = try RegistryFixture(patients: 4)
    let recording = try fixture.recording("P1")
    let client = try await client(fixture)
    let record = "/api/v1/records/\(recording)"
    let detail = try await client.json(try await client.send(.get, "/api/v1/patients/P1"))
    let run = try #require((detail["runs"] as? [[String: Any]])?.first)
    #expect(run["units"] as? Int == 1 && run["recording"] as? Int == Int(recording))
    #expect(
      try await client.send(
        .post, record + "/correct", body: "{\"changes\":{\"rater\":\"B\"},\"reason\":\"typo\"}"
      ).status == .ok)
    #expect(
      try await client.send(
        .post, record + "/move", body: "{\"to\":\"P2\",\"reason\":\"exchanged\"}"
      ).status == .ok)
    let second = try fixture.registry.subject(pseudonym: "P2")
    let moved = try fixture.registry.visits(subject: second.id).flatMap {
      try fixture.registry.recordings(visit: $0.id)
    }
    #expect(moved.map(\.id) == [recording] && moved.first?.rater == "B")
    let history = try await client.text(try await client.send(.get, "/records/\(recording)"))
    #expect(history.contains("exchanged") && history.contains("typo"))
    #expect(
      try await client.send(
        .post, record + "/retract", body: "{\"reason\":\"no consent\"}"
      ).status == .badRequest)
    #expect(
      try await client.send(
        .post, record + "/retract",
        body: "{\"reason\":\"no consent\",\"includingDependents\":true}"
      ).status == .ok)
    #expect(try await client.send(.get, record).status == .notFound)
    #expect(try await client.send(.get, record + "/history").status == .ok)
    let from = try RegistryFixture.day(0)
    let change = "/api/v1/patients/P1/change-date"
    #expect(
      try await client.send(
        .post, change, body: "{\"from\":\"\(from)\",\"to\":\"2099-01-01\",\"reason\":\"x\"}"
      ).status == .conflict)
    #expect(
      try await client.send(
        .post, change,
        body: "{\"from\":\"\(from)\",\"to\":\"\(try RegistryFixture.day(1))\",\"reason\":\"x\"}"
      ).status == .ok)
    #expect(
      try await client.send(
        .post, "/api/v1/patients/P3/merge", body: "{\"into\":\"P2\",\"reason\":\"enrolled twice\"}"
      ).status == .ok)
    #expect(try await client.send(.get, "/api/v1/patients/P3").status == .notFound)
    #expect(
      try await client.send(
        .post, "/api/v1/patients/P4/erase", body: "{\"confirm\":\"P2\",\"reason\":\"asked\"}"
      ).status == .badRequest)
    #expect(
      try await client.send(
        .post, "/api/v1/patients/P4/erase", body: "{\"confirm\":\"p4\",\"reason\":\"asked\"}"
      ).status == .ok)
    #expect(try fixture.registry.subjects().map(\.pseudonym) == ["P1", "P2"])
    #expect(try fixture.registry.verify().isIntact)
  }
}
