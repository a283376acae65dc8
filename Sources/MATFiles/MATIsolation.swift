import Foundation
import Recordings
import Synchronization

/// How MAT and NWB files are read in a process of their own.
public struct MATIsolation: Sendable, Hashable {
  /// The program to start: one whose command calls `MATWorker.serve` with the path that follows its
  /// arguments.
  public var executable: String
  /// Arguments before the path.
  public var arguments: [String]

  private static let own = Mutex<MATIsolation?>(nil)

  /// How the readers of this process are isolated where nothing else is said; nil reads in it.
  ///
  /// A program that can read for itself sets it when it starts, before any file is opened.
  public static var ofThisProcess: MATIsolation? {
    get { own.withLock { $0 } }
    set { own.withLock { $0 = newValue } }
  }

  /// Names a program.
  public init(executable: String, arguments: [String]) {
    self.executable = executable
    self.arguments = arguments
  }
}

/// A running reader of one file; it is started when it is first asked and ends with this value.
final class MATWorkerProcess: Sendable {
  private struct Running {
    var pid: pid_t
    var socket: MATSocket
  }

  private let isolation: MATIsolation
  private let path: String
  private let fileSize: Int
  /// What the file should be, in words, and how it is mended.
  private let format: (name: String, remedy: String)
  private let running = Mutex<Running?>(nil)

  /// Memory beyond that of the empty process for opening a small file, in bytes.
  private static let memory = 160 << 20
  /// A compressed file holds up to this many times its size; more is no EMG.
  private static let expansion = 12

  init(
    _ isolation: MATIsolation, path: String,
    format: (name: String, remedy: String) = (
      "a MAT file", "save it again with save -v7, or copy it again from its origin"
    )
  ) throws {
    self.isolation = isolation
    self.path = path
    self.format = format
    fileSize = try FileBytes(path: path).count
  }

  deinit {
    running.withLock { running in
      // It has nothing to save.
      guard let running else { return }
      kill(running.pid, SIGKILL)
      Self.end(running)
    }
  }

  func variables() throws -> [MATFile.Variable] {
    try open(.variables) { reader in
      let count = try reader.int()
      guard (0...1_000_000).contains(count) else { throw MATMessageError() }
      var result: [MATFile.Variable] = []
      for _ in 0..<count {
        result.append(
          MATFile.Variable(
            name: try reader.string(), isNumeric: try reader.bool(),
            dimensions: try reader.dimensions()))
      }
      return result
    }
  }

  func value(_ name: String, limit: Int) throws -> MATValue? {
    try open(.value(name: name, limit: limit)) { reader in
      try reader.bool() ? try reader.value() : nil
    }
  }

  func nwbContents() throws -> MATValue { try open(.nwbContents) { try $0.value() } }

  func nwbUnits() throws -> MATValue? {
    try open(.nwbUnits) { try $0.bool() ? try $0.value() : nil }
  }

  /// Channels x samples; `count` is the number of values that the header promises.
  func samples(_ request: MATRequest, count: Int) throws -> [[Float]] {
    // The library holds the matrix in double precision, and once more while it turns it.
    let memory = Self.memory + max(Self.expansion * fileSize, 24 * count)
    let seconds = 2 + count / 4_000_000 + fileSize / (20 << 20)
    return try ask(
      request, seconds: seconds, fromNow: true, memory: memory, limit: 4 * count + (1 << 20)
    ) { reader in
      let channels = try reader.int()
      guard (0...RecordingLimits.channelCount.upperBound).contains(channels) else {
        throw MATMessageError()
      }
      return try (0..<channels).map { _ in try reader.floats() }
    }
  }

  /// A request of opening: all of them together get two seconds, and more where the file is large.
  private func open<Result>(
    _ request: MATRequest, _ read: (inout MATMessageReader) throws -> Result
  ) throws -> Result {
    try ask(
      request, seconds: 2 + fileSize / (20 << 20), fromNow: false,
      memory: Self.memory + Self.expansion * fileSize, limit: 16 << 20, read)
  }

