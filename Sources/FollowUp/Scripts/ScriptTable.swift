import Progression

/// The values of an analysis as a table that other programs read, with names that they take.
struct ScriptTable {
  /// One column.
  struct Column {
    let name: String
    /// What it holds, for the head of a script.
    let remark: String
    let cells: [String]
    var isText = false
  }

  private(set) var columns: [Column] = []
  /// Names in the table by what they stand for.
  private var names: [String: String] = [:]
  /// Those of covariates, which may be called as another column is.
  private var covariates: [String: String] = [:]

  /// Adds a column under a name that R and SAS take and no other has; returns the name.
  @discardableResult
  mutating func add(
    _ name: String, remark: String = "", isText: Bool = false, _ cells: [String]
  ) -> String {
    var plain = String(
      name.unicodeScalars.map { scalar -> Character in
        scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
          ? Character(scalar) : "_"
      }.prefix(24))
    if plain.first?.isLetter != true { plain = "x" + plain }
    // SAS does not tell letters of either case apart.
    let taken = Set(columns.map { $0.name.lowercased() })
    var own = plain
    var number = 2
    while taken.contains(own.lowercased()) {
      own = "\(plain)_\(number)"
      number += 1
    }
    columns.append(
      Column(
        name: own, remark: remark.isEmpty && own != name ? name : remark, cells: cells,
        isText: isText))
    names[name] = own
    return own
  }

  /// Adds a column of numbers.
  @discardableResult
  mutating func add(_ name: String, remark: String = "", _ numbers: [Double]) -> String {
    add(name, remark: remark, numbers.map(Self.text))
  }

  /// Every digit of a number, whole ones without a point.
  static func text(_ number: Double) -> String {
    number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : "\(number)"
  }

  /// The table as CSV.
  var csv: String {
    func quoted(_ text: String) -> String {
      "\"" + text.replacing("\"", with: "\"\"").replacing("\n", with: " ") + "\""
    }
    let count = columns.first?.cells.count ?? 0
    var lines = [columns.map(\.name).joined(separator: ",")]
    lines.reserveCapacity(count + 1)
    for row in 0..<count {
      lines.append(
        columns.map { $0.isText ? quoted($0.cells[row]) : $0.cells[row] }.joined(separator: ","))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// One line for each column that needs one, for the head of a script.
  var remarks: [String] {
    columns.filter { !$0.remark.isEmpty }.map { "\($0.name): \($0.remark)" }
  }
}

extension ScriptTable {
  /// The columns of a mixed model: subject, value, time, time after therapy, arms, muscles, covariates.
  ///
  /// - Parameter effects: names of the fixed effects, as a fit gives them.
  init(_ data: LongitudinalTable, model: MixedModel, effects: [String], valueName: String) {
    let rows = data.rows
    add("id", remark: "patient", isText: true, rows.map(\.subject))
    add("y", remark: valueName, rows.map(\.value))
    add("t", remark: model.timeName == "t" ? "time" : model.timeName, rows.map(\.time))
    if effects.contains("post") {
      let post = rows.map { row in
        row.therapyTime.map { max(0, row.time - $0 - model.onsetLag) } ?? 0
      }
      add("post", remark: "time after the start of therapy, else 0", post)
      if effects.contains("step") {
        add("step", remark: "1 after the start of therapy, else 0", post.map { $0 > 0 ? 1 : 0 })
      }
    }
    if model.armEffects != .none {
      let arms = Set(rows.compactMap(\.arm)).sorted()
      let control = model.control(among: arms)
      let others = arms.filter { $0 != control }
      for arm in others {
        add(
          others.count == 1 ? "arm" : "arm\(arm)", remark: "1 for \(arm), else 0",
          rows.map { $0.arm == arm ? 1 : 0 })
      }
    }
    if model.muscles {
      add(
        model.placeName, remark: model.placeName == "side" ? "side" : "muscle or side",
        isText: true, rows.map { $0.muscle ?? "" })
    }
    for covariate in model.covariates {
      let name = Self.parts(covariate, model).name
      guard covariates[name] == nil else { continue }
      covariates[name] = add(name, rows.map { $0.covariates[name] ?? .nan })
    }
    if model.measurementError == .weights {
      add(
        "w", remark: "weight: inverse of the squared standard error",
        rows.map { row in row.standardError.map { 1 / ($0 * $0) } ?? .nan })
    }
    if let groups = rows.first?.covariates[CohortTable.varianceGroup], groups.isFinite {
      add(
        "variance_group", remark: "number of the group of residual variances",
        rows.map { $0.covariates[CohortTable.varianceGroup] ?? 0 })
    }
  }

  /// What an effect consists of: the time that it interacts with, and the rest.
  private static func parts(
    _ effect: String, _ model: MixedModel
  ) -> (time: String?, name: String) {
    for (prefix, column) in [("\(model.timeName):", "t"), ("post:", "post")]
    where effect.hasPrefix(prefix) {
      return (column, String(effect.dropFirst(prefix.count)))
    }
    return (nil, effect)
  }

  /// An effect as a term of columns, such as post:arm.
  func term(_ effect: String, _ model: MixedModel, separator: String = ":") -> String {
    if effect == model.timeName { return "t" }
    let (time, name) = Self.parts(effect, model)
    return [time, covariates[name] ?? names[name] ?? name].compactMap { $0 }.joined(
      separator: separator)
  }
}
