import Analyses
import Foundation

extension InputPaths {
  /// Does something with each file and a folder of its own; one that fails is told and stops no other.
  ///
  /// - Throws: `Failure.Message` where one failed or two results would have one name, what ends a program that
  ///   was asked to stop.
  package func forEach(in folder: String, _ body: (String, String) throws -> Void) throws {
    if let twice = doubledName {
      throw Failure.Message(
        "\(twice): two recordings of this name; their results would meet", code: Failure.wrongCall)
    }
    var remaining = resultNames.makeIterator()
    _ = try collect { path in
      let name = remaining.next() ?? ""
      try body(path, (folder as NSString).appendingPathComponent(name))
    } atEnd: { failed in
      if failed > 0 {
        throw Failure.Message(
          "\(failed) of \(paths.count) recordings failed; the others are done")
      }
    }
  }

  /// What a closure makes of each file; of several, one that fails is told and left out.
  ///
  /// - Throws: what the closure throws for a single file or for all, and where it was asked to stop.
  package func collect<Value>(
    _ body: (String) throws -> Value, atEnd: (Int) throws -> Void = { _ in }
  ) throws -> [Value] {
    if let single { return [try body(single)] }
    var values: [Value] = []
    var last: (any Error)?
    var failed = 0
    for path in paths {
      do {
        values.append(try body(path))
      } catch let error as CancellationError {
        throw error
      } catch {
        guard let (message, _) = Failure.line(for: error) else { throw error }
        StandardStream.tell(message)
        failed += 1
        last = error
      }
    }
    if values.isEmpty, last != nil {
      throw Failure.Message("none of the \(paths.count) files could be read")
    }
    try atEnd(failed)
    return values
  }
}
