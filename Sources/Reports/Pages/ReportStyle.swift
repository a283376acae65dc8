/// The style sheet of all pages: light and dark screens, A4 or Letter print.
package enum ReportStyle {
  /// The style sheet; prints are always dark on white.
  package static let css = light + dark

  private static let light = """

    :root { color-scheme: light dark; --paper: #fff; --shade: rgba(27, 36, 48, 0.28); }
    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; }
    body { margin: 0; background: #eef1f4; color: #1b2430;
      font: 15px/1.5 'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', sans-serif; }
    main { max-width: 972px; margin: 0 auto; padding: 40px 56px 32px; background: #fff;
      min-height: 100vh; }
    header { border-bottom: 2px solid #1f3b5c; padding-bottom: 18px; margin-bottom: 24px; }
    h1 { font-size: 27px; line-height: 1.22; margin: 2px 0 4px; font-weight: 600;
      letter-spacing: -0.01em; overflow-wrap: anywhere; }
    h2 { font-size: 19px; line-height: 1.3; margin: 38px 0 10px; font-weight: 600;
      color: #1f3b5c; }
    h3 { font-size: 15px; margin: 22px 0 6px; font-weight: 600; }
    p { margin: 0 0 10px; max-width: 96ch; }
    .kind { text-transform: uppercase; letter-spacing: 0.08em; font-size: 12px; font-weight: 600;
      color: #0072b2; margin: 0; }
    .subtitle { color: #56616d; margin: 0 0 8px; font-size: 16px; }
    .purpose { font-size: 13px; color: #56616d; margin: 0; }
    nav { display: flex; flex-wrap: wrap; gap: 4px 20px; font-size: 14px; margin: 18px 0 0; }
    a { color: #0b5f95; text-decoration: none; }
    a:hover { text-decoration: underline; }
    a:focus-visible { outline: 2px solid #0072b2; outline-offset: 2px; }
    .warnings { border-left: 4px solid #d55e00; background: #fdf4ee; padding: 12px 18px 10px;
      margin: 0 0 20px; }
    .warnings h2 { margin: 0 0 4px; font-size: 15px; color: #9c4300; }
    .warnings ul { margin: 0; padding-left: 18px; }
    .warnings li { margin: 0 0 3px; }
    .key-figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr));
      gap: 12px; }
    .key-figure { max-width: 300px; border: 1px solid #dbe1e7; border-radius: 6px; padding: 12px 14px 11px; }
    .key-figure p { margin: 0; }
    .key-figure .label { font-size: 13px; color: #56616d; line-height: 1.3; }
    .key-figure .value { font-size: 25px; line-height: 1.25; font-weight: 600; margin: 2px 0;
      font-variant-numeric: tabular-nums; }
    .key-figure .detail { font-size: 12.5px; line-height: 1.35; color: #56616d; }
    .box { background: #f5f7f9; border: 1px solid #e4e8ec; border-radius: 6px;
      padding: 14px 18px 6px; }
    figure { margin: 18px 0 28px; }
    figure svg { display: block; width: 100%; height: auto; }
    figcaption { font-size: 13.5px; line-height: 1.45; color: #3c4753; margin-top: 8px;
      max-width: 112ch; }
    .table { margin: 16px 0 24px; overflow-x: auto; }
    table { border-collapse: collapse; width: 100%; font-size: 13px; line-height: 1.35;
      font-variant-numeric: tabular-nums; }
    caption { text-align: left; font-weight: 600; padding-bottom: 8px; font-size: 14px; }
    th { text-align: left; vertical-align: bottom; font-weight: 600; color: #3c4753;
      border-bottom: 1.5px solid #56616d; padding: 4px 8px; }
    td { border-bottom: 1px solid #e9edf0; padding: 4px 8px; vertical-align: top; }
    th:first-child, td:first-child { padding-left: 2px; }
    td:first-child { white-space: nowrap; }
    td.long:first-child { white-space: normal; overflow-wrap: break-word; }
    th.number, td.number { text-align: right; }
    tr.marked td { color: #8f5f00; }
    .note, .empty { font-size: 13px; color: #56616d; margin: 8px 0 0; max-width: 112ch; }
    .facts { margin: 0; font-size: 13px; }
    .facts div { display: flex; gap: 14px; border-bottom: 1px solid #e9edf0; padding: 3px 0; }
    .facts dt { flex: 0 0 150px; color: #56616d; }
    .facts dd { margin: 0; overflow-wrap: anywhere; }
    .mono dd { font-family: 'DejaVu Sans Mono', Menlo, Consolas, 'Liberation Mono', monospace;
      font-size: 12px; line-height: 1.6; }
    .parameters { columns: 2; column-gap: 36px; }
    .parameters div { break-inside: avoid; }
    .parameters dt { flex: 1 1 auto; }
    .parameters dd { font-variant-numeric: tabular-nums; text-align: right; }
    footer { margin-top: 36px; padding-top: 12px; border-top: 1px solid #dbe1e7; font-size: 12.5px;
      color: #56616d; }
    @media (max-width: 720px) {
      main { padding: 24px 18px; }
      .parameters { columns: 1; }
      figure { overflow-x: auto; }
      figure svg { min-width: 640px; }
      figcaption { position: sticky; left: 0; max-width: calc(100vw - 36px); }
      /* A shade at the edge shows that there is more to the side. */
      figure, .table { background:
        linear-gradient(to right, var(--paper) 30%, transparent) left / 36px 100% no-repeat local,
        linear-gradient(to left, var(--paper) 30%, transparent) right / 36px 100% no-repeat local,
        linear-gradient(to right, var(--shade), transparent) left / 12px 100% no-repeat scroll,
        linear-gradient(to left, var(--shade), transparent) right / 12px 100% no-repeat scroll; }
      caption, .note { position: sticky; left: 0; }
      .note { max-width: calc(100vw - 36px); }
    }
    @page { size: auto; margin: 15mm 14mm 16mm; }
    @media print {
      body { background: #fff; font-size: 10.5pt; line-height: 1.42; }
      main { max-width: none; padding: 0 1px; min-height: 0; }
      nav { display: none; }
      a { color: inherit; }
      h1 { font-size: 19pt; }
      h2 { font-size: 13.5pt; margin-top: 18pt; break-after: avoid; }
      h3 { break-after: avoid; }
      figure, .key-figures, .key-figure, .warnings, .box p { break-inside: avoid; }
      figure { margin: 10pt 0 16pt; }
      figcaption { font-size: 9pt; break-before: avoid; }
      table { font-size: 8.5pt; }
      thead { display: table-header-group; break-inside: avoid; break-after: avoid; }
      .short, dl { break-inside: avoid; }
      figure svg { max-height: 228mm; }
      tr { break-inside: avoid; }
      .table { overflow: visible; }
      .key-figures { gap: 7pt; grid-template-columns: repeat(auto-fit, minmax(115px, 1fr)); }
      .key-figure { padding: 8px 10px; }
      .key-figure .value { font-size: 15pt; }
      .note, footer { break-before: avoid; }
      footer { margin-top: 14pt; }
      .facts div { padding: 2px 0; }
      * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
    }

    """

  /// Everything that has a colour of its own, on a dark screen.
  private static let dark = """
    @media screen and (prefers-color-scheme: dark) {
      :root { --paper: #1a1f26; --shade: rgba(0, 0, 0, 0.6); }
      body { background: #11151a; color: #e6e9ed; }
      main { background: #1a1f26; }
      header { border-bottom-color: #6f95c0; }
      h2 { color: #9fbee2; }
      .kind, a { color: #6fb6e6; }
      a:focus-visible { outline-color: #6fb6e6; }
      .subtitle, .purpose, .key-figure .label, .key-figure .detail, .note, .empty, .facts dt,
      footer { color: #a9b3be; }
      figcaption, th { color: #c5cdd5; }
      th { border-bottom-color: #8893a0; }
      td, .facts div { border-bottom-color: #2f3741; }
      .key-figure, footer { border-color: #3a434e; }
      .box { background: #232931; border-color: #343c46; }
      .warnings { background: #33251b; border-left-color: #f08a3c; }
      .warnings h2 { color: #f5ac76; }
      tr.marked td { color: #e3ac3e; }
    \(darkMarks)
    }

    """

  /// Drawings name their colours in attributes, which a style sheet overrides.
  private static let darkMarks = Palette.dark.map { light, dark in
    "  svg [fill=\"\(light)\"] { fill: \(dark); }\n"
      + "  svg [stroke=\"\(light)\"] { stroke: \(dark); }"
  }.joined(separator: "\n")
}
