// SPDX-License-Identifier: MIT
package chainrule.bench.peers.speed;

/** The style sheet of the page, for light and dark mode. */
final class SpeedStyle {
  private SpeedStyle() {}

  static final String CSS = """
      /* Colors based on the Okabe-Ito palette, which is safe for color-blind readers. */
      :root {
        --paper: #fbfaf7; --card: #ffffff; --ink: #1c1d20; --soft: #5d6068; --line: #e3e0d8;
        --ours: #0072b2; --ours2: #6fb2da; --other: #8d9097; --other2: #c3c5ca; --second: #d07d00;
        --good: #00694c; --bad: #a63c00;
      }
      @media (prefers-color-scheme: dark) {
        :root {
          --paper: #131417; --card: #1b1d21; --ink: #e9e7e2; --soft: #a6a9b1; --line: #33363e;
          --ours: #4fabea; --ours2: #2a6d9c; --other: #93969e; --other2: #5b5e66; --second: #f0a93a;
          --good: #2fc798; --bad: #ff8450;
        }
      }
      * { box-sizing: border-box }
      html { -webkit-text-size-adjust: 100%; text-size-adjust: 100% }
      body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
      header, main, footer { max-width: 68rem; margin: 0 auto; padding: 0 1.25rem }
      header { padding-top: 2.5rem }
      h1 { font: 600 2.4rem/1.15 Georgia, "Times New Roman", serif; margin: 0 0 .5rem }
      h2 { font: 600 1.4rem/1.25 Georgia, serif; margin: 2.4rem 0 .35rem }
      p { max-width: 46rem; margin: 0 0 .6rem } h2 + p, header p { color: var(--soft) }
      .figures { display: flex; flex-wrap: wrap; gap: .6rem 2.6rem; margin: 1.3rem 0 0; padding: 0; list-style: none }
      .figures b { display: block; font: 600 1.75rem/1.2 Georgia, serif; color: var(--ink) }
      .figures li { color: var(--soft); font-size: .9rem }
      .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 27rem), 1fr)); gap: 1rem }
      .card { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .9rem 1rem;
        margin: 0; min-width: 0; break-inside: avoid }
      .card h3 { font: 600 1rem/1.4 system-ui, sans-serif; margin: 0 0 .5rem }
      .card > svg { display: block; width: 100%; height: auto }
      svg text { font: 13px system-ui, sans-serif; fill: var(--soft) } svg .name { fill: var(--ink) }
      .end { text-anchor: end } .mid { text-anchor: middle }
      .grid { stroke: var(--line); fill: none } .axis { stroke: var(--soft); fill: none }
      .level { stroke: var(--ink); stroke-dasharray: 5 4; fill: none }
      .ours { --k: var(--ours) } .ours2 { --k: var(--ours2) } .other { --k: var(--other) }
      .other2 { --k: var(--other2) } .second { --k: var(--second) }
      .bar, .dot { fill: var(--k) }
      .line { stroke: var(--k); stroke-width: 2.2; fill: none; stroke-linejoin: round; stroke-linecap: round }
      .legend { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; list-style: none; margin: .5rem 0 0; padding: 0;
        font-size: .88rem }
      .legend + .cards { margin-top: .9rem }
      .legend li { display: flex; align-items: center; gap: .45rem } .key { width: 1.75rem; height: .7rem; flex: none }
      .scroll { overflow-x: auto }
      table { border-collapse: collapse; font-size: .92rem; width: 100% }
      th { font-weight: 400; text-align: left; color: var(--soft); vertical-align: bottom }
      th, td { padding: .3rem .7rem .3rem 0; border-bottom: 1px solid var(--line) }
      tbody th { color: var(--ink); vertical-align: top } td { vertical-align: top; font-variant-numeric: tabular-nums }
      .point th { font-weight: 600; padding-top: 1.1rem }
      .n { text-align: right; white-space: nowrap } .good { color: var(--good) } .bad { color: var(--bad) }
      td.bad, li.bad b { font-weight: 600; color: var(--bad) } small { color: var(--soft); white-space: nowrap }
      .missing { color: var(--soft) }
      footer { color: var(--soft); font-size: .88rem; padding-top: 2rem; padding-bottom: 2.5rem }
      @media (max-width: 40rem) {
        header, main, footer { padding-left: .8rem; padding-right: .8rem }
        header { padding-top: 1.4rem } h1 { font-size: 1.9rem } .card { padding: .7rem }
        .figures b { font-size: 1.4rem } svg text { font-size: 17px }
        table, tbody { display: block } thead { display: none }
        tr { display: flex; flex-wrap: wrap; gap: 0 .9rem; padding: .35rem 0; border-bottom: 1px solid var(--line) }
        th, td { border: 0; padding: 0 } tbody th { flex-basis: 100% } .point th { padding-top: .9rem }
        td[data-name]::before { content: attr(data-name) " "; color: var(--soft); font-weight: 400 }
      }
      """;
}
