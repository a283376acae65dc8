import Foundation

/// Exchanging two folders in one step, so that one of them is always in place.
enum FolderExchange {
  private typealias Function =
    @convention(c) (
      Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32
    ) -> Int32

  /// `renameat2` of the C library (Linux 3.15), which the C module does not declare.
  private static let function: Function? = {
    guard let symbol = dlsym(nil, "renameat2") else { return nil }
    return unsafeBitCast(symbol, to: Function.self)
  }()

  /// Exchanges two paths; false where system or file system cannot.
  static func exchange(_ first: String, _ second: String) -> Bool {
    let exchangeFlag: UInt32 = 2
    return function?(AT_FDCWD, first, AT_FDCWD, second, exchangeFlag) == 0
  }
}
