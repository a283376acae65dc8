internal import COpenSSL

/// SHA-256 of bytes that come in pieces (FIPS 180-4), through OpenSSL.
public final class SHA256 {
  /// Bytes of a hash.
  public static let byteCount = 32

  private let context: OpaquePointer

  /// Starts without a byte.
  public init() {
    guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, OpenSSL.sha256, nil) == 1
    else { fatalError("there is no memory for OpenSSL") }
    self.context = context
  }

  deinit { EVP_MD_CTX_free(context) }

  /// Takes the next bytes.
  public func update(_ bytes: [UInt8]) {
    let status = bytes.withUnsafeBytes { EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
    precondition(status == 1, "OpenSSL cannot hash")
  }

  /// The hash of all bytes, after which nothing can be added.
  public func finished() -> [UInt8] {
    var count: UInt32 = 0
    return [UInt8](unsafeUninitializedCapacity: Self.byteCount) { buffer, filled in
      precondition(EVP_DigestFinal_ex(context, buffer.baseAddress, &count) == 1, "hash")
      filled = Int(count)
    }
  }

  /// The hash of some bytes.
  public static func hash(_ bytes: [UInt8]) -> [UInt8] {
    let hash = SHA256()
    hash.update(bytes)
    return hash.finished()
  }

  /// HMAC-SHA-256 of a message under a key (RFC 2104).
  public static func authenticationCode(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
    var count = 0
    return [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, filled in
      let code = EVP_Q_mac(
        OpenSSL.context, "HMAC", nil, "SHA256", nil, key, key.count, message, message.count,
        buffer.baseAddress, byteCount, &count)
      precondition(code != nil, "OpenSSL cannot make a code")
      filled = count
    }
  }
}

extension Sequence<UInt8> {
  /// The bytes as hexadecimal digits, in lower case.
  public var hexadecimal: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
