import Foundation
import Testing

@testable import Simulation

@Suite struct StimulatedResponseSimulationTests {
  @Test func supramaximalStimuliExciteAllUnits() throws {
    let nerve = try SimulatedNerve(.init())
    let responses = try simulateResponses(
      of: nerve, stimuliMilliamperes: [nerve.supramaximalMilliamperes, 0])
    #expect(responses.answeringUnits[0].count == 100 && responses.answeringUnits[1].isEmpty)
    let cmap = responses.waveforms[0]
    #expect(cmap.count == 400 && responses.stimulusSample == 50)
    let peak = Double(cmap.max() ?? 0)
    #expect(peak > 5000 && peak < nerve.summedAmplitudeMicrovolts)
    let at = Double((cmap.indices.max { cmap[$0] < cmap[$1] } ?? 0) - 50) / 10
    #expect(abs(at - 6.5) < 0.8)
    #expect(ArrayExamples.power(cmap, 0..<50).squareRoot() < 10)
  }

  @Test func responsesAreSumsOfTheAnsweringUnits() throws {
    let nerve = try SimulatedNerve(.init())
    var settings = StimulatedResponseConfiguration()
    settings.noiseMicrovolts = 0
    settings.amplitudeVariation = 0
    let responses = try simulateResponses(
      of: nerve, stimuliMilliamperes: [6.5, 7.5, 8], settings)
    for (units, waveform) in zip(responses.answeringUnits, responses.waveforms) {
      #expect(!units.isEmpty && units.count < 100)
      let sum = nerve.axons.filter { units.contains($0.id) }.reduce(0) {
        $0 + $1.potential(at: 7)
      }
      #expect(abs(Double(waveform[120]) - sum) < 0.05)
    }
  }

  @Test func artefactsDecayBeforeTheResponse() throws {
    let nerve = try SimulatedNerve(.init())
    var settings = StimulatedResponseConfiguration()
    settings.artefactMicrovolts = 5000
    let response = try simulateResponses(of: nerve, stimuliMilliamperes: [0], settings)
    #expect((response.waveforms[0].max() ?? 0) > 4900)
    #expect(abs(response.waveforms[0][70]) < 30)
  }
}
