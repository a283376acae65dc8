import Foundation
import Recordings

/// The scheduler of a cluster, as far as jobs are handed to it.
package enum SlurmQueue {
  /// Hands a script to `sbatch`.
  ///
  /// - Parameters:
  ///   - script: path of the script.
  ///   - job: number of a job that has to end first, whatever comes of it; nil for none.
  /// - Returns: the number of the job.
  /// - Throws: `BatchError.unavailable` with what Slurm said, or where it is not there.
  package static func submit(_ script: String, after job: String? = nil) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      ["sbatch", "--parsable"] + (job.map { ["--dependency=afterany:\($0)"] } ?? []) + [script]
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = FileHandle.nullDevice
    do {
      try process.run()
    } catch {
      throw BatchError(
        .unavailable, "sbatch cannot be started (\(error.localizedDescription))")
    }
    let answer = String(
      decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let complaint = String(
      decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    if process.terminationStatus == 127 {
      throw BatchError(
        .unavailable,
        "sbatch is not installed here; call this on a node that submits jobs, or only write the scripts"
      )
    }
    guard process.terminationStatus == 0, let number = number(in: answer) else {
      let lines = complaint.split(whereSeparator: \.isNewline).joined(separator: " ")
      throw BatchError(
        .unavailable, "sbatch refuses \(script): \(lines.isEmpty ? answer : lines)")
    }
    return number
  }

  /// The number of a job in the answer to `--parsable`: on some clusters its name follows after a semicolon.
  static func number(in answer: String) -> String? {
    answer.split(whereSeparator: { $0 == ";" || $0.isWhitespace }).first.map(String.init)
      .flatMap { $0.allSatisfy(\.isNumber) ? $0 : nil }
  }
}

extension SlurmArray {
  /// Writes the plan and both scripts, and makes the folder of the logs.
  ///
  /// - Returns: paths of the scripts.
  /// - Throws: `BatchError`, `RecordingError` where something cannot be written.
  package func write(
    _ plan: BatchPlan, output: String
  ) throws -> (participant: String, group: String) {
    let folder = BatchPlan.folder(output)
    try plan.write(to: BatchPlan.path(output))
    do {
      try FileManager.default.createDirectory(
        atPath: logFolder, withIntermediateDirectories: true)
    } catch {
      throw BatchError(
        .cannotWrite, "\(logFolder): cannot be made (\(error.localizedDescription))")
    }
    let scripts = (participant: folder + "/participant.sh", group: folder + "/group.sh")
    try AtomicFile.write(participantScript, to: scripts.participant)
    try AtomicFile.write(groupScript, to: scripts.group)
    return scripts
  }
}

/// What was planned for a cluster, and the jobs it became.
package struct SlurmSubmission: Encodable {
  package let recordings: Int
  package let packs: Int
  package let predictedSeconds: Double
  package let limits: SlurmArray.Limits
  package let participantScript: String
  package let groupScript: String
  /// Numbers of the jobs; nil where nothing was submitted.
  package let job: String?
  package let groupJob: String?

  /// The summary of a plan.
  package init(_ plan: BatchPlan, _ array: SlurmArray, job: String?, groupJob: String?) {
    recordings = plan.items.count
    packs = plan.packCount
    predictedSeconds = plan.predictedSeconds
    limits = array.limits
    participantScript = array.participantScript
    groupScript = array.groupScript
    self.job = job
    self.groupJob = groupJob
  }
}

extension BatchPlan {
  /// Predicted processor seconds of all recordings.
  package var predictedSeconds: Double { items.reduce(0) { $0 + $1.predictedSeconds } }
}
