import Foundation

/// Where the registry is, when the caller does not say.
public enum RegistryLocation {
  /// The environment variable that names the registry.
  public static let environmentVariable = "MOTORPOOL_REGISTRY"

  /// The path of the registry: the option, else the environment variable, else the default place.
  ///
  /// The default is `$XDG_DATA_HOME/motorpool/registry.sqlite`, where that is unset or not absolute
  /// `~/.local/share/motorpool/registry.sqlite`. A leading `~/` is expanded.
  /// Source: XDG Base Directory Specification 0.8.
  public static func path(
    option: String? = nil,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> String {
    let home = environment["HOME"] ?? NSHomeDirectory()
    func expanded(_ path: String) -> String {
      path.hasPrefix("~/") ? home + path.dropFirst(1) : path
    }
    if let option, !option.isEmpty { return expanded(option) }
    if let named = environment[environmentVariable], !named.isEmpty { return expanded(named) }
    if let data = environment["XDG_DATA_HOME"], data.hasPrefix("/") {
      return data + "/motorpool/registry.sqlite"
    }
    return home + "/.local/share/motorpool/registry.sqlite"
  }
}
