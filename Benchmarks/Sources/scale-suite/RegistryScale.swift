import ArgumentParser
import Batch
import Foundation
import Registry
import Signal

/// Fills a registry with many patients and measures its size and the times of commands on it.
struct RegistryScale: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "registry", abstract: "Size and times of a registry of many patients.",
    discussion: """
      Fills a new registry through the library, 500 patients a transaction, with a therapy each and \
      courses of their own, then runs the commands a user would run on it.
      """)

  @Option(help: "The motorpool program, built for release; without it nothing is asked.")
  var binary: String?
  @Option(help: "Patients.")
  var patients = 1_000
  @Option(help: "Monthly visits of a patient.")
  var visits = 20
  @Option(help: "Measures of a visit, at most 5.")
  var measures = 5
  @Option(help: "Registry file; a file that is there is used as it is.")
  var file: String
  @Option(help: "Seed of the courses.")
  var seed: UInt64 = 1

  private static let kinds: [MeasurementKind] = [
    .munix, .musix, .cmapAmplitude, .scanUnitCount, .identifiedUnitsMedian,
  ]

  func run() throws {
    if !FileManager.default.fileExists(atPath: file) { try fill() }
    var bytes = 0
    for end in ["", "-wal"] {
      let facts = try? FileManager.default.attributesOfItem(atPath: file + end)
      bytes += (facts?[.size] as? NSNumber)?.intValue ?? 0
    }
    print(String(format: "size: %.1f MB", Double(bytes) / 1e6))
    guard let binary else { return }
    for words in [
      ["patient", "show", "C\(patients / 2)", "--json"],
      ["trend", "C\(patients / 2)", "--measure", "munix"],
      ["patient", "list", "--json"], ["registry", "check"],
      ["compare", "--measure", "munix", "--simulations", "0"],
    ] {
      let start = ContinuousClock.now
      let outcome = ChildProcess.run(
        URL(fileURLWithPath: binary).path, words + ["--registry", file],
        in: FileManager.default.temporaryDirectory.path,
        environment: ProcessInfo.processInfo.environment, isStopped: { false })
      print(
        String(
          format: "%@: exit code %d, %.2f s, %.2f CPU-s, %.0f MB %@", words.joined(separator: " "),
          outcome.exitCode, (ContinuousClock.now - start) / .seconds(1), outcome.processorSeconds,
          outcome.peakMegabytes, outcome.message))
      fflush(nil)
    }
  }

  private func fill() throws {
    let start = ContinuousClock.now
    let registry = try PatientRegistry.open(path: file, author: "scale-suite")
    var generator = SeededGenerator(seed: seed)
    let step = 500
    for first in stride(from: 0, to: patients, by: step) {
      let range = first..<min(patients, first + step)
      let subjects = try registry.add(
        range.map { Subject(pseudonym: "C\($0)", arm: $0 % 2 == 0 ? "A" : "B") })
      _ = try registry.add(
        subjects.map {
          Intervention(
            subject: $0.id, kind: "drug",
            startDate: CivilDate(dayNumber: 19_000 + 30 * (visits / 2)))
        })
      let stored = try registry.add(
        subjects.flatMap { subject in
          (0..<visits).map { month in
            Visit(subject: subject.id, date: CivilDate(dayNumber: 19_000 + 30 * month))
          }
        })
      var course = (level: 0.0, before: 0.0, after: 0.0)
      let values = stored.enumerated().flatMap { index, visit -> [Registry.Measurement] in
        let month = Double(index % visits)
        if index % visits == 0 {
          course = (
            4.5 + 0.3 * generator.normal(), -0.05 + 0.02 * generator.normal(),
            0.02 + 0.02 * generator.normal()
          )
        }
        let later = max(0, month - Double(visits / 2))
        return Self.kinds.prefix(measures).map { kind in
          let value = exp(
            course.level + course.before * month + course.after * later + 0.1 * generator.normal())
          return Registry.Measurement(
            visit: visit.id, kind: kind, value: value, standardError: 0.1 * value,
            muscle: "abductor pollicis brevis", side: .left)
        }
      }
      _ = try registry.add(values)
    }
    print(
      String(
        format: "%d patients x %d visits x %d measures filled in %.0f s", patients, visits,
        min(measures, Self.kinds.count), (ContinuousClock.now - start) / .seconds(1)))
    fflush(nil)
  }
}