  private func ask<Result>(
    _ request: MATRequest, seconds: Int, fromNow: Bool, memory: Int, limit: Int,
    _ read: (inout MATMessageReader) throws -> Result
  ) throws -> Result {
    let answer = try running.withLock { running in
      let process = try running ?? start()
      running = process
      let message = request.message(seconds: seconds, fromNow: fromNow, memory: memory)
      guard process.socket.send(message.bytes),
        let answer = process.socket.receive(limit: limit, seconds: 30 + 10 * seconds)
      else {
        running = nil
        throw failure(Self.end(process))
      }
      return answer
    }
    do {
      var reader = MATMessageReader(answer[...])
      switch try reader.byte() {
      case 0: return try read(&reader)
      case 1:
        let kind = RecordingError.Kind(rawValue: try reader.string()) ?? .malformed
        let (place, problem) = (try reader.string(), try reader.string())
        let (remedy, input) = (try reader.string(), Remedy(rawValue: try reader.string()))
        if let input {
          throw RecordingError(kind, path: path, place: place, problem, remedy: input)
        }
        throw RecordingError(kind, path: path, place: place, problem, remedy: remedy)
      default: throw MATMessageError()
      }
    } catch is MATMessageError {
      throw failure(nil)
    }
  }

  /// Ends a process and returns the signal that had ended it before, nil where none had.
  @discardableResult
  private static func end(_ process: Running) -> Int32? {
    defer { MATPaddedNames.removeCopies(process: process.pid) }
    var status: Int32 = 0
    if waitpid(process.pid, &status, WNOHANG) == 0 {
      // Give it the moment that a dying process takes, then make an end.
      usleep(20_000)
      if waitpid(process.pid, &status, WNOHANG) == 0 {
        kill(process.pid, SIGKILL)
        waitpid(process.pid, &status, 0)
        return nil
      }
    }
    let signal = status & 0x7F
    return signal == 0 ? nil : signal
  }

  private func failure(_ signal: Int32?) -> RecordingError {
    let reason =
      switch signal {
      case SIGXCPU?: "it takes far longer than a file of its size should"
      case nil: "it asks for more than a file of its size can hold"
      default: "the library that reads it fails"
      }
    return RecordingError(
      .malformed, path: path, "cannot be read as \(format.name): \(reason), so it is damaged",
      remedy: format.remedy)
  }

  private func start() throws -> Running {
    func unavailable(_ reason: String) -> RecordingError {
      RecordingError(
        .cannotOpen, path: path,
        "the process that reads \(format.name) cannot be started: \(reason)")
    }
    guard let (own, other) = MATSocket.pair() else {
      throw unavailable(String(cString: strerror(errno)))
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, other.descriptor, 0)
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    // An absolute path: a name that starts with a dash would be taken for an option.
    let target = URL(fileURLWithPath: path).path
    let arguments = [isolation.executable] + isolation.arguments + [target]
    // One thread, no report of a crash, no plug-ins of HDF5, and the library path of the program.
    var environment = [
      "OPENBLAS_NUM_THREADS=1", "OMP_NUM_THREADS=1", "SWIFT_BACKTRACE=enable=no",
      "HDF5_PLUGIN_PRELOAD=::", "LC_ALL=C",
    ]
    for name in ["LD_LIBRARY_PATH", "TMPDIR"] {
      if let value = ProcessInfo.processInfo.environment[name] {
        environment.append("\(name)=\(value)")
      }
    }
    var pid: pid_t = 0
    let code = withCStrings(arguments) { arguments in
      withCStrings(environment) { environment in
        posix_spawn(&pid, isolation.executable, &actions, nil, arguments, environment)
      }
    }
    guard code == 0 else { throw unavailable(String(cString: strerror(code))) }
    return Running(pid: pid, socket: own)
  }
}

/// Calls with a list of C strings that ends in nil.
private func withCStrings<Result>(
  _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
  let pointers = texts.map { strdup($0) }
  defer { for pointer in pointers { free(pointer) } }
  return body(pointers + [nil])
}
