import Decomposition
import Foundation
import MotorUnits

extension ArrayAnalysis {
  /// Places of the decomposed channels in the array's own frame in millimetres, `[along, across]`.
  ///
  /// Nil where rows, columns or the distance of the electrodes are not known.
  package var electrodePositions: [[Double]]? {
    guard let grid, let distance = grid.interElectrodeDistanceMillimetres else { return nil }
    let places = channels.map { grid.position(ofChannel: $0) }
    let known = places.compactMap { place in
      place.map { [Double($0.row) * distance, Double($0.column) * distance] }
    }
    return known.count == places.count ? known : nil
  }

  /// The units as tracking over visits takes them.
  package var tracked: TrackedRecording {
    TrackedRecording(decomposition, positions: electrodePositions)
  }
}

/// What tracking needs of a decomposed recording: `templates.json` of a results folder.
package struct TemplateFile: Codable {
  /// Name of the file within a folder of results.
  package static let name = "templates.json"

  package let software: String
  package let input: String
  package let sha256: String
  package let recording: TrackedRecording

  /// The templates of a run.
  package init(_ analysis: ArrayAnalysis) {
    self.init(
      input: analysis.recording.source.fileName, sha256: analysis.inputHash,
      recording: analysis.tracked)
  }

  /// Templates of a recording, in steps of a thousandth of a microvolt.
  init(input: String, sha256: String, recording: TrackedRecording) {
    software = SoftwareVersion.text
    self.input = input
    self.sha256 = sha256
    var tracked = recording
    for index in tracked.units.indices {
      tracked.units[index].template.channels = tracked.units[index].template.channels.map {
        $0.map { ($0 * 1_000).rounded() / 1_000 }
      }
    }
    self.recording = tracked
  }

  /// The text of the file.
  package func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
  }

  /// A sentence for each pair of results that come from one recording: their links tell how alike two
  /// runs are, not what became of units between visits.
  package static func repeated(_ files: [(folder: String, file: TemplateFile)]) -> [String] {
    files.indices.flatMap { later in
      files[..<later].filter { $0.file.sha256 == files[later].file.sha256 }.map { earlier in
        "\(earlier.folder) and \(files[later].folder) are results of the same recording: the links say "
          + "nothing about units found again at another visit"
      }
    }
  }

  /// Reads the templates of a folder that decompose wrote.
  ///
  /// - Throws: `AnalysisError` naming folder or file.
  package static func read(_ folder: String) throws -> TemplateFile {
    let file = URL(fileURLWithPath: folder).appendingPathComponent(name)
    guard let data = FileManager.default.contents(atPath: file.path) else {
      throw AnalysisError(
        .cannotOpen, path: folder,
        "holds no \(name); name a folder that decompose of this version wrote from an "
          + "electrode array")
    }
    do {
      let file = try JSONDecoder().decode(TemplateFile.self, from: data)
      let positions = file.recording.positions
      guard positions?.allSatisfy({ $0.count == 2 }) ?? true else {
        throw AnalysisError(path: "\(folder)/\(name)", "a position needs two coordinates")
      }
      return file
    } catch is DecodingError {
      throw AnalysisError(
        path: "\(folder)/\(name)", "not a file of templates; run decompose again to write it anew")
    }
  }
}
