/// Colours that remain apart for colour-blind readers (Okabe and Ito 2008) and in grey print.
enum Palette {
  static let ink = "#1b2430"
  static let muted = "#56616d"
  static let faint = "#a9b2bc"
  static let grid = "#e4e8ec"
  static let panel = "#f5f7f9"
  /// The page behind a figure, for hollow marks.
  static let paper = "#ffffff"

  static let blue = "#0072B2"
  static let vermilion = "#D55E00"
  static let green = "#009E73"
  static let purple = "#A8568A"
  static let orange = "#C98600"
  static let sky = "#3A93C9"
  static let navy = "#1F3B5C"
  static let grey = "#6B6B6B"

  /// Eight series colours; the list repeats.
  static let series = [blue, vermilion, green, purple, orange, sky, navy, grey]

  /// The colour of one series.
  static func color(_ index: Int) -> String {
    series[((index % series.count) + series.count) % series.count]
  }

  /// The same colours on a dark page; the style sheet puts them in place of those of the drawing.
  static let dark: KeyValuePairs = [
    ink: "#e6e9ed", muted: "#a9b3be", faint: "#6f7a85", grid: "#343c46", panel: "#232931",
    paper: "#1a1f26", blue: "#58ABE0", vermilion: "#F08A3C", green: "#3CC49E", purple: "#D78DBC",
    orange: "#E3AC3E", sky: "#85C3EA", navy: "#9FBEE2", grey: "#ABABAB",
  ]

  static let fontFamily = "'Helvetica Neue',Helvetica,Arial,'Liberation Sans',sans-serif"
}
