import Reports

extension BatchProgress {
  /// How far the packs are, for people; of the recordings that ended without a result the first twenty.
  ///
  /// - Parameters:
  ///   - output: the folder of the results.
  ///   - remainder: where the others are told of, in the words of the program.
  public func text(output: String, remainder: String = "the JSON form has them all") -> String {
    var lines = [
      "\(output): \(done) of \(recordings) recordings done, \(refused) refused, \(failed) cut short, "
        + "\(untried) not ended yet; \(finishedPacks) of \(packs) packs finished",
      "processor time \(Formatting.fixed(processorSeconds, 0)) s for what is done "
        + "(\(Formatting.fixed(predictedSecondsOfDone, 0)) s predicted), about "
        + "\(Formatting.fixed(predictedSecondsLeft, 0)) s left; "
        + "\(restarted) recordings in tasks that were started again",
    ]
    let told = open.filter { $0.state != nil }
    lines += told.prefix(20).map {
      "\($0.state?.rawValue ?? ""): \($0.path) (pack \($0.pack)): \($0.reason ?? "")"
    }
    if told.count > 20 { lines.append("and \(told.count - 20) more; \(remainder)") }
    if failed + untried > 0 {
      lines.append("when no task runs any more, submit again: only what is missing is done")
    }
    return lines.joined(separator: "\n")
  }
}

extension SlurmArray {
  /// What a plan comes to on one line: recordings, packs, predicted time and the limits of a task.
  public func summary(of plan: BatchPlan) -> String {
    "\(plan.items.count) recordings in \(plan.packCount) packs, "
      + "\(Formatting.fixed(plan.predictedSeconds / 3_600, 2)) CPU hours predicted; limits "
      + "\(limits.minutes) min and \(limits.megabytes) MB a task"
  }
}
