import Testing

@testable import MATFiles
@testable import Recordings

@Suite struct OTBiolabExportTests {
  @Test func takesDescriptionsApart() {
    let electrode = OTBiolabExport.Description(
      "Vastus Lateralis - AUX 3 (Channel 1->1) - GR08MM1305 (17)[uV]")
    #expect(electrode.unit == "uV")
    #expect(electrode.electrode == 17)
    #expect(electrode.group == "Vastus Lateralis - AUX 3 (Channel 1->1) - GR08MM1305")
    #expect(electrode.role == .emg)
    #expect(OTBiolabExport.Description("acquired data[ %(MVC)]").unit == "%(MVC)")
  }

  @Test(arguments: [
    ("acquired data[ %(MVC)]", ChannelRole.force), ("performed path[]", .force),
    ("requested path[a.u]", .auxiliary), ("Decomposition of VL (1)[a.u]", .storedFirings),
    ("Source for decomposition of VL (1)[a.u]", .storedSource), ("VL - HD10MM0808 (3)[mV]", .emg),
    ("Load cell force[N]", .force),
  ])
  func knowsRoles(_ text: String, _ role: ChannelRole) {
    #expect(OTBiolabExport.Description(text).role == role)
  }
}
