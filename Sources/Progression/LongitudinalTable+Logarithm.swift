import RealModule

extension LongitudinalTable {
  /// What the transform does with values at or below zero, which have no logarithm.
  public enum ZeroHandling: Sendable, Equatable, Codable {
    /// Leaves them out of the fit; they are listed and counted.
    case leaveOut
    /// Replaces them by half of the detection limit, as a sensitivity fit.
    case halfDetectionLimit(Double)
  }

  /// A table of ln(value) and what was done about zeros.
  public struct Logarithmic: Sendable, Equatable {
    /// The table on the ln scale; standard errors become relative ones (se / value).
    public let table: LongitudinalTable
    /// The rows (1-based) whose values were zero.
    public let zeroRows: [Int]
    /// Sentences to be shown with every result of this table.
    public let remarks: [String]
  }

  /// The table with ln(value); values of zero are never turned into ln(0 + 1).
  ///
  /// Standard errors go to the ln scale by the delta method. A smaller detection limit than the
  /// smallest positive value is expected and not checked.
  /// - Throws: `ProgressionError.invalidRow` for a negative value or a detection limit that is not
  ///   above zero, and `.invalidTable` where no positive value is left.
  public func logTransformed(zeros: ZeroHandling = .leaveOut) throws -> Logarithmic {
    var kept: [Row] = []
    kept.reserveCapacity(rows.count)
    var zeroRows: [Int] = []
    for (index, row) in rows.enumerated() {
      if row.value < 0 {
        throw ProgressionError.invalidRow(
          row: index + 1, found: "value \(row.value)",
          expected: "a value of zero or more, as its logarithm is taken")
      }
      var changed = row
      if row.value == 0 {
        zeroRows.append(index + 1)
        guard case .halfDetectionLimit(let limit) = zeros else { continue }
        guard limit > 0 && limit.isFinite else {
          throw ProgressionError.invalidRow(
            row: index + 1, found: "detection limit \(limit)", expected: "a number above 0")
        }
        changed.value = Double.log(limit / 2)
        // A relative error of an unobserved value is not known; the limit itself bounds it.
        changed.standardError = row.standardError.map { $0 / (limit / 2) }
      } else {
        changed.value = Double.log(row.value)
        changed.standardError = row.standardError.map { $0 / row.value }
      }
      kept.append(changed)
    }
    guard !kept.isEmpty else {
      throw ProgressionError.invalidTable(
        found: "only values of zero", expected: "at least one positive value")
    }
    var remarks: [String] = []
    if !zeroRows.isEmpty {
      let noun = zeroRows.count == 1 ? "value" : "values"
      switch zeros {
      case .leaveOut:
        remarks.append(
          "\(zeroRows.count) \(noun) of zero left out of the fit (zero has no logarithm); a fit with "
            + "half the detection limit shows how much depends on it")
      case .halfDetectionLimit(let limit):
        remarks.append(
          "\(zeroRows.count) \(noun) of zero replaced by half the detection limit (\(limit / 2))")
      }
    }
    return Logarithmic(
      table: LongitudinalTable(checked: kept), zeroRows: zeroRows, remarks: remarks)
  }
}
