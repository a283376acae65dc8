import Foundation
import Recordings

/// The process that reads MAT and NWB files for the program, so that a broken file ends this process and
/// not the program: libmatio and HDF5 trust the sizes that a file states.
///
/// The executable starts itself again with a hidden command that calls `serve`.
public enum MATWorker {
  /// Answers requests about one file on a socket until the other end closes it.
  ///
  /// `descriptor` is a connected stream socket; limits on processor time and memory come with each
  /// request and are set before the file is touched.
  public static func serve(path: String, descriptor: Int32 = 0) {
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    setrlimit(__rlimit_resource_t(4), &none)
    let base = ProcessUsage.addressSpace()
    let file = MATFile(path: path)
    let socket = MATSocket(descriptor)
    while let bytes = socket.receive(limit: 1 << 20, seconds: 1 << 20) {
      var reader = MATMessageReader(bytes[...])
      var answer = MATMessage()
      do {
        let (seconds, fromNow, memory) = (try reader.int(), try reader.bool(), try reader.int())
        let request = try MATRequest(&reader)
        ProcessUsage.limit(
          processorSeconds: seconds + (fromNow ? ProcessUsage.processorSeconds() : 0),
          addressSpace: base + memory)
        answer = try Self.answer(request, file)
      } catch let error as RecordingError {
        answer = MATMessage()
        answer.append(UInt8(1))
        let input = error.input?.rawValue ?? ""
        for text in [error.kind.rawValue, error.place, error.problem, error.remedy, input] {
          answer.append(text)
        }
      } catch {
        return
      }
      guard socket.send(answer.bytes) else { return }
    }
  }

  private static func answer(_ request: MATRequest, _ file: MATFile) throws -> MATMessage {
    var answer = MATMessage()
    answer.append(UInt8(0))
    switch request {
    case .variables:
      let variables = try file.variables()
      answer.append(variables.count)
      for variable in variables {
        answer.append(variable.name)
        answer.append(variable.isNumeric)
        answer.append(variable.dimensions)
      }
    case .value(let name, let limit):
      let value = try file.value(name, limit: limit)
      answer.append(value != nil)
      if let value { answer.append(value) }
    case .channels(let path, let channelsAreColumns):
      append(try file.channels(path, channelsAreColumns: channelsAreColumns), to: &answer)
    case .part(let name, let channels, let range, let channelsAreColumns):
      append(
        try file.part(
          name, channels: channels, range: range, channelsAreColumns: channelsAreColumns),
        to: &answer)
    case .nwbContents: answer.append(try NWBFile(path: file.path).contents())
    case .nwbSamples(let series, let channels, let range):
      append(
        try NWBFile(path: file.path).samples(series, channels: channels, range: range),
        to: &answer)
    case .nwbUnits:
      let units = try NWBFile(path: file.path).units()
      answer.append(units != nil)
      if let units { answer.append(units) }
    case .vectors(let path): append(try file.vectors(path), to: &answer)
    }
    return answer
  }

  private static func append(_ channels: [[Float]], to answer: inout MATMessage) {
    answer.append(channels.count)
    for channel in channels { answer.append(channel) }
  }
}

/// What a process uses and may use.
enum ProcessUsage {
  /// Bytes of address space of this process.
  static func addressSpace() -> Int {
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8),
      let pages = text.split(separator: " ").first.flatMap({ Int($0) })
    else { return 1 << 30 }
    return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
  }

  /// Seconds of processor time used so far, rounded up.
  static func processorSeconds() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return Int(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + 1
  }

  /// Limits this process: the system ends it beyond the processor time and refuses it memory.
  static func limit(processorSeconds: Int, addressSpace: Int) {
    func set(_ resource: __rlimit_resource, _ value: Int) {
      let resource = __rlimit_resource_t(resource.rawValue)
      var limit = rlimit()
      getrlimit(resource, &limit)
      limit.rlim_cur = min(rlim_t(max(1, value)), limit.rlim_max)
      setrlimit(resource, &limit)
    }
    set(RLIMIT_CPU, processorSeconds)
    set(RLIMIT_AS, addressSpace)
  }
}
