import Foundation

extension ReportPage {
  /// The forms that a page is written in.
  public enum Format: Sendable, Equatable {
    /// Plain text with marks, for editors.
    case markdown
    /// A self-contained page.
    case html

    /// The form that the name of a file asks for by its ending; nil for another ending.
    public init?(path: String) {
      switch (path as NSString).pathExtension.lowercased() {
      case "md", "markdown": self = .markdown
      case "html", "htm": self = .html
      default: return nil
      }
    }
  }

  /// The page as the text of a file, in the form that its name asks for; Markdown for any other name.
  public func text(for path: String) -> String {
    Format(path: path) == .html ? html() : markdown()
  }
}
