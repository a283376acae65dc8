import Foundation
import Hummingbird
import Registry

/// The recording that was named at the start, and those that are kept beside the registry.
final class RecordingDesks: RouteGroup {
  /// The recording that was named at the start, which is number 1.
  let file: RecordingDesk?
  let patients: RegistryDesk?
  let jobs: Jobs
  private let kept = Kept()

  init(file: RecordingDesk?, patients: RegistryDesk?, jobs: Jobs) {
    self.file = file
    self.patients = patients
    self.jobs = jobs
  }

  func add(to table: inout RouteTable) {
    addPages(to: &table)
    addRecordingRoutes(to: &table)
    addRunRoutes(to: &table)
  }

  /// Desks of kept recordings; the ones used last stay open.
  private actor Kept {
    private var desks: [Int64: (hash: String, task: Task<RecordingDesk, any Error>)] = [:]
    private var order: [Int64] = []
    static let most = 6

    func desk(_ id: Int64, in patients: RegistryDesk) async throws -> RecordingDesk {
      // Asked anew each time: it may have been withdrawn, moved or erased.
      guard let stored = try patients.registry.record(StoredRecording.self, id: id),
        let found = patients.kept.recording(stored.sha256)
      else {
        desks[id] = nil
        throw ViewerError.notFound("there is no recording \(id) that is kept here")
      }
      order.removeAll { $0 == id }
      order.append(id)
      if order.count > Self.most { desks[order.removeFirst()] = nil }
      if let known = desks[id], known.hash == stored.sha256 { return try await known.task.value }
      let task = Task.detached {
        try await Background.run {
          let desk = try RecordingDesk(
            id: id, title: "Recording \(id)", file: found.path,
            options: try found.reading.options(),
            folder: found.folder, sha256: stored.sha256)
          try patients.fetchRuns(of: stored, to: desk)
          return desk
        }
      }
      desks[id] = (stored.sha256, task)
      do {
        return try await task.value
      } catch {
        desks[id] = nil
        throw error
      }
    }
  }

  /// A recording by its number.
  ///
  /// - Throws: `ViewerError` where there is none.
  func desk(_ text: String) async throws -> RecordingDesk {
    if text == "1", let file { return file }
    guard let id = Int64(text), let patients else {
      throw ViewerError.notFound("there is no such recording")
    }
    return try await kept.desk(id, in: patients)
  }

  /// The recording that the path names.
  func desk(_ context: ViewerContext) async throws -> RecordingDesk {
    try await desk(context.parameters.get("id") ?? "")
  }

  /// The run that the path names: `3` of the recording named at the start, `57-3` of recording 57.
  func run(_ context: ViewerContext) async throws -> (desk: RecordingDesk, editor: RunEditor) {
    let parts = (context.parameters.get("run") ?? "").split(
      separator: "-", omittingEmptySubsequences: false)
    guard let last = parts.last, let id = Int(last), (1...2).contains(parts.count) else {
      throw ViewerError.notFound("there is no such run")
    }
    if parts.count == 1, file == nil { throw ViewerError.notFound("there is no such run") }
    let desk = try await desk(parts.count == 1 ? "1" : String(parts[0]))
    return (desk, try await desk.editors.editor(id, desk: desk))
  }
}
