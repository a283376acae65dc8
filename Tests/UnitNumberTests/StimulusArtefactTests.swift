import Testing

@testable import UnitNumber

struct StimulusArtefactTests {
  @Test("a straight line replaces the artefact; everything else stays")
  func blank() {
    var signal = (0..<1000).map { Float($0) }
    let clean = signal
    for index in 500..<514 { signal[index] = 9e4 }
    let blanked = StimulusArtefact().blank(signal, samplingRate: 10_000, stimuli: [500])
    for index in clean.indices { #expect(abs(blanked[index] - clean[index]) < 0.01) }
    #expect(StimulusArtefact().blank(signal, samplingRate: 10_000, stimuli: [.nan]) == signal)
  }

  @Test("at the ends of the signal the nearest sample is held")
  func ends() {
    let signal: [Float] = [9, 9, 9, 9] + [Float](repeating: 1, count: 96)
    let blanked = StimulusArtefact().blank(signal, samplingRate: 2000, stimuli: [0])
    #expect(blanked == [Float](repeating: 1, count: 100))
  }
}
