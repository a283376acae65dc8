/// What a child process says of its work, one object a line.
public struct JobReport: Codable, Sendable {
  /// Share of the work that is done, 0...1.
  public var fraction: Double?
  /// Units so far.
  public var units: Int?
  /// What is being done, for people.
  public var detail: String?
  /// Number of the finished run.
  public var run: Int?
  /// What speaks against an entry: nothing was stored.
  public var doubts: [String]?
  /// The visit that was stored.
  public var visit: StoredVisit?
  /// Why it failed.
  public var error: String?

  /// A visit that was stored.
  public struct StoredVisit: Codable, Sendable, Equatable {
    /// Its day.
    public var date: String
    /// One line for each file: what it gave.
    public var files: [String]
    /// What the analyses say of the recordings.
    public var warnings: [String]
  }
}
