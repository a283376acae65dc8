import Foundation
import Recordings

/// What the viewer is started with.
public struct ViewerConfiguration: Codable, Sendable {
  /// The recording to open; nil for a registry alone.
  public var file: String?
  /// What the user states about it.
  public var options: RecordingOptions
  /// Folder of the results; nil puts it beside the recording.
  public var output: String?
  /// The registry of patients; nil for a recording alone.
  public var registry: String?
  /// Address to listen at.
  public var host: String
  /// Port; 0 takes a free one.
  public var port: Int
  /// The name under which the viewer is reached with TLS: as a proxy offers it, with a port where that is
  /// not 443, or the name in its own certificate; nil on this machine's own address.
  public var publicName: String?
  /// PEM file of the certificate, with the chain behind it; nil where a proxy has it.
  public var certificate: String?
  /// PEM file of the certificate's key.
  public var key: String?
  /// The file of accounts; nil is `REGISTRY.users`.
  public var users: String?
  /// Who edits where there are no accounts, as logs name it.
  public var author: String
  /// Whether start addresses are printed as JSON.
  public var printsJSON: Bool
  /// Whether the start address is opened in the browser.
  public var opensBrowser: Bool
  /// Whether `/metrics` tells what the server counts about itself, to this machine only.
  public var servesMetrics: Bool

  /// A configuration.
  public init(
    file: String? = nil, options: RecordingOptions = RecordingOptions(), output: String? = nil,
    registry: String? = nil, host: String = "127.0.0.1", port: Int = 8080,
    publicName: String? = nil, certificate: String? = nil, key: String? = nil, users: String? = nil,
    author: String = "local user",
    printsJSON: Bool = false, opensBrowser: Bool = false, servesMetrics: Bool = false
  ) {
    self.file = file
    self.options = options
    self.output = output
    self.registry = registry
    self.host = host
    self.port = port
    self.publicName = publicName
    self.certificate = certificate
    self.key = key
    self.users = users
    self.author = author
    self.printsJSON = printsJSON
    self.opensBrowser = opensBrowser
    self.servesMetrics = servesMetrics
  }

  /// The file of accounts, where one can be: without a registry there are none.
  public var usersPath: String? { users ?? registry.map { $0 + ".users" } }

  /// The log of who looked at what and changed what.
  var accessLogPath: String? { usersPath.map { $0 + ".log" } }

  var isLoopback: Bool { ["127.0.0.1", "localhost", "::1"].contains(host) }
}
