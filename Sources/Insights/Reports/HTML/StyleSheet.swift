/// How the page looks. The colours of outcomes differ in lightness too, so that they can be told apart without hue and
/// on paper.
enum StyleSheet {
  static let css: HTML = """
    :root {
      --page: #f4f6f8; --card: #fff; --ink: #17202b; --muted: #586474; --line: #e1e6ec; --track: #eef1f5;
      --accent: #2f6fbf; --soft: #a9c6ea; --good: #17694f; --good-back: #dff3ea; --bad: #a2351f; --bad-back: #fbe6e0;
      --answered: #1f8a70; --asked: #e3ac3f; --escalated: #c4502f; --silent: #c3ccd6;
      --urgent: #8f1d1d; --high: #d8692f; --normal: #4f86c6; --low: #b9c6d4; --mark: #17202b;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --page: #10151b; --card: #192028; --ink: #e7ecf2; --muted: #9daab8; --line: #2a343f; --track: #232c36;
        --accent: #6aa5ea; --soft: #34557c; --good: #7fd6b4; --good-back: #17352b; --bad: #ff9c83; --bad-back: #45211a;
        --answered: #3aa98a; --asked: #e9bd5b; --escalated: #e2714f; --silent: #52606f;
        --urgent: #ff6b6b; --high: #f0995c; --normal: #6aa0dc; --low: #52606f; --mark: #e7ecf2;
      }
    }
    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; }
    body { margin: 0; background: var(--page); color: var(--ink); line-height: 1.45;
      font: 16px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
    header, main, footer { max-width: 1080px; margin: 0 auto; padding: 0 24px; }
    header { padding-top: 36px; padding-bottom: 8px; }
    h1, h2, h3, p, ul, ol, figure { margin: 0; padding: 0; }
    ul, ol { list-style: none; }
    .workspace { color: var(--accent); font-weight: 600; }
    h1 { font-size: 30px; line-height: 1.2; letter-spacing: -.01em; }
    .week { color: var(--muted); font-weight: 400; white-space: nowrap; }
    .dates, .note, footer { color: var(--muted); }
    .dates { margin-top: 4px; }
    .headlines { margin-top: 16px; display: grid; gap: 4px; max-width: 80ch; }
    .headlines li { padding-left: 18px; position: relative; overflow-wrap: anywhere; }
    .headlines li::before { content: ""; position: absolute; left: 2px; top: .62em; width: 6px; height: 6px;
      border-radius: 50%; background: var(--accent); }
    .tiles { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 16px; margin-top: 20px; }
    .tile, .card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; min-width: 0; }
    .tile { padding: 14px 18px 0; display: flex; flex-direction: column; overflow: hidden; min-height: 136px; }
    .tile h2 { font-size: 14px; font-weight: 600; color: var(--muted); }
    .value { font-size: 30px; font-weight: 650; letter-spacing: -.02em; line-height: 1.25; display: flex;
      flex-wrap: wrap; align-items: center; gap: 2px 10px; font-variant-numeric: tabular-nums; }
    .note { font-size: 13.5px; overflow-wrap: anywhere; }
    .tile .note { padding-bottom: 10px; }
    .sparkline { display: block; width: calc(100% + 36px); height: 34px; margin: auto -18px 0; }
    .sparkline polyline { fill: none; stroke: var(--accent); stroke-width: 2; vector-effect: non-scaling-stroke;
      stroke-linejoin: round; }
    .sparkline polygon { fill: var(--accent); opacity: .14; }
    .chip { display: inline-block; font-size: 13px; font-weight: 600; letter-spacing: 0; line-height: 1.5;
      padding: 0 8px; border-radius: 99px; white-space: nowrap; background: var(--track); color: var(--muted); }
    .chip.good { background: var(--good-back); color: var(--good); }
    .chip.bad { background: var(--bad-back); color: var(--bad); }
    .chip.new { background: var(--accent); color: var(--card); }
    .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    .grid { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 16px; margin: 16px 0; }
    .card { padding: 18px; position: relative; }
    .wide { grid-column: 1 / -1; }
    .card h2 { font-size: 17px; line-height: 1.3; }
    .card h3 { font-size: 15px; margin-top: 14px; }
    .card small { color: var(--muted); font-weight: 400; font-size: 13px; }
    .card > .note { margin-bottom: 12px; }
    .card > ul + .note, .card > ol + .note, .card > .scroll + .note { margin: 10px 0 0; }
    .stack > :last-child { flex: 1; }
    .empty { color: var(--muted); font-style: italic; }
    .plot { position: relative; padding-left: 34px; }
    .columns { display: block; width: 100%; height: 210px; overflow: visible; }
    .columns rect { stroke: var(--card); stroke-width: 1; vector-effect: non-scaling-stroke; }
    .rule, .base { stroke: var(--line); vector-effect: non-scaling-stroke; }
    .base { stroke: var(--muted); }
    .scale { position: absolute; left: 0; width: 28px; text-align: right; font-size: 12px; color: var(--muted);
      transform: translateY(-50%); }
    .scale.top { top: 0; } .scale.middle { top: 50%; }
    .columns-labels { display: grid; grid-template-columns: repeat(7, minmax(0, 1fr)); padding-left: 34px;
      margin-top: 6px; text-align: center; font-size: 14px; }
    .columns-labels > li > * { display: block; line-height: 1.35; }
    .columns-labels b { font-variant-numeric: tabular-nums; }
    .legend { display: flex; flex-wrap: wrap; gap: 4px 18px; margin-top: 12px; font-size: 13.5px; color: var(--muted); }
    .legend i { display: inline-block; width: 11px; height: 11px; border-radius: 3px; margin-right: 6px; }
    .bars { display: grid; gap: 10px; margin-top: 6px; }
    .bars li { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 2px 12px; font-size: 14.5px; }
    .label { overflow-wrap: anywhere; }
    .amount { font-variant-numeric: tabular-nums; font-weight: 600; text-align: right; }
    .bars svg { grid-column: 1 / -1; display: block; width: 100%; height: 9px; border-radius: 3px; }
    .track { fill: var(--track); }
    .mark { stroke: var(--mark); stroke-width: 2; vector-effect: non-scaling-stroke; }
    .plain { fill: var(--accent); background: var(--accent); } .soft { fill: var(--soft); }
    .answered { fill: var(--answered); background: var(--answered); }
    .asked { fill: var(--asked); background: var(--asked); }
    .escalated { fill: var(--escalated); background: var(--escalated); }
    .silent { fill: var(--silent); background: var(--silent); }
    .urgent { fill: var(--urgent); background: var(--urgent); }
    .high { fill: var(--high); background: var(--high); }
    .normal { fill: var(--normal); background: var(--normal); }
    .low { fill: var(--low); background: var(--low); }
    ul.plain { background: none; columns: 2; column-gap: 24px; font-size: 14.5px; }
    ul.plain li { break-inside: avoid; padding: 3px 0; overflow-wrap: anywhere; }
    .hours { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 2px 8px; }
    .hours svg { display: block; width: 100%; height: 168px; }
    .hours-days { display: grid; grid-template-rows: repeat(7, 1fr); font-size: 12.5px; color: var(--muted);
      align-items: center; }
    .hours-labels { grid-column: 2; display: flex; justify-content: space-between; font-size: 12px;
      color: var(--muted); }
    .heat0 { fill: var(--track); }
    .heat1, .heat2, .heat3, .heat4, .heat5 { fill: var(--accent); }
    .heat1 { opacity: .22; } .heat2 { opacity: .42; } .heat3 { opacity: .62; } .heat4 { opacity: .82; }
    .groups { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 16px 24px; }
    .groups > li { border-left: 3px solid var(--asked); padding-left: 12px; min-width: 0; }
    .quote { font-weight: 600; }
    .groups p, .examples li { overflow-wrap: anywhere; }
    .examples { margin-top: 4px; font-size: 13.5px; color: var(--muted); }
    .examples li { padding-left: 12px; text-indent: -12px; }
    .examples li::before { content: "– "; }
    .stack { display: flex; flex-direction: column; gap: 16px; min-width: 0; }
    .waiting { display: grid; }
    .waiting li { display: grid; grid-template-columns: 190px minmax(0, 1fr); padding: 8px 0; gap: 0 16px;
      border-top: 1px solid var(--line); }
    .waiting li:first-child { border-top: 0; }
    .waiting .age { grid-row: 1 / 3; font-weight: 600; font-variant-numeric: tabular-nums; }
    .waiting p { overflow-wrap: anywhere; }
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; width: 100%; font-size: 14px; }
    th, td { text-align: left; vertical-align: top; padding: 6px 16px 6px 0; border-bottom: 1px solid var(--line);
      font-weight: 400; overflow-wrap: break-word; }
    thead th { color: var(--muted); font-size: 13px; font-weight: 600; white-space: nowrap; }
    tr:last-child > * { border-bottom: 0; }
    th:last-child, td:last-child { padding-right: 0; }
    .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
    details { margin-top: 12px; font-size: 13.5px; }
    summary { cursor: pointer; color: var(--accent); width: fit-content; }
    summary:focus-visible, .scroll:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
    footer { padding-bottom: 40px; font-size: 13.5px; }
    footer p { max-width: 80ch; }
    @media (max-width: 720px) {
      header, main, footer { padding-left: 14px; padding-right: 14px; }
      header { padding-top: 22px; }
      h1, .value { font-size: 25px; }
      .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 10px; }
      .tile { padding: 12px 14px 0; }
      .sparkline { width: calc(100% + 28px); margin-left: -14px; margin-right: -14px; }
      .grid, .groups { grid-template-columns: minmax(0, 1fr); }
      .grid { gap: 10px; margin-top: 10px; }
      .card { padding: 14px; }
      .stack { gap: 10px; }
      .waiting li { grid-template-columns: minmax(0, 1fr); }
      .waiting .age { grid-row: auto; }
      th, td { padding-right: 10px; }
      thead th { white-space: normal; vertical-align: bottom; }
      ul.plain { columns: 1; }
      .plot, .columns-labels { padding-left: 26px; }
      .scale { width: 22px; }
      .columns-labels { font-size: 12.5px; }
      .columns-labels small { font-size: 11px; }
    }
    @media print {
      :root { --page: #fff; --card: #fff; --ink: #000; --muted: #444; --line: #ccc; --track: #eee; --accent: #2f6fbf;
        --soft: #a9c6ea; --good: #17694f; --good-back: #fff; --bad: #a2351f; --bad-back: #fff; --mark: #000;
        --answered: #1f8a70; --asked: #e3ac3f; --escalated: #c4502f; --silent: #c3ccd6;
        --urgent: #8f1d1d; --high: #d8692f; --normal: #4f86c6; --low: #b9c6d4; }
      * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
      body { font-size: 11pt; }
      header, main, footer { max-width: none; padding-left: 0; padding-right: 0; }
      .tile, .card:not(.wide), .groups > li, .waiting li, figure, tr { break-inside: avoid; }
      h2 { break-after: avoid; }
      details { display: none; }
      .scroll { overflow: visible; }
    }
    @page { margin: 14mm; }
    """
}
