import Analyses
import ArgumentParser
import Foundation
import Recordings
import Registry

/// `motorpool serve`: a recording, its units and the patients of a registry in the browser.
///
/// The web server is a program of its own, `motorpool-viewer`, so that the core builds without it.
struct Serve: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Look at recordings and patients, and edit units, in the browser.",
    discussion: """
      Answers on this machine's own address only, and prints a start address that works once; a \
      new one is printed when it was used. Ctrl+C ends. Runs and edits are kept in NAME.motorpool \
      beside the recording, or in --output, which may be a folder that decompose wrote.

      With --registry the patients are shown too. Where the registry has users (motorpool user), they \
      sign in. A group reaches the viewer with TLS: by a certificate and its key, or through a web \
      server on the same or another machine, where --behind-proxy names the address that it offers. \
      --host says where the viewer listens.

      Examples:
        motorpool serve grid.wav --mv-per-fs 5 --open
        motorpool serve grid.wav --output results --port 0
        motorpool serve --registry study.sqlite
        motorpool serve --registry study.sqlite --behind-proxy emg.example.org
        motorpool serve --registry study.sqlite --host 0.0.0.0 --port 443 \\
          --tls-cert chain.pem --tls-key key.pem --name emg.example.org
      """)

  @Argument(help: "Recording: \(RecordingReading.readers.formatNames).")
  var file: String?

  @Option(name: .shortAndLong, help: "Folder of the runs.")
  var output: String?

  @Option(help: "Registry of patients to show.")
  var registry: String?

  @Option(help: "Port; 0 takes a free one.")
  var port = 8080

  @Option(help: "Address to listen at; other than 127.0.0.1 only with TLS or --behind-proxy.")
  var host = "127.0.0.1"

  @Option(
    name: .customLong("behind-proxy"),
    help: "Name that a proxy with TLS offers the viewer under, with its port if not 443.")
  var behindProxy: String?

  @Option(
    name: .customLong("tls-cert"), help: "Certificate in PEM form, with the chain behind it.")
  var certificate: String?

  @Option(name: .customLong("tls-key"), help: "Its key in PEM form, without a password.")
  var key: String?

  @Option(help: "Name in the certificate that users open, for --tls-cert.")
  var name: String?

  @Option(help: "Name that edits are logged under without users (default: the account's).")
  var author: String?

  @OptionGroup var recording: RecordingArguments

  @Flag(help: "Open the start address in the browser.")
  var open = false

  @Flag(help: "Answer /metrics to Prometheus on this machine: counts only, no names.")
  var metrics = false

  @Flag(help: "Print the start addresses as JSON, one object a line.")
  var json = false

  func validate() throws {
    guard file != nil || registry != nil else {
      throw ValidationError("name a recording, --registry, or both")
    }
    if !(0...65_535).contains(port) {
      throw ValidationError("--port \(port): expected 0 to 65535")
    }
    if (certificate == nil) != (key == nil) || (certificate == nil) != (name == nil) {
      throw ValidationError("--tls-cert, --tls-key and --name go together")
    }
    if certificate != nil, behindProxy != nil {
      throw ValidationError(
        "either --tls-cert or --behind-proxy: one of the two has the certificate")
    }
    if behindProxy == nil, certificate == nil, !["127.0.0.1", "localhost", "::1"].contains(host) {
      throw ValidationError(
        "--host \(host): other addresses than this machine's own need users (motorpool user add) "
          + "and TLS: --tls-cert, --tls-key and --name, or --behind-proxy")
    }
  }

  /// What the viewer is started with.
  private struct Start: Encodable {
    let file: String?
    let options: RecordingOptions
    let output: String?
    let registry: String?
    let host: String
    let port: Int
    let publicName: String?
    let certificate: String?
    let key: String?
    let author: String
    let printsJSON: Bool
    let opensBrowser: Bool
    let servesMetrics: Bool
  }

  func run() throws {
    try ViewerProgram.become(
      "--serve",
      Start(
        file: file, options: try recording.reading().options(), output: output,
        registry: registry.map { RegistryLocation.path(option: $0) }, host: host, port: port,
        publicName: behindProxy ?? name, certificate: certificate, key: key,
        author: author ?? NSUserName(), printsJSON: json,
        opensBrowser: open, servesMetrics: metrics))
  }
}
