import Foundation
import Hummingbird
import Logging
import Recordings
import Synchronization

/// The viewer: a web server on this machine's own address for one recording and its runs.
public final class ViewerServer: Sendable {
  let configuration: ViewerConfiguration
  let opened: OpenedRecording
  let runs: RunFolder
  let fields: SourceFields
  let jobs: Jobs
  let sessions = Sessions()
  let editors: Editors
  private let port: Mutex<Int>

  /// Opens the recording.
  ///
  /// - Parameters:
  ///   - program: the program that carries decompositions out when called with `--decompose`.
  /// - Throws: `RecordingError` or `ViewerError`.
  public init(_ configuration: ViewerConfiguration, program: String) throws {
    self.configuration = configuration
    opened = try OpenedRecording(configuration)
    runs = RunFolder(path: configuration.resultFolder, sha256: opened.sha256)
    fields = SourceFields(opened.recording)
    jobs = Jobs(program: program)
    editors = Editors()
    port = Mutex(configuration.port)
  }

  /// The editors of the runs that were opened.
  actor Editors {
    private var open: [Int: RunEditor] = [:]

    func editor(_ id: Int, server: ViewerServer) throws -> RunEditor {
      if let known = open[id] { return known }
      let run = try server.runs.run(id, recording: server.opened.recording)
      let editor = try RunEditor(run, folder: server.runs, fields: server.fields)
      open[id] = editor
      return editor
    }
  }

  /// The address that opens the viewer in a browser; it works once.
  public var startAddress: String {
    "http://127.0.0.1:\(port.withLock { $0 })/start?token=\(sessions.startToken)"
  }

  var cookieName: String { "motorpool-\(port.withLock { $0 })" }

  private var hosts: Set<String> {
    let port = port.withLock { $0 }
    return ["127.0.0.1:\(port)", "localhost:\(port)"]
  }

  /// All routes behind their checks.
  func router() -> Router<ViewerContext> {
    let router = Router(context: ViewerContext.self)
    router.add(middleware: AnswerMiddleware())
    router.add(
      middleware: GuardMiddleware(
        sessions: sessions, hosts: { self.hosts }, cookieName: { self.cookieName }))
    addPages(to: router)
    addRecordingRoutes(to: router)
    addRunRoutes(to: router)
    return router
  }

  /// Answers requests until the process is told to end.
  ///
  /// - Parameters:
  ///   - ready: called with the start address when requests are answered, and again with a new
  ///     one whenever it was used.
  /// - Throws: `ViewerError` where the port is taken.
  public func run(ready: @escaping @Sendable (String) -> Void) async throws {
    guard Assets.folder != nil else {
      throw ViewerError(
        .failed, "the viewer's scripts are missing beside the program; install again")
    }
    announce.withLock { $0 = ready }
    var logger = Logger(label: "motorpool-viewer")
    logger.logLevel = .error
    let application = Application(
      router: router(),
      server: .http1(
        configuration: .init(additionalChannelHandlers: [], idleTimeout: .seconds(60))),
      configuration: .init(address: .hostname("127.0.0.1", port: port.withLock { $0 })),
      onServerRunning: { channel in
        if let bound = channel.localAddress?.port { self.port.withLock { $0 = bound } }
        ready(self.startAddress)
      }, logger: logger)
    do {
      try await application.runService()
    } catch {
      await jobs.cancelAll()
      let text = "\(error)"
      if text.contains("98") || text.contains("in use") {
        throw ViewerError(
          .failed, "port \(configuration.port) is taken; choose another, or 0 for a free one")
      }
      throw ViewerError(.failed, text)
    }
    await jobs.cancelAll()
  }

  let announce = Mutex<@Sendable (String) -> Void>({ _ in })

  /// Any value as a JSON answer.
  func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
    let data = try JSONEncoder().encode(value)
    return Response(
      status: status, headers: [.contentType: "application/json"],
      body: .init(byteBuffer: ByteBuffer(bytes: data)))
  }

  /// The body of a request as a value; at most 1 MB.
  func body<Value: Decodable>(_ request: Request, as type: Value.Type) async throws -> Value {
    let buffer: ByteBuffer
    do {
      buffer = try await request.body.collect(upTo: 1 << 20)
    } catch {
      throw ViewerError(.tooLarge, "the request holds more than 1 MB")
    }
    do {
      return try JSONDecoder().decode(type, from: Data(buffer.readableBytesView))
    } catch {
      throw ViewerError.badRequest("the body is not the JSON that is expected")
    }
  }
}
