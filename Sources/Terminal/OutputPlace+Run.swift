import Analyses
import Foundation
import Recordings
import Registry
import Signal

extension OutputPlace {
  /// What the output says of this run.
  ///
  /// - Parameters:
  ///   - seed: Seed of its random numbers, where it has any.
  ///   - inputs: What it was computed from.
  ///   - files: Paths of further files it was computed from; those that cannot be read are left out.
  ///   - ledger: The last entry of the registry it was computed from.
  ///   - invocation: The command as it was typed.
  package func origin(
    seed: UInt64? = nil, inputs: [OutputOrigin.Input] = [], files: [String] = [],
    ledger: LedgerCitation? = nil, invocation: String = CommandText.invocation
  ) -> OutputOrigin {
    OutputOrigin(
      version: SoftwareVersion.number, commit: SoftwareVersion.commit,
      kernel: BLASLibrary.kernel, command: command, invocation: invocation, seed: seed,
      inputs: inputs + files.compactMap { OutputOrigin.Input($0) },
      registryHead: ledger.map { "\($0.position ?? 0) \($0.hash)" })
  }

  /// Says on standard error where a replaced folder is kept, if one was replaced.
  package static func tell(kept: String?) {
    guard let kept else { return }
    StandardStream.tell("what was there is kept in \(kept)")
  }
}
