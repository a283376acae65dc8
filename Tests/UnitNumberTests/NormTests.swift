import Foundation
import Tables
import Testing

@testable import UnitNumber

struct NormTests {
  @Test("z-scores of the published muscles only, each with source and number")
  func zScores() throws {
    let apb = try #require(Norm.of(.cmapAmplitude, muscle: "apb", ageYears: nil))
    #expect(abs(apb.zScore(3) + 2) < 1e-12)
    #expect(
      apb.sourceWithRemark
        == "Buschbacher 1999, n = 249 healthy subjects of all ages; the mean falls with age")
    #expect(Norm.of(.cmapAmplitude, muscle: "ADM", ageYears: nil)?.zScore(11.6) == 0)
    #expect(Norm.of(.cmapAmplitude, muscle: "TA", ageYears: nil) == nil)
    let munix = try #require(Norm.of(.munix, muscle: "apb", ageYears: nil))
    #expect(munix.zScore(103) == -2)
    #expect(munix.source == "Cao et al. 2020, n = 150 healthy subjects")
    #expect(Norm.of(.munix, muscle: "soleus", ageYears: nil) == nil)
    for norm in Norm.all {
      #expect(norm.source.contains("n = \(norm.subjectCount)"))
    }
  }

  @Test("norms by age: the group of the age, none without an age and none for children")
  func ages() throws {
    func norm(_ muscle: String, _ age: Double?) -> Norm? {
      Norm.of(.cmapAmplitude, muscle: muscle, ageYears: age)
    }
    // Buschbacher 1999: 6.8 (2.5) mV under 40 years, 5.1 (2.5) mV above.
    let young = try #require(norm("edb", 39.9))
    #expect(abs(young.zScore(4.3) + 1) < 1e-12)
    #expect(
      young.source == "Buschbacher 1999, under 40 years, n = 242 healthy subjects of all ages")
    let old = try #require(norm("EDB", 40))
    #expect(abs(old.zScore(2.6) + 1) < 1e-12)
    #expect(old.source.contains(", from 40 years, "))
    #expect(norm("PQ", 59)?.mean == 4.4)
    #expect(norm("PQ", 75)?.mean == 3.7)
    #expect(norm("EDB", nil) == nil)
    #expect(norm("EDB", 9) == nil)
    #expect(norm("APB", 9) == nil)
    // A norm of all ages serves any adult.
    #expect(norm("ADM", 70)?.zScore(11.6) == 0)
  }

  @Test("groups of ages of one muscle meet without gap or overlap")
  func ageGroups() {
    for measure in Norm.Measure.allCases {
      for muscle in Norm.muscles(measure) {
        let norms = Norm.all.filter { $0.measure == measure && $0.muscle == muscle }
        if norms.count == 1 { continue }
        let ages = norms.compactMap(\.ages)
        #expect(ages.count == norms.count, "\(muscle)")
        for (first, second) in zip(ages, ages.dropFirst()) {
          #expect(first.upperBound == second.lowerBound, "\(muscle)")
        }
      }
    }
    #expect(Norm.muscles(.munix) == ["APB", "ADM", "BB", "TA", "TRAP"])
  }

  @Test(
    "a table with a fault is refused with its line and column",
    arguments: [
      ("height,APB,,,1,1,9,adults,Anon 2000,", "column measure"),
      ("munix,,,,1,1,9,adults,Anon 2000,", "column muscle"),
      ("munix,APB,50,40,1,1,9,adults,Anon 2000,", "column ageTo"),
      ("munix,APB,,,1,0,9,adults,Anon 2000,", "column sd"),
      ("munix,APB,,,x,1,9,adults,Anon 2000,", "column mean"),
      ("munix,APB,,,1,1,9,adults,,", "column publication"),
    ])
  func faults(line: String, place: String) {
    let header = "measure,muscle,ageFrom,ageTo,mean,sd,n,subjects,publication,ageRemark\n"
    let error = #expect(throws: TableError.self) {
      try Norm.read(Data((header + line + "\n").utf8), source: "norms.csv")
    }
    #expect("\(error.map(\.description) ?? "")".hasPrefix("norms.csv, line 2, \(place)"))
  }
}
