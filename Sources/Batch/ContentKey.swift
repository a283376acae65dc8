import Foundation
import Hashing
import Recordings

/// What a result follows from, as one hash: signal, sidecars, options and software.
///
/// Equal keys mean equal results, whatever the host, the order and the number of threads.
public enum ContentKey {
  /// The key of a recording.
  ///
  /// - Parameters:
  ///   - files: the signal file first, then its sidecars in order.
  ///   - options: those that decide the result, as the command takes them.
  ///   - software: name and version.
  /// - Throws: `RecordingError` where a file cannot be read.
  public static func key(files: [String], options: [String], software: String) throws -> String {
    let hasher = SHA256()
    func add(_ text: String) { hasher.update(Array("\(text.utf8.count):\(text)".utf8)) }
    add(software)
    add("\(options.count)")
    for option in options { add(option) }
    for file in files {
      add(URL(fileURLWithPath: file).lastPathComponent)
      add(try RecordingSource(path: file, formatName: "").inputHash())
    }
    return hasher.finished().hexadecimal
  }

  /// The sidecars that apply to a BIDS recording, by the inheritance principle, sorted by path:
  /// `_emg.json`, `_channels.tsv`, `_electrodes.tsv`, `_coordsystem.json` in its folder and above.
  public static func sidecars(of item: BatchItem, folder: String) -> [String] {
    guard let entities = item.entities else { return [] }
    let own = Set(entities.entities)
    let endings = ["emg.json", "channels.tsv", "electrodes.tsv", "coordsystem.json"]
    var place = URL(fileURLWithPath: folder)
    var found: [String] = []
    for part in [""] + item.path.split(separator: "/").dropLast().map(String.init) {
      if !part.isEmpty { place.appendPathComponent(part) }
      let names = (try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? []
      for name in names where endings.contains(where: name.hasSuffix) {
        // An inherited file has no entity of its own but `space` and `desc`.
        let parts = name.split(separator: "_").dropLast()
        let applies = parts.allSatisfy { part in
          let pair = part.split(separator: "-", maxSplits: 1).map(String.init)
          if pair.count != 2 { return false }
          if pair[0] == "space" { return true }
          return own.contains(BIDSEntities.Entity(key: pair[0], label: pair[1]))
        }
        if applies { found.append(place.appendingPathComponent(name).path) }
      }
    }
    return found.sorted()
  }
}
