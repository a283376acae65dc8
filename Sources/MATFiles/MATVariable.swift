/// A value to be written into a MAT file.
public indirect enum MATVariable: Sendable {
  /// Single precision in column order, `rows * columns` values.
  case single([Float], rows: Int, columns: Int)
  /// Double precision in column order, `rows * columns` values.
  case double([Double], rows: Int, columns: Int)
  /// Whole numbers in column order, `rows * columns` values: of double precision in MATLAB, stored
  /// as integers, which is how MATLAB stores them too and what SciPy takes for indices.
  case whole([Int], rows: Int, columns: Int)
  /// One line of text.
  case text(String)
  /// Cells in column order, `rows * columns` values.
  case cells([MATVariable], rows: Int, columns: Int)
  /// A structure of 1 x 1 with its fields.
  case structure([(name: String, value: MATVariable)])

  /// A single number.
  public static func number(_ value: Double) -> MATVariable {
    .double([value], rows: 1, columns: 1)
  }

  /// A column of cells with a text each.
  public static func texts(_ texts: [String]) -> MATVariable {
    .cells(texts.map { .text($0) }, rows: texts.count, columns: 1)
  }
}
