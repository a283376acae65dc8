/// How far an analysis has come.
public struct AnalysisProgress: Sendable, Equatable {
  /// Share of the work that is done, 0 to 1.
  public var fraction: Double
  /// What is being done, for people; empty where there is nothing to add.
  public var detail: String
  /// Which way of working is under way, from 0: where it grows the work begins anew, and the time left
  /// counts from there.
  public var pass: Int

  /// Progress from its parts.
  public init(_ fraction: Double, detail: String = "", pass: Int = 0) {
    self.fraction = fraction
    self.detail = detail
    self.pass = pass
  }
}

/// Receives the progress of an analysis; what it throws, such as `CancellationError`, ends the analysis,
/// which leaves nothing behind.
public typealias AnalysisProgressHandler = @Sendable (AnalysisProgress) throws -> Void
