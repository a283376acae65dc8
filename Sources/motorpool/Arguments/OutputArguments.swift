import Analyses
import ArgumentParser
import Foundation
import Recordings
import Signal
import Terminal

/// What a command may replace.
struct OutputArguments: ParsableArguments {
  @Flag(
    help: """
      Replace outputs that another command wrote or somebody changed; a folder is kept under \
      another name. Inputs and registries are never replaced.
      """)
  var force = false

  /// The place of a file, checked.
  ///
  /// - Throws: `OutputError`.
  func file(
    _ path: String, of command: String, inputs: [String] = [],
    recognises: (@Sendable (Data) -> Bool)? = nil
  ) throws -> OutputPlace {
    try OutputPlace(
      path, command: command, isForced: force, inputs: inputs, recognises: recognises)
  }

  /// The place of a folder of results, checked.
  ///
  /// - Throws: `OutputError`.
  func folder(_ path: String, of command: String, inputs: [String] = []) throws -> OutputPlace {
    try OutputPlace(path, form: .folder, command: command, isForced: force, inputs: inputs)
  }
}

/// What results say of the file they came from.
struct NameArguments: ParsableArguments {
  @Flag(
    name: .customLong("no-names"),
    help: "Results name the recording by its hash, not by the name of its file.")
  var noNames = false

  /// The recording, without its file's name where asked for.
  func applied(to recording: Recording) -> Recording {
    guard noNames else { return recording }
    var recording = recording
    recording.source = recording.source.withoutNames()
    return recording
  }

  /// The command as results state it.
  func invocation(_ paths: [String]) -> String {
    noNames ? CommandText.invocation(hiding: paths) : CommandText.invocation
  }
}

/// What a command may replace whose `--force` is a force in percent.
struct OverwriteArguments: ParsableArguments {
  @Flag(
    help: """
      Replace a folder that another command wrote or somebody changed; it is kept under another \
      name. Inputs and registries are never replaced.
      """)
  var overwrite = false

  /// The place of a folder of results, checked.
  ///
  /// - Throws: `OutputError`, `Failure.Message` where the option would help.
  func folder(_ path: String, of command: String, inputs: [String] = []) throws -> OutputPlace {
    do {
      return try OutputPlace(
        path, form: .folder, command: command, isForced: overwrite, inputs: inputs)
    } catch let error as OutputError where error.canBeForced {
      throw Failure.Message(
        "\(error.description); give --overwrite to replace it", code: Failure.cannotWrite)
    }
  }
}

extension OutputArguments {
  /// The place of a simulated recording, checked with its extension.
  ///
  /// - Throws: `ValidationError`, `OutputError`.
  func recording(_ path: String, of command: String) throws -> OutputPlace {
    guard RecordingFile.extensions.contains((path as NSString).pathExtension.lowercased()) else {
      throw ValidationError("\(path): the extension must be .wav, .edf, .bdf, .csv or .mat")
    }
    return try file(path, of: command)
  }
}
