import Foundation

/// Decompositions that run, one at a time, and what they say.
actor Jobs {
  /// How a job stands.
  struct State: Codable, Sendable, Equatable {
    var id: Int
    var status: String
    var fraction: Double
    var units: Int
    var run: Int?
    var error: String?
  }
  private struct Entry {
    var state: State
    var process: Process?
    var listeners: [UUID: AsyncStream<State>.Continuation] = [:]
  }

  /// The program whose `--decompose JOB` carries a job out.
  let program: String
  private var entries: [Int: Entry] = [:]

  init(program: String) { self.program = program }

  /// All jobs, the latest first.
  var states: [State] { entries.values.map(\.state).sorted { $0.id > $1.id } }

  func state(_ id: Int) throws -> State {
    guard let entry = entries[id] else { throw ViewerError.notFound("there is no job \(id)") }
    return entry.state
  }

  /// Starts a job.
  ///
  /// - Throws: `ViewerError` where one is running, or the program cannot be started.
  func start(_ job: DecompositionJob) throws -> State {
    if entries.values.contains(where: { $0.state.status == "running" }) {
      throw ViewerError.conflict("a decomposition is running; cancel it or wait")
    }
    let id = (entries.keys.max() ?? 0) + 1
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = [
      "--decompose", String(decoding: try JSONEncoder().encode(job), as: UTF8.self),
    ]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardInput = FileHandle.nullDevice
    let state = State(id: id, status: "running", fraction: 0, units: 0)
    entries[id] = Entry(state: state, process: process)
    let (lines, continuation) = AsyncStream<DecompositionJob.Report>.makeStream()
    do {
      try process.run()
    } catch {
      entries[id] = nil
      throw ViewerError(.failed, "\(program): cannot be started: \(error.localizedDescription)")
    }
    let handle = pipe.fileHandleForReading
    Thread.detachNewThread {
      var rest = Data()
      while case let data = handle.availableData, !data.isEmpty {
        rest.append(data)
        while let end = rest.firstIndex(of: 0x0A) {
          let line = rest[rest.startIndex..<end]
          rest = Data(rest[(end + 1)...])
          if let report = try? JSONDecoder().decode(DecompositionJob.Report.self, from: line) {
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
    return state
  }

  private func take(_ report: DecompositionJob.Report, of id: Int) {
    guard entries[id]?.state.status == "running" else { return }
    entries[id]?.state.fraction = report.fraction ?? entries[id]?.state.fraction ?? 0
    if let units = report.units { entries[id]?.state.units = units }
    if let run = report.run {
      entries[id]?.state.run = run
      entries[id]?.state.status = "done"
    }
    if let error = report.error {
      entries[id]?.state.error = error
      entries[id]?.state.status = "failed"
    }
    tell(id)
  }

  private func end(_ id: Int) {
    if entries[id]?.state.status == "running" {
      entries[id]?.state.status = "failed"
      entries[id]?.state.error = "the decomposition ended without a result"
      tell(id)
    }
    entries[id]?.process = nil
    for listener in entries[id]?.listeners.values ?? [:].values { listener.finish() }
    entries[id]?.listeners = [:]
  }

  private func tell(_ id: Int) {
    guard let entry = entries[id] else { return }
    for listener in entry.listeners.values { listener.yield(entry.state) }
  }

  /// Ends a job; what it wrote so far goes with it.
  func cancel(_ id: Int) throws -> State {
    guard let entry = entries[id] else { throw ViewerError.notFound("there is no job \(id)") }
    if entry.state.status == "running" {
      entries[id]?.state.status = "cancelled"
      entry.process?.terminate()
      tell(id)
    }
    return try state(id)
  }

  /// Ends whatever runs, at the end of the program.
  func cancelAll() {
    for (id, entry) in entries where entry.state.status == "running" {
      entries[id]?.state.status = "cancelled"
      entry.process?.terminate()
    }
  }

  /// The job's states from now on; ends with the job.
  func listen(_ id: Int) throws -> AsyncStream<State> {
    let state = try state(id)
    let (stream, continuation) = AsyncStream<State>.makeStream(
      bufferingPolicy: .bufferingNewest(16))
    continuation.yield(state)
    if state.status == "running" {
      let key = UUID()
      entries[id]?.listeners[key] = continuation
      continuation.onTermination = { _ in Task { await self.forget(key, of: id) } }
    } else {
      continuation.finish()
    }
    return stream
  }

  private func forget(_ key: UUID, of id: Int) { entries[id]?.listeners[key] = nil }
}
