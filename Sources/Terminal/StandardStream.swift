import Foundation

/// Text on its way to the standard streams.
package enum StandardStream {
  /// Prints a text to standard output.
  ///
  /// Control characters that a file brought along are shown, not obeyed. Where nothing can be written
  /// (disk full, device closed) the program ends with the code of outputs that cannot be written.
  package static func print(_ text: String, terminator: String = "\n") {
    // The JSON of a large cohort is copied no more often than needed.
    let whole = terminator.isEmpty ? text : text + terminator
    guard let error = write(TerminalText.safe(whole), to: STDOUT_FILENO) else { return }
    tell("standard output cannot be written: \(error)")
    exit(Failure.cannotWrite)
  }

  /// One line for the user on standard error; there is nobody to tell where that fails.
  package static func tell(_ line: String) {
    let text = line.split(whereSeparator: \.isNewline).joined(separator: " ")
    _ = write("motorpool: \(TerminalText.safe(text))\n", to: STDERR_FILENO)
  }

  /// Writes all of a text; returns what the system says where it cannot.
  package static func write(_ text: String, to descriptor: Int32) -> String? {
    var text = text
    return text.withUTF8 { bytes in
      var start = 0
      while start < bytes.count {
        let rest = UnsafeRawBufferPointer(bytes)[start...]
        let count = Foundation.write(
          descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count < 0 {
          if errno == EINTR { continue }
          return String(cString: strerror(errno))
        }
        start += count
      }
      return nil
    }
  }
}

/// Text that a terminal shows and does not obey.
package enum TerminalText {
  /// The text with control characters and those that turn the direction of writing written out, such
  /// as `\u001b`, which is also how JSON writes them; line ends and tabs stay.
  package static func safe(_ text: String) -> String {
    // Bytes of plain text need no look at the scalars.
    if text.utf8.allSatisfy({ (0x20...0x7E).contains($0) || $0 == 0x0A || $0 == 0x09 }) {
      return text
    }
    guard text.unicodeScalars.contains(where: isObeyed) else { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if isObeyed(scalar) {
        let digits = String(scalar.value, radix: 16)
        let zeros = String(repeating: "0", count: max(0, 4 - digits.count))
        result.append(contentsOf: "\\u\(zeros)\(digits)".unicodeScalars)
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }

  private static func isObeyed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A: false
    case 0..<0x20, 0x7F..<0xA0: true
    case 0x200E, 0x200F, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF: true
    default: false
    }
  }
}
