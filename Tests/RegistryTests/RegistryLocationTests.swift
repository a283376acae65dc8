import Testing

@testable import Registry

@Suite struct RegistryLocationTests {
  @Test func optionThenVariableThenDataHomeThenHome() {
    let all = [
      "MOTORPOOL_REGISTRY": "/srv/r.sqlite", "XDG_DATA_HOME": "/data", "HOME": "/home/u",
    ]
    #expect(RegistryLocation.path(option: "x.sqlite", environment: all) == "x.sqlite")
    #expect(RegistryLocation.path(option: "~/x", environment: all) == "/home/u/x")
    #expect(RegistryLocation.path(environment: all) == "/srv/r.sqlite")
    #expect(
      RegistryLocation.path(environment: ["XDG_DATA_HOME": "/data", "HOME": "/home/u"])
        == "/data/motorpool/registry.sqlite")
    for unusable in ["", "relative"] {
      #expect(
        RegistryLocation.path(environment: ["XDG_DATA_HOME": unusable, "HOME": "/home/u"])
          == "/home/u/.local/share/motorpool/registry.sqlite")
    }
  }
}
