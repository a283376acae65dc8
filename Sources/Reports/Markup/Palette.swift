/// Colours that remain apart for colour-blind readers (Okabe and Ito 2008) and in grey print.
enum Palette {
  static let ink = "#1b2430"
  static let muted = "#56616d"
  static let faint = "#a9b2bc"
  static let grid = "#e4e8ec"
  static let panel = "#f5f7f9"

  static let blue = "#0072B2"
  static let vermilion = "#D55E00"
  static let green = "#009E73"
  static let purple = "#A8568A"
  static let orange = "#C98600"
  static let sky = "#3A93C9"
  static let navy = "#1F3B5C"

  /// Eight series colours; the list repeats.
  static let series = [blue, vermilion, green, purple, orange, sky, navy, "#6B6B6B"]

  /// The colour of one series.
  static func color(_ index: Int) -> String {
    series[((index % series.count) + series.count) % series.count]
  }

  static let fontFamily = "'Helvetica Neue',Helvetica,Arial,'Liberation Sans',sans-serif"
}
