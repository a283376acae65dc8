import Batch
import Decomposition
import Foundation
import Recordings
import Registry
import Reports
import Tables
import UnitNumber

/// What an error of a parser has to be.
enum FuzzError {
  /// Longest text of an error in bytes; names of files and a field of them fit.
  private static let longest = 3000

  /// Ends the process where the error is of no kind of the libraries, or its text is not what it should be.
  static func check(_ error: any Error) {
    switch error {
    case is RecordingError, is UnitNumberError, is OutputError: checkLine("\(error)")
    case is TableError, is RegistryError, is BatchError, is DecompositionError, is ReportsError:
      checkText("\(error)")
    default: fatalError("\(type(of: error)): \(error)")
    }
  }

  /// Ends the process where a text is empty or floods its reader.
  ///
  /// What quotes a cell may hold its control characters, which printing escapes.
  static func checkText(_ text: String) {
    guard !text.isEmpty, text.utf8.count <= longest else {
      fatalError("a text of \(text.utf8.count) bytes: \(text.prefix(400))")
    }
  }

  /// Ends the process where a text is not one line.
  static func checkLine(_ text: String) {
    checkText(text)
    if text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
      fatalError("a text with control characters: \(text.debugDescription.prefix(400))")
    }
  }
}
