/// The name of a file that a browser sent, made harmless: it is shown, and names the file within a folder
/// of its own.
enum UploadName {
  /// Most characters of a name.
  static let longest = 80

  /// Letters, digits, points, hyphens and underscores of what follows the last slash.
  ///
  /// The extension is kept, since text tables are known by it; a name of nothing else is `file`.
  static func safe(_ text: String) -> String {
    let last = text.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last ?? ""
    let kept = String(
      last.map { character in
        let isKept =
          character.isASCII
          && (character.isLetter || character.isNumber || "._-+".contains(character))
        return isKept ? character : "_"
      })
    let name = kept.drop { $0 == "." || $0 == "-" }
    if name.isEmpty { return "file" }
    if name.count <= longest { return String(name) }
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count > 1, let end = parts.last, end.count < 10 else {
      return String(name.prefix(longest))
    }
    return name.prefix(longest - end.count - 1) + "." + end
  }
}
