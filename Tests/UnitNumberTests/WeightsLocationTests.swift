import Foundation
import Testing

@testable import UnitNumber

@Suite("Where the weights are looked for")
struct WeightsLocationTests {
  @Test func placesInOrder() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "weights-\(UUID().uuidString)/bin")
    defer { try? FileManager.default.removeItem(at: folder.deletingLastPathComponent()) }
    for name in ["MotorPool_UnitNumber.resources", "Other.resources"] {
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent(name), withIntermediateDirectories: true)
    }
    let root = folder.deletingLastPathComponent().path
    let places = WeightsLocation.candidates(beside: folder).map {
      String($0.path.dropFirst(root.count))
    }
    #expect(
      places == [
        "/bin/cmap-scan-weights.bin",
        "/bin/MotorPool_UnitNumber.resources/cmap-scan-weights.bin",
        "/share/motorpool/cmap-scan-weights.bin",
      ])
    #expect(WeightsLocation.candidates(beside: nil).isEmpty)
  }
}
