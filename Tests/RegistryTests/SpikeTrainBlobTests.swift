import Foundation
import Testing

@testable import Registry

@Suite struct SpikeTrainBlobTests {
  @Test func positionsComeBackWithinTheStatedStep() throws {
    var position = -3.2
    let spikes = (0..<2000).map { index -> Double in
      position += 120 + 60 * sin(Double(index) * 1.7)
      return position
    }
    let data = try SpikeTrainBlob.encode(spikes)
    #expect(data.count < spikes.count * 7 / 2)
    let back = try SpikeTrainBlob.decode(data)
    #expect(back.count == spikes.count)
    for (left, right) in zip(spikes, back) { #expect(abs(left - right) <= 1.0 / 8192) }
    #expect(try SpikeTrainBlob.encode(back) == data)
    #expect(try SpikeTrainBlob.decode(SpikeTrainBlob.encode([])) == [])
    #expect(try SpikeTrainBlob.decode(SpikeTrainBlob.encode([1e12])) == [1e12])
  }

  @Test(arguments: [[2.0, 1.0], [.nan], [.infinity], [1e13]]) func badTrainsAreRefused(
    _ spikes: [Double]
  ) {
    #expect(throws: RegistryError.self) { try SpikeTrainBlob.encode(spikes) }
  }

  @Test func damagedBytesAreRefusedAndNeverTrap() throws {
    let data = try SpikeTrainBlob.encode([10, 20, 30])
    #expect(throws: RegistryError.self) { try SpikeTrainBlob.decode(Data()) }
    #expect(throws: RegistryError.self) { try SpikeTrainBlob.decode(data.dropLast()) }
    #expect(throws: RegistryError.self) { try SpikeTrainBlob.decode(data + [0]) }
    let huge = Data([1]) + Data(repeating: 0xFF, count: 9) + [1]
    #expect(throws: RegistryError.self) { try SpikeTrainBlob.decode(huge) }
    var generator = TestGenerator(seed: 7)
    for _ in 0..<2000 {
      let bytes = (0..<Int.random(in: 0...24, using: &generator)).map { _ in
        UInt8.random(in: 0...255, using: &generator)
      }
      _ = try? SpikeTrainBlob.decode(Data([1] + bytes))
    }
  }
}
