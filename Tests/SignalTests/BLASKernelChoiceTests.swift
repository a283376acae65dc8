import Testing

@testable import Signal

@Suite struct BLASKernelChoiceTests {
  private struct Case: Sendable {
    var name: String
    var chosen: String
    var processor: BLASKernelChoice.Processor?
    var wanted: String?
    var isDynamic = true
    var better: String?
  }

  private static let cases = [
    Case(
      name: "Intel with AVX-512 that the library does not know", chosen: "Prescott",
      processor: .init(.intel, .avx512), better: "SkylakeX"),
    Case(
      name: "Intel with AVX-512 run as AVX2", chosen: "Haswell",
      processor: .init(.intel, .avx512), better: "SkylakeX"),
    Case(name: "Intel Ice Lake", chosen: "SkylakeX", processor: .init(.intel, .avx512)),
    Case(
      name: "Intel Sapphire Rapids", chosen: "SapphireRapids", processor: .init(.intel, .avx512)),
    Case(name: "Intel Cooper Lake", chosen: "Cooperlake", processor: .init(.intel, .avx512)),
    Case(
      name: "Intel without AVX-512 that the library does not know", chosen: "Nehalem",
      processor: .init(.intel, .avx2), better: "Haswell"),
    Case(name: "Intel Haswell", chosen: "Haswell", processor: .init(.intel, .avx2)),
    Case(name: "Intel Sandy Bridge", chosen: "Sandybridge", processor: .init(.intel, .avx)),
    Case(
      name: "Intel Sandy Bridge, unknown", chosen: "Penryn", processor: .init(.intel, .avx),
      better: "Sandybridge"),
    Case(name: "old Intel", chosen: "Nehalem", processor: .init(.intel, .sse)),
    Case(name: "plain x86-64", chosen: "Prescott", processor: .init(.other, .sse)),
    Case(name: "AMD Zen 2", chosen: "Zen", processor: .init(.amd, .avx2)),
    Case(
      name: "AMD Zen 2, unknown", chosen: "Barcelona", processor: .init(.amd, .avx2),
      better: "Zen"),
    Case(name: "AMD Zen 4 as Zen", chosen: "Zen", processor: .init(.amd, .avx512)),
    Case(name: "AMD Zen 4 as Cooperlake", chosen: "Cooperlake", processor: .init(.amd, .avx512)),
    Case(
      name: "AMD Zen 5, unknown", chosen: "Prescott", processor: .init(.amd, .avx512),
      better: "SkylakeX"),
    Case(
      name: "AMD Zen 5 as Sandybridge", chosen: "Sandybridge", processor: .init(.amd, .avx512),
      better: "SkylakeX"),
    Case(name: "AMD Piledriver", chosen: "Piledriver", processor: .init(.amd, .avx)),
    Case(
      name: "a maker that is neither", chosen: "Prescott", processor: .init(.other, .avx2),
      better: "Haswell"),
    Case(
      name: "the user's own choice", chosen: "Prescott", processor: .init(.intel, .avx512),
      wanted: "Prescott"),
    Case(
      name: "an empty variable is no choice", chosen: "Prescott",
      processor: .init(.intel, .avx512), wanted: "", better: "SkylakeX"),
    Case(
      name: "a library of one kernel", chosen: "Prescott", processor: .init(.intel, .avx512),
      isDynamic: false),
    Case(name: "a kernel of a newer library", chosen: "Zen9", processor: .init(.amd, .avx512)),
    Case(name: "another architecture", chosen: "neoversen1", processor: nil),
  ]

  @Test func choosesAKernelThatFitsTheProcessor() {
    for one in Self.cases {
      let found = BLASKernelChoice.better(
        than: one.chosen, on: one.processor, isDynamic: one.isDynamic, wanted: one.wanted)
      #expect(found == one.better, "\(one.name)")
    }
  }

  @Test func aKernelThatWasAskedForIsRight() {
    // Starting again with the answer must not lead to another answer.
    for instructions in BLASKernelChoice.InstructionSet.allCases {
      for vendor in [BLASKernelChoice.Vendor.amd, .intel, .other] {
        let processor = BLASKernelChoice.Processor(vendor, instructions)
        guard
          let kernel = BLASKernelChoice.better(than: "Prescott", on: processor, isDynamic: true)
        else {
          #expect(instructions == .sse)
          continue
        }
        #expect(BLASKernelChoice.better(than: kernel, on: processor, isDynamic: true) == nil)
      }
    }
  }

  @Test func thisProcessHasALibraryAndAProcessor() {
    #expect(!BLASLibrary.kernel.isEmpty && BLASLibrary.build.hasPrefix("OpenBLAS"))
    #if arch(x86_64)
      #expect(BLASLibrary.processor != nil)
    #endif
  }
}
