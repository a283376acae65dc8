import FollowUp
import Foundation
import Hummingbird
import Registry
import Synchronization

/// A registry of patients: what its pages and its interface are made from.
final class RegistryDesk: RouteGroup {
  let path: String
  let hasRecording: Bool
  /// For reading, under the name of whoever started the program.
  let registry: PatientRegistry
  let index = PatientIndex()
  let cohorts = CohortStore()
  /// The program that checks files and enters visits.
  let program: String
  let jobs: Jobs
  let log: AccessLog?
  /// Files that were sent and belong to nothing yet.
  let spool: UploadSpool
  /// Recordings that are kept for looking at them.
  let kept: KeptRecordings
  private let writers = Mutex<[String: PatientRegistry]>([:])

  /// Opens a registry that is there.
  ///
  /// - Throws: `RegistryError`.
  init(
    path: String, author: String, hasRecording: Bool, program: String, jobs: Jobs,
    log: AccessLog?, limits: UploadSpool.Limits
  ) throws {
    self.path = path
    self.hasRecording = hasRecording
    self.program = program
    self.jobs = jobs
    self.log = log
    registry = try PatientRegistry.open(path: path, author: author, createIfMissing: false)
    spool = UploadSpool(folder: path + ".spool", limits: limits)
    kept = KeptRecordings(folder: KeptRecordings.path(registry: path))
    try removeErased()
  }

  /// Removes recordings that are kept although the registry knows nothing of them: their patients were
  /// erased, here or by a command.
  func removeErased() throws {
    for hash in kept.hashes where try !registry.knowsRecording(sha256: hash) { kept.remove(hash) }
  }

  /// The registry under the name of whoever asks, as its ledger is to note it.
  func writer(_ context: ViewerContext) throws -> PatientRegistry {
    let user = context.user
    if user == registry.author { return registry }
    return try writers.withLock { writers in
      if let known = writers[user] { return known }
      if writers.count > 16 { writers = [:] }
      let made = try PatientRegistry.open(
        path: path, author: user, createIfMissing: false, busyTimeout: 10)
      writers[user] = made
      return made
    }
  }

  func add(to table: inout RouteTable) {
    addPatients(to: &table)
    addVisits(to: &table)
    addCorrections(to: &table)
    addCohort(to: &table)
    addCourses(to: &table)
    addScans(to: &table)
    addUnitNumbers(to: &table)
    addPatientPages(to: &table)
    addRecordPage(to: &table)
  }

  /// The subject that the path names.
  func subject(_ context: ViewerContext) throws -> Subject {
    let name = context.parameters.get("patient") ?? ""
    return try registry.subject(pseudonym: name.removingPercentEncoding ?? name)
  }

  /// The number of the record that the path names.
  func record(_ context: ViewerContext) throws -> RecordID {
    guard let number = context.parameters.get("record", as: Int64.self) else {
      throw ViewerError.notFound("there is no such record")
    }
    return number
  }
}
