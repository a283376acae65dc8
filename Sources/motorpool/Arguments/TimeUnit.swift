import ArgumentParser

/// The unit of the times of a table.
enum TimeUnit: String, ExpressibleByArgument, CaseIterable {
  case day, week, month, year
}

/// Where the time after therapy starts for controls.
enum ControlStartChoice: String, ExpressibleByArgument, CaseIterable {
  case median
}
