import Foundation
import Testing

@testable import Registry

@Suite struct TemplateBlobTests {
  @Test(arguments: [[], [[1.5, -2, .zero]], [[1, 2], [3, 4], [5, 6]]] as [[[Float]]])
  func templatesComeBackExactly(_ template: [[Float]]) throws {
    #expect(try TemplateBlob.decode(TemplateBlob.encode(template)) == template)
  }

  @Test func badOnesAreRefused() throws {
    #expect(throws: RegistryError.self) { try TemplateBlob.encode([[1], [1, 2]]) }
    let data = try TemplateBlob.encode([[1, 2], [3, 4]])
    #expect(throws: RegistryError.self) { try TemplateBlob.decode(data.dropLast()) }
    #expect(throws: RegistryError.self) { try TemplateBlob.decode(Data()) }
    let huge = Data([1, 255, 255, 255, 255, 255, 255, 255, 255, 0])
    #expect(throws: RegistryError.self) { try TemplateBlob.decode(huge) }
    let countless = Data([1, 255, 255, 255, 255, 0, 0, 0, 0])
    #expect(throws: RegistryError.self) { try TemplateBlob.decode(countless) }
  }
}
