import Foundation
import Recordings
import UnitNumber

/// What a scan lacks that is still being recorded.
package struct ScanProgressSummary: Encodable {
  package let file: String
  package let progress: ScanProgress

  /// Looks at the scan of a file.
  ///
  /// - Throws: `UnitNumberError` where it cannot be read.
  package init(_ path: String) throws {
    file = RecordingSource(path: path, formatName: "").fileName
    progress = try ScanProgress(CMAPScan.open(URL(fileURLWithPath: path)))
  }
}

/// The scans of one visit, and their combined estimate.
package struct ScanVisitSummary: Encodable {
  package let visit: CombinedScanEstimate
  package let scans: [ScanSummary]

  /// The summary of scans that were combined.
  package init(visit: CombinedScanEstimate, scans: [ScanSummary]) {
    self.visit = visit
    self.scans = scans
  }
}

extension ScanGroup {
  /// `report.html` for one scan, the name of the scan before it for several, each name once.
  package static func reportNames(_ files: [String]) -> [String] {
    if files.count == 1 { return ["report.html"] }
    var used: [String: Int] = [:]
    return files.map { file in
      let stem = (file as NSString).deletingPathExtension
      let count = used[stem, default: 0] + 1
      used[stem] = count
      return count == 1 ? "\(stem)-report.html" : "\(stem)-\(count)-report.html"
    }
  }
}
