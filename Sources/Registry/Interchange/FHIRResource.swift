/// The parts of FHIR R4 resources that this program reads and writes.
///
/// One type for all resource types, with everything optional: what a resource of another origin
/// holds beyond it is passed over. Source: HL7 FHIR R4 (4.0.1).
struct FHIRResource: Codable, Equatable {
  var resourceType: String
  var id: String?
  var type: FlexibleType?
  var entry: [FHIREntry]?
  var identifier: [FHIRIdentifier]?
  var status: String?
  var `class`: FHIRCoding?
  var code: FHIRConcept?
  var subject: FHIRReference?
  var individual: FHIRReference?
  var study: FHIRReference?
  var encounter: FHIRReference?
  var managingOrganization: FHIRReference?
  var actualArm: String?
  var deceasedDateTime: String?
  var onsetDateTime: String?
  var effectiveDateTime: String?
  var effectivePeriod: FHIRPeriod?
  var effectiveInstant: String?
  var dataAbsentReason: FHIRConcept?
  var verificationStatus: FHIRConcept?
  var period: FHIRPeriod?
  var performedPeriod: FHIRPeriod?
  var performedDateTime: String?
  var valueQuantity: FHIRQuantity?
  var valueString: String?
  var valueInteger: Double?
  var bodySite: FHIRSites?
  var component: [FHIRComponent]?
  var note: [FHIRNote]?
  var `extension`: [FHIRExtension]?

  init(_ resourceType: String) {
    self.resourceType = resourceType
  }
}

/// `type` is a code in a Bundle and a list of concepts in an Encounter.
enum FlexibleType: Codable, Equatable {
  case code(String)
  case concepts([FHIRConcept])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let code = try? container.decode(String.self) {
      self = .code(code)
    } else if let concepts = try? container.decode([FHIRConcept].self) {
      self = .concepts(concepts)
    } else {
      self = .concepts([])
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .code(let code): try container.encode(code)
    case .concepts(let concepts): try container.encode(concepts)
    }
  }
}

/// `bodySite` is one concept in an Observation and a list in Conditions and Procedures.
enum FHIRSites: Codable, Equatable {
  case one(FHIRConcept)
  case many([FHIRConcept])

  var first: FHIRConcept? {
    switch self {
    case .one(let concept): concept
    case .many(let concepts): concepts.first
    }
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let one = try? container.decode(FHIRConcept.self) {
      self = .one(one)
    } else {
      self = .many(try container.decode([FHIRConcept].self))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .one(let concept): try container.encode(concept)
    case .many(let concepts): try container.encode(concepts)
    }
  }
}

struct FHIREntry: Codable, Equatable {
  var fullUrl: String?
  var resource: FHIRResource?
  /// Why the resource cannot be read; the other entries can.
  var problem: String?

  init(fullUrl: String?, resource: FHIRResource?) {
    self.fullUrl = fullUrl
    self.resource = resource
  }

  enum CodingKeys: String, CodingKey {
    case fullUrl
    case resource
  }

  init(from decoder: any Decoder) throws {
    do {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      fullUrl = try? container.decodeIfPresent(String.self, forKey: .fullUrl)
      resource = try container.decodeIfPresent(FHIRResource.self, forKey: .resource)
    } catch DecodingError.typeMismatch(_, let context) {
      problem = Self.place(context)
    } catch DecodingError.keyNotFound(let key, let context) {
      problem = Self.place(context) + " without \(key.stringValue)"
    } catch DecodingError.valueNotFound(_, let context) {
      problem = Self.place(context)
    } catch DecodingError.dataCorrupted(let context) {
      problem = Self.place(context)
    }
  }

  private static func place(_ context: DecodingError.Context) -> String {
    let keys = context.codingPath.filter { $0.intValue == nil }.map(\.stringValue)
    return keys.drop { $0 == "entry" || $0 == "resource" }.joined(separator: ".")
  }
}

struct FHIRIdentifier: Codable, Equatable {
  var system: String?
  var value: String?
}

struct FHIRCoding: Codable, Equatable {
  var system: String?
  var code: String?
  var display: String?
}

struct FHIRConcept: Codable, Equatable {
  var coding: [FHIRCoding]?
  var text: String?

  /// The code within a code system, if the concept has one there.
  func code(in system: String) -> String? {
    coding?.first { $0.system == system }?.code
  }
}

struct FHIRReference: Codable, Equatable {
  var reference: String?
  var display: String?
  var identifier: FHIRIdentifier?

  /// The names by which a reference may be found, from the most to the least exact: as it stands,
  /// without its version (`Patient/1/_history/3`), and as type and id of an absolute address.
  static func names(of reference: String) -> [String] {
    var parts = reference.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    var names = [reference]
    if parts.count >= 3, parts[parts.count - 2] == "_history" {
      parts.removeLast(2)
      names.append(parts.joined(separator: "/"))
    }
    if parts.count > 2 { names.append(parts.suffix(2).joined(separator: "/")) }
    return names
  }
}

struct FHIRPeriod: Codable, Equatable {
  var start: String?
  var end: String?
}

struct FHIRQuantity: Codable, Equatable {
  var value: Double?
  var comparator: String?
  var unit: String?
  var system: String?
  var code: String?
}

struct FHIRComponent: Codable, Equatable {
  var code: FHIRConcept
  var valueQuantity: FHIRQuantity?
  var valueString: String?
  var valueInteger: Int?
}

struct FHIRNote: Codable, Equatable {
  var text: String
}

struct FHIRExtension: Codable, Equatable {
  var url: String
  var valueString: String?
}

/// Code systems and URLs.
enum FHIRSystem {
  static let loinc = "http://loinc.org"
  static let ucum = "http://unitsofmeasure.org"
  static let actCode = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
  /// Local systems: no public code exists for motor unit number estimates.
  static let pseudonym = "urn:motorpool:pseudonym"
  static let kind = "urn:motorpool:measurement-kind"
  static let aspect = "urn:motorpool:measurement-aspect"
  static let event = "urn:motorpool:clinical-event"
  static let attribute = "urn:motorpool:subject-attribute"
  static let visitStatus = "urn:motorpool:visit-status"
  static let missingReason = "urn:motorpool:missing-reason"
  static let intervention = "urn:motorpool:intervention"
  static let doseText = "urn:motorpool:dose"
  static let doseUnit = "urn:motorpool:dose-unit"
  static let therapySide = "urn:motorpool:therapy-side"

  /// LOINC codes of kinds that have one: 98713-1, compound muscle action potential amplitude.
  static let loincCodes: [MeasurementKind: String] = [.cmapAmplitude: "98713-1"]

  /// UCUM codes of our units.
  static let ucumCodes = [
    "units": "{motor units}", "1": "1", "Hz": "Hz", "uV": "uV", "mV": "mV", "%": "%", "L": "L",
    "points": "{score}", "uV ms": "uV.ms",
  ]

  /// Units that other systems may use for a potential, in volts.
  static let voltage = ["V": 1.0, "mV": 1e-3, "uV": 1e-6, "µV": 1e-6, "nV": 1e-9]
}
