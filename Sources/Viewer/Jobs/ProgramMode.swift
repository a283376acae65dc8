/// What the program is started for as a child process of the viewer; it takes one argument.
enum ProgramMode: String, Sendable {
  /// Decomposes a recording; the argument is the job in JSON.
  case decompose
  /// Enters a visit; the argument is the file of the job.
  case visit
  /// Says what a file holds; the argument is the file.
  case check

  /// As it stands on the command line.
  var argument: String { "--\(rawValue)" }
}
