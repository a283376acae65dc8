import Analyses
import Foundation

/// What `motorpool --version --verbose` prints.
extension BuildFacts {
  /// Whether arguments ask for it.
  package static func isAsked(_ arguments: [String]) -> Bool {
    arguments.count == 2 && Set(arguments) == ["--version", "--verbose"]
  }

  /// The lines, with who chose the kernel of BLAS.
  package static var ofThisRun: String {
    let environment = ProcessInfo.processInfo.environment
    if environment[KernelRestart.marker] != nil {
      return text(kernelRemark: "chosen by MotorPool for this processor")
    }
    if let wanted = environment[KernelRestart.variable], !wanted.isEmpty {
      return text(kernelRemark: "asked for by \(KernelRestart.variable)=\(wanted)")
    }
    return text()
  }
}
