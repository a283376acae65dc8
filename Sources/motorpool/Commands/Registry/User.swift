import ArgumentParser
import Foundation
import Registry

/// `motorpool user`: who may sign in to the viewer.
struct User: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Add, list and change the users of the viewer.",
    discussion: """
      With users, motorpool serve --registry asks for name and password. A reader looks, an editor \
      edits runs and corrects records, an admin also erases patients and sees the access log. The \
      first user is an admin and is made on this machine. Passwords are hashed by scrypt and kept in \
      REGISTRY.users.

      Examples:
        motorpool user add ruth --registry study.sqlite
        motorpool user add tom --role editor --registry study.sqlite < password.txt
        motorpool user role tom reader --registry study.sqlite
      """,
    subcommands: [
      UserAdd.self, UserList.self, UserRole.self, UserPassword.self, UserDisable.self,
      UserEnable.self,
    ])
}

/// What the program beside this one is told.
private struct AccountStart: Encodable {
  let action: String
  let path: String
  var name: String?
  var role: String?
  let printsJSON: Bool

  init(
    _ action: String, _ registry: RegistryArguments, _ name: String? = nil,
    role: UserRoleName? = nil
  ) {
    self.action = action
    path = registry.path + ".users"
    self.name = name
    self.role = role?.rawValue
    printsJSON = registry.printing.json
  }

  func run() throws -> Never { try ViewerProgram.become("--users", self) }
}

/// A user of a registry.
struct UserArguments: ParsableArguments {
  @Argument(help: "The user.")
  var name: String

  @OptionGroup var registry: RegistryArguments
}

/// What a user may do, as options name it.
enum UserRoleName: String, ExpressibleByArgument, CaseIterable { case reader, editor, admin }

/// `motorpool user add`.
struct UserAdd: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Add a user; the password is asked for.",
    discussion: """
      The password is read unseen from the terminal, else from the first line of the standard input. \
      It needs 12 characters or more.

      Examples:
        motorpool user add ruth --role admin
      """)

  @Argument(help: "Name to sign in with.")
  var name: String

  @Option(help: "reader, editor or admin (default: admin for the first user, else reader).")
  var role: UserRoleName?

  @OptionGroup var registry: RegistryArguments

  func run() throws {
    try AccountStart("add", registry, name, role: role).run()
  }
}

/// `motorpool user list`.
struct UserList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the users with their roles.",
    discussion: """
      Examples:
        motorpool user list --json
      """)

  @OptionGroup var registry: RegistryArguments

  func run() throws { try AccountStart("list", registry).run() }
}

/// `motorpool user role`.
struct UserRole: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "role", abstract: "Give a user another role; it holds at once.",
    discussion: """
      Examples:
        motorpool user role tom editor
      """)

  @Argument(help: "The user.")
  var name: String

  @Argument(help: "reader, editor or admin.")
  var role: UserRoleName

  @OptionGroup var registry: RegistryArguments

  func run() throws {
    try AccountStart("role", registry, name, role: role).run()
  }
}

/// `motorpool user password`.
struct UserPassword: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "password", abstract: "Give a user another password.",
    discussion: """
      Examples:
        motorpool user password tom
      """)

  @OptionGroup var user: UserArguments

  func run() throws { try AccountStart("password", user.registry, user.name).run() }
}

/// `motorpool user disable`.
struct UserDisable: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "disable", abstract: "Let a user sign in no longer; sessions end at once.",
    discussion: """
      Examples:
        motorpool user disable tom
      """)

  @OptionGroup var user: UserArguments

  func run() throws { try AccountStart("disable", user.registry, user.name).run() }
}

/// `motorpool user enable`.
struct UserEnable: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "enable", abstract: "Let a disabled user sign in again.",
    discussion: """
      Examples:
        motorpool user enable tom
      """)

  @OptionGroup var user: UserArguments

  func run() throws { try AccountStart("enable", user.registry, user.name).run() }
}
