import Foundation
import HummingbirdTLS

/// The server's own TLS: a certificate and its key, read once at the start.
enum TransportSecurity {
  /// What the connections are encrypted with; nil where a proxy does it, or nothing leaves this machine.
  ///
  /// TLS 1.2 at least. A key that all users of the machine can read is refused.
  ///
  /// - Throws: `ViewerError` where a file is missing, unreadable or not what it should be.
  static func configuration(_ configuration: ViewerConfiguration) throws -> TLSConfiguration? {
    switch (configuration.certificate, configuration.key) {
    case (nil, nil): return nil
    case (let certificate?, let key?):
      guard configuration.publicName != nil else {
        throw ViewerError.badRequest("\(certificate): name the address that users open")
      }
      let mode = (try? FileManager.default.attributesOfItem(atPath: key)[.posixPermissions]) as? Int
      if let mode, mode & 0o007 != 0 {
        throw ViewerError.badRequest(
          "\(key): every user of this machine can read the key; chmod o-rwx it")
      }
      let chain: [NIOSSLCertificate]
      let own: NIOSSLPrivateKey
      do {
        chain = try NIOSSLCertificate.fromPEMBytes([UInt8](try contents(certificate)))
      } catch let error as ViewerError {
        throw error
      } catch {
        throw ViewerError.badRequest("\(certificate): is no certificate in PEM form")
      }
      do {
        own = try NIOSSLPrivateKey(bytes: [UInt8](try contents(key)), format: .pem)
      } catch let error as ViewerError {
        throw error
      } catch {
        throw ViewerError.badRequest("\(key): is no key in PEM form without a password")
      }
      guard !chain.isEmpty else {
        throw ViewerError.badRequest("\(certificate): holds no certificate")
      }
      var result = TLSConfiguration.makeServerConfiguration(
        certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(own))
      result.minimumTLSVersion = .tlsv12
      return result
    case (let file?, nil), (nil, let file?):
      throw ViewerError.badRequest("\(file): certificate and key go together; name both")
    }
  }

  private static func contents(_ path: String) throws -> Data {
    do {
      return try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw ViewerError.badRequest("\(path): cannot be read")
    }
  }
}
