import Foundation

/// Work that child processes do, one after the other, and what they say.
actor Jobs {
  /// How a job stands.
  struct State: Codable, Sendable, Equatable {
    var id: Int
    /// `decomposition` or `visit`.
    var kind: String
    /// `waiting`, `running`, then `done`, `failed`, `cancelled`, or `doubtful` where nothing was stored.
    var status: String
    var fraction: Double
    var units: Int
    var detail: String?
    /// The patient of a visit.
    var patient: String?
    /// Number of the recording that is decomposed.
    var recording: Int64?
    var run: String?
    var doubts: [String]?
    var visit: JobReport.StoredVisit?
    var error: String?

    var isOver: Bool { !["waiting", "running"].contains(status) }
  }

  /// What is to be done.
  struct Work: Sendable {
    var kind: String
    var mode: ProgramMode
    /// What the program takes in that mode.
    var argument: String
    var patient: String?
    var recording: Int64?
    /// A run's number as its pages name it.
    var name: @Sendable (Int) -> String = { "\($0)" }
    /// Called once, with the last state.
    var whenOver: @Sendable (State) -> Void = { _ in }
  }
  private struct Entry {
    var state: State
    let work: Work
    var process: Process?
    var listeners: [UUID: AsyncStream<State>.Continuation] = [:]
  }

  /// Most jobs that wait.
  static let longestQueue = 20
  /// States that are remembered.
  static let memory = 200

  private let program: String
  private var entries: [Int: Entry] = [:]
  private var last = 0

  init(program: String) { self.program = program }

  /// All jobs, the latest first.
  var states: [State] { entries.values.map(\.state).sorted { $0.id > $1.id } }

  func state(_ id: Int) throws -> State {
    guard let entry = entries[id] else { throw ViewerError.notFound("there is no job \(id)") }
    return entry.state
  }

  /// Starts a job, or lets it wait until those before it are over.
  ///
  /// - Throws: `ViewerError` where too many wait, or the program cannot be started.
  func start(_ work: Work) throws -> State {
    guard entries.values.count(where: { !$0.state.isOver }) < Self.longestQueue else {
      throw ViewerError(.tooMany, "too many jobs wait; try again later")
    }
    last += 1
    let id = last
    entries[id] = Entry(
      state: State(
        id: id, kind: work.kind, status: "waiting", fraction: 0, units: 0, patient: work.patient,
        recording: work.recording), work: work)
    for old in entries.keys.sorted().dropLast(Self.memory) where entries[old]?.state.isOver == true
    {
      entries[old] = nil
    }
    try begin()
    return try state(id)
  }

  /// Starts the first that waits where none runs.
  private func begin() throws {
    guard !entries.values.contains(where: { $0.state.status == "running" }),
      let id = entries.values.filter({ $0.state.status == "waiting" }).map(\.state.id).min(),
      let work = entries[id]?.work
    else { return }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = [work.mode.argument, work.argument]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardInput = FileHandle.nullDevice
    let (lines, continuation) = AsyncStream<JobReport>.makeStream()
    do {
      try process.run()
    } catch {
      entries[id]?.state.status = "failed"
      entries[id]?.state.error = "\(program): cannot be started: \(error.localizedDescription)"
      finish(id)
      throw ViewerError(.failed, "\(program): cannot be started: \(error.localizedDescription)")
    }
    entries[id]?.process = process
    entries[id]?.state.status = "running"
    let handle = pipe.fileHandleForReading
    Thread.detachNewThread {
      var rest = Data()
      while case let data = handle.availableData, !data.isEmpty {
        rest.append(data)
        while let end = rest.firstIndex(of: 0x0A) {
          let line = rest[rest.startIndex..<end]
          rest = Data(rest[(end + 1)...])
          if let report = try? JSONDecoder().decode(JobReport.self, from: line) {
            continuation.yield(report)
          }
        }
      }
      process.waitUntilExit()
      continuation.finish()
    }
    Task {
      for await report in lines { self.take(report, of: id) }
      self.end(id)
    }
    tell(id)
  }

  private func take(_ report: JobReport, of id: Int) {
    guard let entry = entries[id] else { return }
    var state = entry.state
    if let visit = report.visit {
      // What was stored is stored, also where somebody wanted it to end.
      state.visit = visit
      state.status = "done"
    } else if state.status != "running" {
      return
    }
    state.fraction = report.fraction ?? state.fraction
    state.units = report.units ?? state.units
    state.detail = report.detail ?? state.detail
    if let run = report.run {
      state.run = entry.work.name(run)
      state.status = "done"
    }
    if let doubts = report.doubts {
      state.doubts = doubts
      state.status = "doubtful"
    }
    if let error = report.error {
      state.error = error
      state.status = "failed"
    }
    entries[id]?.state = state
    // The last state is told when the process has ended.
    if !state.isOver { tell(id) }
  }

  private func end(_ id: Int) {
    if entries[id]?.state.status == "running" {
      entries[id]?.state.status = "failed"
      entries[id]?.state.error = "the work ended without a result"
    }
    entries[id]?.process = nil
    finish(id)
    // One that cannot be started is over; those after it are tried.
    while (try? begin()) == nil {}
  }

  private func finish(_ id: Int) {
    guard let entry = entries[id] else { return }
    entry.work.whenOver(entry.state)
    tell(id)
    for listener in entry.listeners.values { listener.finish() }
    entries[id]?.listeners = [:]
  }

  private func tell(_ id: Int) {
    guard let entry = entries[id] else { return }
    for listener in entry.listeners.values { listener.yield(entry.state) }
  }

  /// Ends a job; what it wrote so far goes with it.
  func cancel(_ id: Int) throws -> State {
    guard let entry = entries[id] else { throw ViewerError.notFound("there is no job \(id)") }
    switch entry.state.status {
    case "running":
      entries[id]?.state.status = "cancelled"
      entry.process?.terminate()
    case "waiting":
      entries[id]?.state.status = "cancelled"
      finish(id)
    default: break
    }
    return try state(id)
  }

  /// Ends whatever runs or waits, at the end of the program.
  func cancelAll() {
    for (id, entry) in entries where !entry.state.isOver {
      entries[id]?.state.status = "cancelled"
      entry.process?.terminate()
    }
  }

  /// The job's states from now on; ends with the job.
  func listen(_ id: Int) throws -> AsyncStream<State> {
    let state = try state(id)
    let (stream, continuation) = AsyncStream<State>.makeStream(
      bufferingPolicy: .bufferingNewest(16))
    // A job that was cancelled and still ends tells so when it has.
    if state.isOver && entries[id]?.process == nil {
      continuation.yield(state)
      continuation.finish()
      return stream
    }
    if !state.isOver { continuation.yield(state) }
    let key = UUID()
    entries[id]?.listeners[key] = continuation
    continuation.onTermination = { _ in Task { await self.forget(key, of: id) } }
    return stream
  }

  private func forget(_ key: UUID, of id: Int) { entries[id]?.listeners[key] = nil }
}
