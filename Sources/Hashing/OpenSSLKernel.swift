internal import COpenSSL

/// OpenSSL with its own algorithms, whatever the machine's configuration of OpenSSL leaves out.
///
/// A configuration that switches on the legacy provider alone, a common slip, takes SHA-256 from every
/// program that uses the usual context.
enum OpenSSL {
  /// The context, made once and never freed.
  nonisolated(unsafe) static let context: OpaquePointer = {
    guard let context = OSSL_LIB_CTX_new(), OSSL_PROVIDER_load(context, "default") != nil else {
      fatalError("there is no memory for OpenSSL")
    }
    return context
  }()

  /// SHA-256, fetched once.
  nonisolated(unsafe) static let sha256: OpaquePointer = {
    guard let digest = EVP_MD_fetch(context, "SHA256", nil) else {
      fatalError("there is no memory for OpenSSL")
    }
    return digest
  }()
}
