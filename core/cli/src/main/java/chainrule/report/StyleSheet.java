// SPDX-License-Identifier: MIT
package chainrule.report;

/** The style sheet of the page. Its colors are variables that the drawings use as well. */
final class StyleSheet {
  private StyleSheet() {}

  static final String CSS = """
      /* Colors based on the Okabe-Ito palette, which is safe for color-blind readers. */
      :root {
        --paper: #fbfaf7; --card: #ffffff; --ink: #1c1d20; --soft: #5d6068; --line: #e3e0d8; --faint: #f1efe9;
        --k0: #0072b2; --k1: #d07d00; --k2: #009268; --k3: #b8548f; --k4: #cc4a00; --k5: #3f9fdc; --k6: #8d8300;
          --k7: #70737c;
        --good: 0 114 178; --bad: 184 78 0; --cell: #000;
      }
      @media (prefers-color-scheme: dark) {
        :root {
          --paper: #131417; --card: #1b1d21; --ink: #e9e7e2; --soft: #a6a9b1; --line: #33363e; --faint: #24272c;
          --k0: #4fabea; --k1: #f0a93a; --k2: #2fc798; --k3: #e595c4; --k4: #ff8450; --k5: #a3d8fb; --k6: #dfd455;
            --k7: #b0b3bb;
          --good: 38 118 180; --bad: 190 84 20; --cell: #fff;
        }
      }
      .k0 { --k: var(--k0) } .k1 { --k: var(--k1) } .k2 { --k: var(--k2) } .k3 { --k: var(--k3) }
      .k4 { --k: var(--k4) } .k5 { --k: var(--k5) } .k6 { --k: var(--k6) } .k7 { --k: var(--k7) }
      * { box-sizing: border-box }
      html { -webkit-text-size-adjust: 100%; text-size-adjust: 100% }
      body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
      header, main, footer { max-width: 68rem; margin: 0 auto; padding: 0 1.25rem }
      header { padding-top: 2.5rem }
      .kicker { color: var(--soft); font-size: .85rem; margin: 0 0 .3rem; letter-spacing: .02em }
      h1 { font: 600 2.4rem/1.15 Georgia, "Times New Roman", serif; margin: 0 0 .5rem; overflow-wrap: anywhere }
      header p { max-width: 46rem; margin: 0 0 .4rem }
      header p.ended { color: var(--soft) }
      .figures { display: flex; flex-wrap: wrap; gap: 1rem 2.6rem; margin: 1.5rem 0 0; padding: 0; list-style: none }
      .figures b { display: block; font: 600 1.75rem/1.2 Georgia, serif; color: var(--ink); white-space: nowrap }
      .figures li { color: var(--soft); font-size: .9rem; line-height: 1.4 }
      .figures small { display: block; font-size: .8rem }
      .figures .first b { color: var(--k0); font-size: 2.6rem; line-height: 1.1 }
      .figures li { display: flex; flex-direction: column; justify-content: flex-end }
      h2 { font: 600 1.4rem/1.25 Georgia, serif; margin: 2.6rem 0 .35rem }
      h2 + p { margin: 0 0 .9rem; color: var(--soft); max-width: 46rem }
      h2 + :not(p) { margin-top: .8rem }
      .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 27rem), 1fr)); gap: 1rem }
      @media (min-width: 58rem) { .lead > :first-child { grid-row: span 2 } }
      .card { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .9rem 1rem;
        margin: 0;
        min-width: 0; break-inside: avoid }
      .full { grid-column: 1 / -1 }
      .card h3 { font: 600 1rem/1.4 system-ui, sans-serif; margin: 0 0 .5rem }
      .card h3 small { font-weight: 400; color: var(--soft); font-size: .85rem; margin-left: .3rem }
      .card > svg { display: block; width: 100%; height: auto }
      .wide { display: grid; grid-template-columns: minmax(0, 40rem) minmax(14rem, 1fr); gap: .5rem 2rem;
        align-items: center }
      svg text { font: 13px system-ui, sans-serif; fill: var(--soft) }
      .end { text-anchor: end } .mid { text-anchor: middle }
      svg .name { fill: var(--ink) }
      .grid { stroke: var(--line); fill: none } .axis { stroke: var(--soft); fill: none }
      .line { stroke: var(--k); stroke-width: 2.2; fill: none; stroke-linejoin: round; stroke-linecap: round }
      .lone { stroke: var(--k); stroke-width: 7; stroke-linecap: round; fill: none }
      .line.dashed { stroke-dasharray: 6 5 }
      .mark, .level { stroke: var(--ink); stroke-dasharray: 3 4; fill: none } .bin { fill: var(--k) }
      .tick { stroke: var(--ink); stroke-width: 1.6; fill: none }
      .spot { stroke: var(--ink); stroke-width: 7; stroke-linecap: round; fill: none }
      .dots { stroke: var(--k); stroke-linecap: round; fill: none }
      .cloud { stroke: var(--k0); stroke-linecap: round; stroke-width: 4.5; stroke-opacity: .28; fill: none }
      .halo { stroke: var(--card); stroke-linecap: round; fill: none }
      .ring { stroke: var(--ink); stroke-width: 1.6; fill: none }
      .veil { fill: var(--card); fill-opacity: .72; fill-rule: evenodd }
      .area { fill: var(--k); fill-opacity: .13; stroke: none } .border { stroke: var(--card); stroke-width: 16;
        fill: none }
      .bar { fill: var(--k0); fill-opacity: .75 }
      .weight { stroke: var(--k); fill: none } .t0 { stroke-opacity: .13 } .t1 { stroke-opacity: .3 }
      .t2 { stroke-opacity: .6; stroke-width: 1.5 } .t3 { stroke-opacity: .95; stroke-width: 2.2 }
      .units { stroke: var(--ink); stroke-width: 9; stroke-linecap: round; fill: none } svg .unit { font-size: 12px }
      .legend:empty { display: none }
      .legend { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; list-style: none; margin: .5rem 0 0; padding: 0;
        font-size: .88rem }
      .legend li { display: flex; align-items: center; gap: .45rem; min-width: 0; overflow-wrap: anywhere }
      .wide .legend { flex-direction: column; gap: .35rem }
      .key { width: 1.75rem; height: .65rem; flex: none } .key.square { width: 1.1rem; height: 1.1rem }
      .remark { color: var(--soft); font-size: .88rem; margin: .4rem 0 0 }
      .scroll { overflow-x: auto; max-width: 100% }
      table { border-collapse: collapse; font-size: .92rem } caption { text-align: left }
      th { font-weight: 400; text-align: left; color: var(--soft) }
      td, tbody th { overflow-wrap: anywhere }
      .list { width: 100% }
      .list th, .list td { padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top }
      .list tr:last-child > * { border-bottom: 0 } .list thead th { vertical-align: bottom }
      .list tbody th { color: var(--ink); min-width: 6rem } .n { font-variant-numeric: tabular-nums }
      .list td.n, .list th.n { text-align: right; white-space: nowrap }
      .list td.n:last-child, .list th.n:last-child { padding-right: 0 }
      .columns tbody th { min-width: 9rem; width: 30% }
      .importance tbody th { width: 38% } .importance td.share { width: 42% }
      .pairs tbody th { color: var(--soft); width: 34% }
      .share { background: linear-gradient(to right, rgb(var(--good) / .18) calc(var(--s) * 100%), transparent 0)
        no-repeat
        0 .38rem / calc(100% - .6rem) 1.35em; width: 19% }
      .confusion { border-spacing: 2px; border-collapse: separate }
      .confusion td { min-width: 2.6rem; height: 2.4rem; padding: 0 .35rem; text-align: center; border-radius: .25rem;
        font-variant-numeric: tabular-nums; white-space: nowrap }
      .confusion td.hit { background: rgb(var(--good) / var(--s)); color: var(--cell) }
      .confusion td.miss { background: rgb(var(--bad) / var(--s)); color: var(--cell) }
      .confusion td.none { color: var(--soft); background: var(--faint) } .confusion td.strong { color: #fff }
      .confusion th { font-size: .85rem; color: var(--ink); padding: 0 .4rem 0 0; text-align: right;
        white-space: nowrap }
      .confusion tbody th { position: sticky; left: 0; background: var(--card) }
      .confusion thead th { text-align: center; vertical-align: bottom; padding: .2rem }
      .confusion thead .up span { writing-mode: vertical-rl; transform: rotate(180deg) }
      .confusion thead th.title { color: var(--soft) } .confusion thead th.title[rowspan] { text-align: right;
        padding-right: .4rem }
      .crowded td { min-width: 1.9rem; height: 1.9rem; font-size: .8rem; padding: 0 .15rem }
      .tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(5.6rem, 1fr)); gap: .7rem;
        list-style: none;
        margin: 0; padding: 0 }
      .tiles li { font-size: .78rem; line-height: 1.3; color: var(--soft); overflow-wrap: anywhere; min-width: 0 }
      .tiles img { display: block; width: 100%; height: auto; image-rendering: pixelated; background: var(--faint);
        border-radius: .25rem; margin-bottom: .25rem }
      .tiles .ink { background: none; border: 1px solid var(--line) }
      .tiles b { color: var(--ink); font-weight: 600 }
      @media not all and (prefers-color-scheme: dark) { .tiles .ink { filter: invert(1); border-color: #1c1f27 } }
      .scale { width: 100%; max-width: 20rem; height: auto; display: block }
      code, pre { font: .88rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace }
      pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; background: var(--faint); border-radius: .4rem;
        padding: .7rem .9rem }
      footer { color: var(--soft); font-size: .88rem; padding-top: 2rem; padding-bottom: 2.5rem }
      @media (max-width: 58rem) { .wide { grid-template-columns: minmax(0, 1fr) }
        .wide .legend { flex-direction: row; gap: .2rem 1.2rem } }
      @media (min-width: 48rem) { .wide svg text { font-size: 12px } }
      @media (max-width: 30rem) {
        header, main, footer { padding-left: .8rem; padding-right: .8rem }
        header { padding-top: 1.4rem } h1 { font-size: 1.9rem }
        .figures { gap: .8rem 1.6rem } .figures b { font-size: 1.35rem } .figures .first b { font-size: 2.1rem }
        .figures .first { flex-basis: 100% }
        .card { padding: .7rem .7rem } svg text { font-size: 17px }
        .confusion td { min-width: 2rem }
        .many td { min-width: 1.55rem; height: 1.7rem; font-size: .75rem; padding: 0 } .many { border-spacing: 1px }
        .crowded td { min-width: 1.1rem; height: 1.4rem; font-size: .64rem }
        .crowded thead th { padding: .1rem 0; font-size: .68rem }
        .crowded tbody th { max-width: 4.4rem; overflow: hidden; text-overflow: ellipsis; font-size: .72rem }
        .columns tbody th, .columns td { display: block; width: auto; padding: .15rem 0 }
        .columns tbody th { border-bottom: 0; padding-top: .4rem; font-weight: 600 }
        .importance tbody th { width: 34% } .importance td.share { width: 20% }
        .scale text { font-size: 14px } svg .unit { font-size: 14px }
        .tiles { grid-template-columns: repeat(auto-fill, minmax(4.4rem, 1fr)); gap: .5rem }
      }
      @media print { body { background: none } .card { break-inside: avoid } * { print-color-adjust: exact } }
      """;
}
