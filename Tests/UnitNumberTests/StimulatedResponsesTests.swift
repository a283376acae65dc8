import Foundation
import Testing

@testable import UnitNumber

struct StimulatedResponsesTests {
  @Test("responses are cut around trigger edges and measured alike")
  func cut() throws {
    let rate = 10_000.0
    var signal = [Float](repeating: 0, count: 40_000)
    var trigger = signal
    let stimuli = [100, 5_000, 15_000, 25_000, 39_900]
    for stimulus in stimuli {
      for k in 0..<20 where stimulus + k < trigger.count { trigger[stimulus + k] = 5 }
      for k in 30..<90 where stimulus + k < signal.count {
        signal[stimulus + k] = 4000 * sin(.pi * Float(k - 30) / 60)
      }
    }
    let edges = try TriggerEdges().edges(in: trigger, samplingRate: rate)
    #expect(edges.count == 5)
    #expect(zip(edges, stimuli).allSatisfy { abs($0 - Double($1)) <= 1 })
    let (responses, rejected) = try StimulatedResponses().cut(
      signal, samplingRate: rate, stimuli: edges)
    #expect(responses.count == 3)
    #expect(rejected.map(\.index) == [0, 4])
    for response in responses {
      let measures = try CMAPMeasurement().measure(response)
      #expect(abs(measures.amplitudeMillivolts - 4) < 0.01)
      #expect(abs(measures.latencyMilliseconds - 3) < 0.3)
    }
  }

  @Test("doubled stimuli are left out, and nothing left is an error")
  func doubled() {
    let signal = [Float](repeating: 0, count: 10_000)
    #expect {
      try StimulatedResponses().cut(signal, samplingRate: 10_000, stimuli: [5000, 5100])
    } throws: { "\($0)".contains("none with a whole window") }
    #expect(throws: UnitNumberError.self) {
      try TriggerEdges().edges(in: signal, samplingRate: 10_000)
    }
  }
}
