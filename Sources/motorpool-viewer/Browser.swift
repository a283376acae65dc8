import Foundation
import Synchronization
import Terminal

/// Opens the first start address in the user's browser.
final class Browser: Sendable {
  private let isWanted: Mutex<Bool>

  init(_ isWanted: Bool) { self.isWanted = Mutex(isWanted) }

  func open(_ address: String) {
    guard
      isWanted.withLock({ wanted in
        defer { wanted = false }
        return wanted
      })
    else { return }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["xdg-open", address]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    do {
      try process.run()
    } catch {
      StandardStream.tell("the browser cannot be started; open the address")
    }
  }
}
