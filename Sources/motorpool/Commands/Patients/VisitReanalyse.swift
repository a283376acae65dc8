import ArgumentParser
import FollowUp
import Foundation
import Registry

/// `motorpool visit reanalyse`.
struct VisitReanalyse: RegistryEntry {
  static let configuration = CommandConfiguration(
    commandName: "reanalyse",
    abstract: "Analyse stored recordings again and put the new results in place of the old.",
    discussion: """
      The files are known by their hashes: visit, muscle and side are those they are stored with, \
      unless others are given. What was worked out before is withdrawn with everything that hangs on \
      it, and stays in the ledger. Give all files that belong together, such as the CMAP with the \
      efforts for MUNIX. All are replaced together or none.

      Examples:
        motorpool visit reanalyse P001 visit1.edf --reason "version 0.2.0"
        motorpool visit reanalyse P001 --cmap cmap.edf --sip effort.edf \\
          --reason "stimulus marks were wrong" --trigger-channel 3
      """)

  @OptionGroup var patient: PatientArguments

  @OptionGroup var input: VisitFileArguments

  @Option(help: "Why the recordings are analysed again.")
  var reason: String

  @OptionGroup var entry: EntryArguments

  func validate() throws {
    guard !input.named.isEmpty else {
      throw ValidationError("no file is named; name those that are to be analysed again")
    }
    guard !reason.trimmingCharacters(in: .whitespaces).isEmpty else {
      throw ValidationError("--reason is empty; say why")
    }
  }

  func run() throws {
    let (registry, subject) = try registry.open(patient)
    // What is opened does not depend on the muscle, which is known only when the files are found.
    let opened = try VisitFile.open(
      input.named, context: try input.context(muscle: "", side: .midline), subject: subject,
      registry: registry, allowsStored: true)
    let (muscle, side, date) = try VisitFile.place(
      of: opened, paths: input.named.map(\.path), subject: subject, registry: registry)
    let context = try input.context(muscle: muscle, side: side)
    let entry = try VisitEntry(
      opened, of: subject, on: date, muscle: muscle, side: side, registry: registry,
      checked: { try acceptance.checked($0, about: $1) })
    let summary = try input.withProgress(opened) {
      try entry.store(context, replacing: reason, progress: $0)
    }
    try printing.write(summary, text: summary.text)
  }
}
