import ArgumentParser
import Registry
import Terminal

/// Arguments that name the registry.
struct RegistryArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Registry file (default: $MOTORPOOL_REGISTRY, else the user's data folder).",
      valueName: "path"))
  var registry: String?

  @Option(help: "Who is named in the audit trail (default: the account's name).")
  var author: String?

  @OptionGroup var printing: PrintArguments

  /// The path these arguments and the environment give.
  var path: String { RegistryLocation.path(option: registry) }

  /// Opens the registry; a missing one is made only where asked for.
  func open(creating: Bool = false) throws -> PatientRegistry {
    let path = path
    let waiting: @Sendable () -> Void = {
      StandardStream.tell("\(path): another process is writing; waiting for at most 30 s")
    }
    if let author {
      return try PatientRegistry.open(
        path: path, author: author, createIfMissing: creating, waiting: waiting)
    }
    return try PatientRegistry.open(path: path, createIfMissing: creating, waiting: waiting)
  }
}

extension RegistryArguments {
  /// Whether the arms of the registry's patients are compared; nil for as they are stored.
  static func usesArms(_ option: String?) throws -> Bool? {
    switch option?.lowercased() {
    case nil: nil
    case "yes": true
    case "no": false
    case let other?:
      throw ValidationError("--arm \(other): expected yes or no without --table")
    }
  }
}

/// A command that works on the registry and prints what came of it.
protocol RegistryUse: ParsableCommand {
  var registry: RegistryArguments { get }
}

extension RegistryUse {
  /// Whether it prints for people or for machines.
  var printing: PrintArguments { registry.printing }
}

extension CivilDate: ExpressibleByArgument {
  /// Reads `YYYY-MM-DD`.
  public init?(argument: String) {
    self.init(argument)
  }
}

extension BodySide: ExpressibleByArgument {
  /// Reads left, right, midline and their usual abbreviations.
  public init?(argument: String) {
    self.init(reading: argument)
  }
}

extension Measurement.Quality: ExpressibleByArgument {}
extension ClinicalEvent.Kind: ExpressibleByArgument {}
extension Visit.Status: ExpressibleByArgument {}
