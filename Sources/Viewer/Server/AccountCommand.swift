import Foundation

/// What the administrator of the machine does with accounts.
public struct AccountCommand: Codable, Sendable {
  /// What is to be done.
  public enum Action: String, Codable, Sendable {
    /// A new account.
    case add
    /// All accounts.
    case list
    /// Another role.
    case role
    /// Another password.
    case password
    /// May no longer sign in.
    case disable
    /// May sign in again.
    case enable
  }

  /// What is to be done.
  public var action: Action
  /// The file of accounts.
  public var path: String
  /// The account.
  public var name: String?
  /// Its role.
  public var role: Role?
  /// Whether the answer is JSON.
  public var printsJSON: Bool

  private struct Line: Encodable {
    let name: String
    let role: Role
    let isDisabled: Bool
    let created: String
  }

  /// Carries the command out.
  ///
  /// - Parameters:
  ///   - password: asked where one is needed; nil where two tries differ or none is given.
  /// - Throws: `ViewerError`.
  /// - Returns: what to print.
  public func run(password: () -> String?) throws -> String {
    let accounts = Accounts(path: path)
    func named() throws -> String {
      guard let name else { throw ViewerError.badRequest("the user's name is missing") }
      return name
    }
    func asked() throws -> String {
      guard let text = password() else {
        throw ViewerError.badRequest("no password, or two that differ; nothing was stored")
      }
      return text
    }
    switch action {
    case .list: break
    case .add:
      // The first account is an administrator, since only one can make others.
      let isFirst = try accounts.all().isEmpty
      let role = role ?? (isFirst ? .admin : .reader)
      if isFirst && role != .admin {
        throw ViewerError.badRequest("the first user must have the role admin")
      }
      try accounts.add(try named(), role: role, password: try asked())
    case .role:
      guard let role else { throw ViewerError.badRequest("the role is missing") }
      try accounts.change(try named(), role: role)
    case .password: try accounts.change(try named(), password: try asked())
    case .disable: try accounts.change(try named(), isDisabled: true)
    case .enable: try accounts.change(try named(), isDisabled: false)
    }
    let lines = try accounts.all().map {
      Line(name: $0.name, role: $0.role, isDisabled: $0.isDisabled, created: $0.created)
    }
    if printsJSON {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys]
      return String(decoding: try encoder.encode(lines), as: UTF8.self)
    }
    if lines.isEmpty { return "no users in \(path)" }
    return lines.map { line in
      "\(line.name)  \(line.role.rawValue)\(line.isDisabled ? "  disabled" : "")  since \(line.created)"
    }.joined(separator: "\n")
  }
}
