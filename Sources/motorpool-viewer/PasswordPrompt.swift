import Foundation

/// Reads a password: from a terminal twice and unseen, else the first line of the standard input.
enum PasswordPrompt {
  static func read() -> String? {
    guard isatty(STDIN_FILENO) == 1 else { return readLine() }
    guard let first = ask("Password: "), let second = ask("Once more: "), first == second else {
      return nil
    }
    return first
  }

  private static func ask(_ text: String) -> String? {
    FileHandle.standardError.write(Data(text.utf8))
    var before = termios()
    tcgetattr(STDIN_FILENO, &before)
    var silent = before
    silent.c_lflag &= ~tcflag_t(ECHO)
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
    defer {
      tcsetattr(STDIN_FILENO, TCSAFLUSH, &before)
      FileHandle.standardError.write(Data("\n".utf8))
    }
    return readLine()
  }
}
