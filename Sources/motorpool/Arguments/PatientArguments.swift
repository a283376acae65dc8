import ArgumentParser
import Registry

/// The patient of a command.
struct PatientArguments: ParsableArguments {
  @Argument(help: "Pseudonym of the patient.")
  var pseudonym: String
}

/// A patient and two of their visits.
struct VisitPairArguments: ParsableArguments {
  @OptionGroup var patient: PatientArguments

  @Option(help: "Day of the earlier visit (YYYY-MM-DD).")
  var from: CivilDate

  @Option(help: "Day of the later visit (YYYY-MM-DD).")
  var to: CivilDate

  func validate() throws {
    guard from.dayNumber < to.dayNumber else {
      throw ValidationError("--from has to be earlier than --to")
    }
  }
}

extension RegistryArguments {
  /// Opens the registry and finds the patient in it.
  ///
  /// - Throws: `RegistryError` without such a registry or patient.
  func open(
    _ patient: PatientArguments
  ) throws -> (registry: PatientRegistry, subject: Subject) {
    let registry = try open()
    return (registry, try registry.subject(pseudonym: patient.pseudonym))
  }
}
