/// What an error of a parser has to be.
public enum FuzzError {
  /// Longest text of an error in bytes; names of files and a field of them fit.
  private static let longest = 3000

  /// Ends the process where the error is of no kind of the libraries, or its text is not what it should be.
  static func check(_ error: any Error, kind: FuzzTarget.ErrorKind) {
    switch kind {
    case .line: checkLine("\(error)")
    case .text: checkText("\(error)")
    case .foreign: fatalError("\(type(of: error)): \(error)")
    }
  }

  /// Ends the process where a text is empty or floods its reader.
  public static func checkText(_ text: String) {
    guard !text.isEmpty, text.utf8.count <= longest else {
      fatalError("a text of \(text.utf8.count) bytes: \(text.prefix(400))")
    }
  }

  /// Ends the process where a text is not one line.
  public static func checkLine(_ text: String) {
    checkText(text)
    if text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
      fatalError("a text with control characters: \(text.debugDescription.prefix(400))")
    }
  }
}
