internal import CKernels
internal import COpenBLAS

/// The linear algebra library and the processor as this process has them.
public enum BLASLibrary {
  /// The kernel that OpenBLAS runs, by its own name.
  public static var kernel: String { openblas_get_corename().map { String(cString: $0) } ?? "" }

  /// Version and build options of OpenBLAS.
  public static var build: String { openblas_get_config().map { String(cString: $0) } ?? "" }

  /// Whether the library holds kernels for several processors.
  public static var isDynamic: Bool { build.split(separator: " ").contains("DYNAMIC_ARCH") }

  /// The processor; nil for other than x86-64.
  public static var processor: BLASKernelChoice.Processor? {
    let features = motorpool_processor_features()
    if features < 0 { return nil }
    let vendor: BLASKernelChoice.Vendor =
      features & 8 != 0 ? .amd : features & 16 != 0 ? .intel : .other
    let instructions: BLASKernelChoice.InstructionSet =
      features & 4 != 0 ? .avx512 : features & 2 != 0 ? .avx2 : features & 1 != 0 ? .avx : .sse
    return BLASKernelChoice.Processor(vendor, instructions)
  }
}
