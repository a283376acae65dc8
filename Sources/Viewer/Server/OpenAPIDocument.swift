import Analyses
import Foundation
import Hummingbird
import Reports

/// The description of the interface in OpenAPI 3.1, made from the table of routes.
struct OpenAPIDocument {
  let text: String

  /// - Parameters:
  ///   - cookie: name of the cookie that holds the session.
  init(_ table: RouteTable, cookie: String) {
    var paths: [String: [String: Any]] = [:]
    for route in table.routes where route.isInterface {
      let names = route.path.split(separator: "/").filter { $0.hasPrefix(":") }.map {
        String($0.dropFirst())
      }
      let path =
        "/"
        + route.path.split(separator: "/").map { $0.hasPrefix(":") ? "{\($0.dropFirst())}" : $0 }
        .joined(separator: "/")
      var operation: [String: Any] = [
        "summary": route.summary,
        "operationId": route.method.rawValue.lowercased()
          + path.split(whereSeparator: { "/{}-.".contains($0) }).map(\.capitalized).joined(),
        "parameters": names.map(Self.parameter) + route.query.map(Self.query),
        "responses": Self.responses(route),
        "security": route.role == nil
          ? [] : [route.isSafe ? ["session": []] : ["session": [], "token": []]],
        "description": route.role.map { "Needs the role \($0.rawValue)." } ?? "Needs no session.",
      ]
      if route.takesFile {
        operation["requestBody"] = [
          "required": true,
          "content": ["application/octet-stream": ["schema": ["type": "string", "minLength": 1]]],
        ]
      }
      if !route.body.isEmpty {
        operation["requestBody"] = [
          "required": true, "content": ["application/json": ["schema": Self.schema(route.body)]],
        ]
      }
      paths[path, default: [:]][route.method.rawValue.lowercased()] = operation
    }
    let document: [String: Any] = [
      "openapi": "3.1.0",
      "info": [
        "title": "MotorPool viewer", "version": SoftwareVersion.number,
        "description": ReportWording.researchUse,
      ],
      "paths": paths,
      "components": [
        "schemas": [
          "Problem": [
            "type": "object", "required": ["type", "title", "status", "detail"],
            "properties": [
              "type": ["type": "string"], "title": ["type": "string"],
              "status": ["type": "integer"], "detail": ["type": "string"],
            ],
          ]
        ],
        "securitySchemes": [
          "session": ["type": "apiKey", "in": "cookie", "name": cookie],
          "token": ["type": "apiKey", "in": "header", "name": "X-MotorPool-Token"],
        ],
      ],
    ]
    let data = try? JSONSerialization.data(
      withJSONObject: document, options: [.sortedKeys, .withoutEscapingSlashes])
    text = String(decoding: data ?? Data("{}".utf8), as: UTF8.self)
  }

  private static func parameter(_ name: String) -> [String: Any] {
    var schema: [String: Any] = ["type": "string", "minLength": 1]
    if ["id", "unit", "job", "record"].contains(name) {
      schema = ["type": "integer", "minimum": 0, "maximum": 2_147_483_647]
    } else if name == "run" {
      schema["pattern"] = "^([0-9]{1,9}-)?[0-9]{1,9}$"
    } else if name == "upload" {
      schema["pattern"] = "^[0-9a-f]{32}$"
    }
    return ["name": name, "in": "path", "required": true, "schema": schema]
  }

  private static func query(_ field: RouteTable.Field) -> [String: Any] {
    [
      "name": field.name, "in": "query", "required": field.isRequired,
      "schema": field.schema,
    ]
  }

  private static func schema(_ fields: [RouteTable.Field]) -> [String: Any] {
    [
      "type": "object", "required": fields.filter(\.isRequired).map(\.name),
      "properties": Dictionary(
        uniqueKeysWithValues: fields.map { ($0.name, $0.schema) }),
    ]
  }

  private static func responses(_ route: RouteTable.Route) -> [String: Any] {
    let problem: [String: Any] = [
      "description": "A problem document (RFC 9457)",
      "content": [
        "application/problem+json": ["schema": ["$ref": "#/components/schemas/Problem"]]
      ],
    ]
    let status = [
      "api/v1/runs": "202", "api/v1/runs/:run/save": "201", "api/v1/uploads": "201",
      "api/v1/patients/:patient/visits": "202",
    ][route.path]
    let code =
      route.method == .post
      ? status ?? "200"
      : route.method == .delete && !route.path.contains("jobs") ? "204" : "200"
    var answers = [code: ["description": "Done"], "default": problem]
    // A visit without files is stored at once.
    if route.path.hasSuffix(":patient/visits"), route.method == .post {
      answers["201"] = ["description": "Stored"]
    }
    return answers
  }
}
