import Analyses
import Foundation
import Hummingbird
import Reports

/// The description of the interface in OpenAPI 3.1, made from the table of routes.
struct OpenAPIDocument {
  let text: String

  init(_ table: RouteTable) {
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
        "security": route.role == nil ? [] : [["session": []]],
        "description": route.role.map { "Needs the role \($0.rawValue)." } ?? "Needs no session.",
      ]
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
          "session": ["type": "apiKey", "in": "cookie", "name": "motorpool"]
        ],
      ],
    ]
    let data = try? JSONSerialization.data(
      withJSONObject: document, options: [.sortedKeys, .withoutEscapingSlashes])
    text = String(decoding: data ?? Data("{}".utf8), as: UTF8.self)
  }

  private static func parameter(_ name: String) -> [String: Any] {
    let isNumber = ["id", "run", "unit", "job", "record"].contains(name)
    return [
      "name": name, "in": "path", "required": true,
      "schema": ["type": isNumber ? "integer" : "string"],
    ]
  }

  private static func query(_ field: RouteTable.Field) -> [String: Any] {
    [
      "name": field.name, "in": "query", "required": field.isRequired,
      "schema": ["type": field.form.rawValue],
    ]
  }

  private static func schema(_ fields: [RouteTable.Field]) -> [String: Any] {
    [
      "type": "object", "required": fields.filter(\.isRequired).map(\.name),
      "properties": Dictionary(
        uniqueKeysWithValues: fields.map { ($0.name, ["type": $0.form.rawValue]) }),
    ]
  }

  private static func responses(_ route: RouteTable.Route) -> [String: Any] {
    let problem: [String: Any] = [
      "description": "A problem document (RFC 9457)",
      "content": [
        "application/problem+json": ["schema": ["$ref": "#/components/schemas/Problem"]]
      ],
    ]
    let status = ["api/v1/runs": "202", "api/v1/runs/:run/save": "201"][route.path]
    let code =
      route.method == .post
      ? status ?? "200"
      : route.method == .delete && route.path.hasSuffix("session") ? "204" : "200"
    return [code: ["description": "Done"], "default": problem]
  }
}
