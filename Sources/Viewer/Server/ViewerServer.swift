import Foundation
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import Synchronization

/// The viewer: a web server for one recording and its runs, for a registry of patients, or for both.
public final class ViewerServer: Sendable {
  let configuration: ViewerConfiguration
  let recordings: RecordingDesks
  let patients: RegistryDesk?
  let accounts: Accounts?
  let signIn: SignIn?
  let log: AccessLog?
  let jobs: Jobs
  private let tls: TLSConfiguration?
  let sessions: Sessions
  let metrics = ServerMetrics()
  private let port: Mutex<Int>

  /// Opens the recording and the registry.
  ///
  /// - Parameters:
  ///   - configuration: what it is started with.
  ///   - program: the program that carries decompositions out when called with `--decompose`, checks
  ///     files with `--check` and enters visits with `--visit`.
  /// - Throws: `RecordingError`, `RegistryError` or `ViewerError`.
  public convenience init(_ configuration: ViewerConfiguration, program: String) throws {
    try self.init(configuration, program: program, limits: UploadSpool.Limits())
  }

  init(
    _ configuration: ViewerConfiguration, program: String, limits: UploadSpool.Limits
  ) throws {
    self.configuration = configuration
    guard configuration.file != nil || configuration.registry != nil else {
      throw ViewerError.badRequest("neither a recording nor a registry is named")
    }
    let accounts = configuration.usersPath.map { Accounts(path: $0) }
    let hasAccounts = try accounts.map { try !$0.all().isEmpty } ?? false
    guard configuration.isLoopback || configuration.publicName != nil else {
      throw ViewerError.badRequest(
        "\(configuration.host): other addresses than this machine's own are served only with a "
          + "certificate or behind a proxy with TLS; name the address that users open")
    }
    guard configuration.publicName == nil || hasAccounts else {
      throw ViewerError.badRequest(
        "for others than this machine there must be users; add an administrator first")
    }
    tls = try TransportSecurity.configuration(configuration)
    self.accounts = hasAccounts ? accounts : nil
    signIn = self.accounts.map { SignIn($0) }
    sessions = Sessions(author: configuration.author, accounts: self.accounts)
    let jobs = Jobs(program: program)
    let log = try configuration.accessLogPath.map { try AccessLog(path: $0) }
    self.jobs = jobs
    self.log = log
    patients = try configuration.registry.map {
      try RegistryDesk(
        path: $0, author: configuration.author, hasRecording: configuration.file != nil,
        program: program, jobs: jobs, log: log, limits: limits)
    }
    recordings = RecordingDesks(
      file: try configuration.file.map { try RecordingDesk(configuration, file: $0) },
      patients: patients, jobs: jobs)
    port = Mutex(configuration.port)
  }

  var isBehindProxy: Bool { isEncrypted && tls == nil }

  /// Whether users reach it with TLS, of its own or of a proxy.
  var isEncrypted: Bool { configuration.publicName != nil }

  /// Name, and port where it is not 443, in the addresses that users open; nil on this machine's own.
  private var publicHost: String? {
    guard let name = configuration.publicName?.lowercased() else { return nil }
    let port = port.withLock { $0 }
    return tls == nil || port == 443 || name.contains(":") ? name : "\(name):\(port)"
  }

  /// The address that opens the viewer in a browser; with a start token it works once.
  public var startAddress: String {
    if let name = publicHost { return "https://\(name)/" }
    let place = "http://127.0.0.1:\(port.withLock { $0 })/"
    return accounts == nil ? place + "start?token=\(sessions.startToken)" : place
  }

  /// With TLS the browser keeps the cookie to this very host; without, ports of it share cookies.
  var cookieName: String {
    isEncrypted ? "__Host-motorpool" : "motorpool-\(port.withLock { $0 })"
  }

  func cookie(_ secret: String) -> String {
    "\(cookieName)=\(secret); Path=/; HttpOnly; SameSite=Strict" + (isEncrypted ? "; Secure" : "")
  }

  var hosts: Set<String> {
    if let name = publicHost { return [name] }
    return ownHosts
  }

  /// Names that reach the server from this machine alone.
  var ownHosts: Set<String> {
    let port = port.withLock { $0 }
    return ["127.0.0.1:\(port)", "localhost:\(port)"]
  }

  /// All routes.
  var table: RouteTable {
    var table = RouteTable()
    SiteRoutes(server: self).add(to: &table)
    JobRoutes(jobs: jobs).add(to: &table)
    recordings.add(to: &table)
    patients?.add(to: &table)
    return table
  }

  /// All routes behind their checks.
  func router() -> Router<ViewerContext> {
    let router = Router(context: ViewerContext.self)
    let table = table
    router.add(middleware: MetricsMiddleware(metrics: metrics))
    router.add(middleware: AnswerMiddleware(table: table))
    router.add(middleware: GuardMiddleware(server: self, table: table))
    for route in table.routes {
      router.on(
        RouterPath(stringLiteral: "/" + route.path), method: route.method,
        use: route.guarded(by: log))
    }
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
    let plain = HTTPServerBuilder.http1(
      configuration: .init(additionalChannelHandlers: [], idleTimeout: .seconds(60)))
    let application = Application(
      router: router(),
      server: try tls.map { try .tls(plain, tlsConfiguration: $0) } ?? plain,
      configuration: .init(
        address: .hostname(configuration.host, port: port.withLock { $0 })),
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
}
