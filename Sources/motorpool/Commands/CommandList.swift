import ArgumentParser

extension MotorPool {
  /// The subcommands in the order of help.
  static let commandList: [any ParsableCommand.Type] = [
    Info.self, Decompose.self, Score.self, Simulate.self,
  ]
}
