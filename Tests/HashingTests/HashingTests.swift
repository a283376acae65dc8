import Testing

@testable import Hashing

@Suite("Hashes and signatures, against published values")
struct HashingTests {
  private func bytes(_ text: String) -> [UInt8] {
    let digits = Array(text)
    return stride(from: 0, to: digits.count, by: 2).compactMap {
      UInt8(String(digits[$0...$0 + 1]), radix: 16)
    }
  }

  /// FIPS 180-4 examples.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func hashesAreThePublishedOnes(_ text: String, _ hash: String) {
    #expect(SHA256.hash(Array(text.utf8)).hexadecimal == hash)
    // In pieces it is the same.
    let pieces = SHA256()
    for byte in text.utf8 { pieces.update([byte]) }
    pieces.update([])
    #expect(pieces.finished().hexadecimal == hash)
  }

  /// RFC 4231, test cases 1 and 2.
  @Test func codesAreThePublishedOnes() {
    #expect(
      SHA256.authenticationCode(
        Array("Hi There".utf8), key: [UInt8](repeating: 0x0b, count: 20)
      ).hexadecimal == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
    #expect(
      SHA256.authenticationCode(
        Array("what do ya want for nothing?".utf8), key: Array("Jefe".utf8)
      ).hexadecimal == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
  }

  /// RFC 8032, 7.1, test 2.
  @Test func signaturesAreThePublishedOnes() throws {
    let key = try #require(
      SigningKey(
        privateBytes: bytes("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")))
    #expect(
      key.publicBytes.hexadecimal
        == "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    let signature = try #require(key.signature(of: [0x72]))
    #expect(
      signature.hexadecimal
        == "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")
    #expect(SigningKey.isValid(signature: signature, of: [0x72], publicKey: key.publicBytes))
  }

  @Test func whatWasChangedDoesNotFit() throws {
    let key = SigningKey()
    let message = Array("what was sealed".utf8)
    let signature = try #require(key.signature(of: message))
    #expect(SigningKey.isValid(signature: signature, of: message, publicKey: key.publicBytes))
    var changed = signature
    changed[10] ^= 1
    #expect(!SigningKey.isValid(signature: changed, of: message, publicKey: key.publicBytes))
    #expect(!SigningKey.isValid(signature: signature, of: [1], publicKey: key.publicBytes))
    #expect(
      !SigningKey.isValid(
        signature: signature, of: message, publicKey: SigningKey().publicBytes))
    #expect(!SigningKey.isValid(signature: [], of: message, publicKey: key.publicBytes))
    #expect(!SigningKey.isValid(signature: signature, of: message, publicKey: []))
    #expect(SigningKey(privateBytes: [1, 2]) == nil)
    #expect(SigningKey().privateBytes != SigningKey().privateBytes)
  }
}
