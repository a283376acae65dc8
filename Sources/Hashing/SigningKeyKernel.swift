internal import COpenSSL

/// Ed25519 keys and signatures (RFC 8032), through OpenSSL.
public struct SigningKey: Sendable {
  /// Bytes of a private and of a public key.
  public static let byteCount = 32
  /// Bytes of a signature.
  public static let signatureByteCount = 64

  /// The private key.
  public let privateBytes: [UInt8]
  /// The public key that belongs to it.
  public let publicBytes: [UInt8]

  /// A new key from the system's random numbers.
  public init() {
    var generator = SystemRandomNumberGenerator()
    let bytes = (0..<Self.byteCount).map { _ in UInt8.random(in: 0...255, using: &generator) }
    guard let key = SigningKey(privateBytes: bytes) else {
      fatalError("there is no memory for OpenSSL")
    }
    self = key
  }

  /// A key of which the private bytes are known; nil where they are no 32.
  public init?(privateBytes: [UInt8]) {
    guard privateBytes.count == Self.byteCount,
      let key = EVP_PKEY_new_raw_private_key_ex(
        OpenSSL.context, "ED25519", nil, privateBytes, Self.byteCount)
    else { return nil }
    defer { EVP_PKEY_free(key) }
    var count = Self.byteCount
    var bytes = [UInt8](repeating: 0, count: count)
    guard EVP_PKEY_get_raw_public_key(key, &bytes, &count) == 1 else { return nil }
    (self.privateBytes, publicBytes) = (privateBytes, bytes)
  }

  /// The signature of a message; nil where OpenSSL cannot sign.
  public func signature(of message: [UInt8]) -> [UInt8]? {
    guard
      let key = EVP_PKEY_new_raw_private_key_ex(
        OpenSSL.context, "ED25519", nil, privateBytes, Self.byteCount),
      let context = EVP_MD_CTX_new()
    else { return nil }
    defer {
      EVP_MD_CTX_free(context)
      EVP_PKEY_free(key)
    }
    var count = Self.signatureByteCount
    var signature = [UInt8](repeating: 0, count: count)
    guard EVP_DigestSignInit_ex(context, nil, nil, OpenSSL.context, nil, key, nil) == 1,
      EVP_DigestSign(context, &signature, &count, message, message.count) == 1,
      count == Self.signatureByteCount
    else { return nil }
    return signature
  }

  /// Whether a signature of a message was made with the private key that belongs to a public one.
  public static func isValid(
    signature: [UInt8], of message: [UInt8], publicKey: [UInt8]
  ) -> Bool {
    guard publicKey.count == byteCount, signature.count == signatureByteCount,
      let key = EVP_PKEY_new_raw_public_key_ex(
        OpenSSL.context, "ED25519", nil, publicKey, byteCount)
    else { return false }
    defer { EVP_PKEY_free(key) }
    guard let context = EVP_MD_CTX_new() else { return false }
    defer { EVP_MD_CTX_free(context) }
    return EVP_DigestVerifyInit_ex(context, nil, nil, OpenSSL.context, nil, key, nil) == 1
      && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
  }
}
