/// Which of OpenBLAS's kernels a processor should run.
///
/// OpenBLAS picks a kernel by the processor's model number and falls back to the oldest ones where
/// it does not know it, at a third to a fifth of the speed. What the processor can do is known
/// without its model, so a better kernel can be named: `OPENBLAS_CORETYPE` in the environment of
/// a process that starts makes OpenBLAS take it.
public enum BLASKernelChoice {
  /// Instructions that kernels are written for, in ascending order.
  public enum InstructionSet: Int, Sendable, Comparable, CaseIterable {
    /// SSE of some kind: every x86-64 processor.
    case sse
    /// AVX, 256 bits without fused multiply-add.
    case avx
    /// AVX2 with fused multiply-add.
    case avx2
    /// AVX-512 (F, CD, BW, DQ, VL).
    case avx512

    /// Whether the first is the older or slower one.
    public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
  }

  /// Who made a processor.
  public enum Vendor: String, Sendable {
    case amd = "AMD"
    case intel = "Intel"
    case other = "other"
  }

  /// A processor as far as the choice depends on it.
  public struct Processor: Sendable, Equatable {
    /// The widest instructions that processor and operating system have.
    public var instructions: InstructionSet
    /// Who made it.
    public var vendor: Vendor

    /// A processor of a maker with instructions.
    public init(_ vendor: Vendor, _ instructions: InstructionSet) {
      self.instructions = instructions
      self.vendor = vendor
    }
  }

  /// The kernel that should be asked for in place of the one that OpenBLAS chose; nil where that
  /// one is right, or where nothing better is known.
  ///
  /// - Parameters:
  ///   - chosen: the kernel that OpenBLAS runs, by its own name.
  ///   - processor: what the processor is; nil for other than x86-64.
  ///   - isDynamic: whether the library holds several kernels.
  ///   - wanted: what the user asked for; a user's choice is never changed.
  public static func better(
    than chosen: String, on processor: Processor?, isDynamic: Bool, wanted: String? = nil
  ) -> String? {
    guard let processor, isDynamic, wanted?.isEmpty ?? true,
      let present = instructions(of: chosen)
    else { return nil }
    // AMD runs 256-bit kernels as fast as wider ones (measured on Zen 4: 105 GFLOPS with either).
    let enough =
      processor.vendor == .amd ? min(processor.instructions, .avx2) : processor.instructions
    if present >= enough { return nil }
    switch processor.instructions {
    case .sse: return nil
    case .avx: return "Sandybridge"
    case .avx2: return processor.vendor == .amd ? "Zen" : "Haswell"
    case .avx512: return "SkylakeX"
    }
  }

  /// The instructions that a kernel of OpenBLAS uses; nil for a kernel that is not known, which
  /// a newer library may have chosen with reason.
  static func instructions(of kernel: String) -> InstructionSet? {
    switch kernel.lowercased() {
    case "skylakex", "cooperlake", "sapphirerapids": .avx512
    case "haswell", "zen": .avx2
    case "sandybridge", "bulldozer", "piledriver", "steamroller", "excavator": .avx
    case "generic", "katmai", "coppermine", "northwood", "prescott", "banias", "core2", "penryn",
      "dunnington", "nehalem", "atom", "nano", "athlon", "opteron", "opteron_sse3", "barcelona",
      "bobcat":
      .sse
    default: nil
    }
  }
}
