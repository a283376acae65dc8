import Foundation
import Recordings

/// What the viewer is started with.
public struct ViewerConfiguration: Codable, Sendable {
  /// The recording to open.
  public var file: String
  /// What the user states about it.
  public var options: RecordingOptions
  /// Folder of the results; nil puts it beside the recording.
  public var output: String?
  /// Port on the loopback address; 0 takes a free one.
  public var port: Int
  /// Who edits, as the log names it.
  public var author: String
  /// Whether start addresses are printed as JSON.
  public var printsJSON: Bool

  /// A configuration.
  public init(
    file: String, options: RecordingOptions = RecordingOptions(), output: String? = nil,
    port: Int = 8080, author: String = "local user", printsJSON: Bool = false
  ) {
    self.file = file
    self.options = options
    self.output = output
    self.port = port
    self.author = author
    self.printsJSON = printsJSON
  }

  /// Folder of the results: the one given, or `NAME.motorpool` beside the recording.
  public var resultFolder: String {
    output ?? URL(fileURLWithPath: file).deletingPathExtension().path + ".motorpool"
  }
}
