// SPDX-License-Identifier: MIT
package chainrule.report;

/** The rules that the page of a step adds to the {@link StyleSheet}. The selected radio button shows its stage. */
final class StepStyle {
  private static final String CSS = """
      .stepper { position: relative }
      .pick { position: absolute; opacity: 0; width: 1px; height: 1px; margin: 0; pointer-events: none }
      .stages { display: flex; flex-wrap: wrap; gap: .35rem; margin: 1.4rem 0 0 }
      .stages label, .steps label { border: 1px solid var(--line); border-bottom-width: 3px; border-radius: .4rem;
        padding: .2rem .55rem; background: var(--card); cursor: pointer; font-size: .9rem }
      .stages .stage-forward { border-bottom-color: var(--k0) }
      .stages .stage-backward { border-bottom-color: var(--k4) }
      .stages .stage-update { border-bottom-color: var(--k2) }
      .steps { display: flex; justify-content: space-between; gap: 1rem; margin: 1.2rem 0 0 }
      .steps label { padding: .45rem .9rem; font-size: 1rem }
      .panel { display: none } .panel .kicker { margin: 1.6rem 0 0 }
      .panel h2 { margin-top: 0; overflow-wrap: anywhere }
      h2 + p.formula { margin: .2rem 0; color: var(--ink); max-width: none; overflow-wrap: anywhere }
      .net { margin: 1rem 0; background: var(--card); border: 1px solid var(--line); border-radius: .6rem }
      .net.late { direction: rtl } /* a narrow screen starts at the end of the drawing */
      .net svg { direction: ltr; display: block; margin: 0 auto }
      .net svg text { font-size: 13px } .net svg text.small { font-size: 12px }
      .net svg text.number { fill: var(--ink); font-variant-numeric: tabular-nums; paint-order: stroke;
        stroke: var(--card); stroke-width: 4px; stroke-linejoin: round }
      .edge { stroke: var(--line); fill: none; stroke-width: 1.2 } .edge.on { stroke: var(--k0); stroke-opacity: .55 }
      .edge.back { stroke: var(--k4) }
      .unit-box { fill: var(--card); stroke: var(--soft); stroke-width: 1 } .unit-box.on { stroke: var(--k0);
        stroke-width: 3 }
      .unit-box.back { stroke: var(--k4) }
      .panel code { overflow-wrap: anywhere }
      .lines { list-style: none; margin: 0; padding: 0; font: .88rem/1.7 ui-monospace, SFMono-Regular, Menlo, Consolas,
        monospace; overflow-wrap: anywhere }
      .lines li { padding-left: 1.2rem; text-indent: -1.2rem }
      @media print { .panel { display: block !important } .pick, .stages, .steps { display: none } }
      """;

  private StepStyle() {}

  /** Returns the rules for this many stages. */
  static String of(int stages) {
    StringBuilder s = new StringBuilder(CSS);
    for (int i = 0; i < stages; i++) {
      String picked = "#s" + i + ":checked ~ ";
      s.append(picked).append(".p").append(i).append(" { display: block }\n");
      s.append(picked).append(".stages [for=s").append(i)
          .append("] { background: var(--ink); color: var(--paper); border-color: var(--ink) }\n");
      s.append("#s").append(i).append(":focus-visible ~ .stages [for=s").append(i)
          .append("] { outline: 3px solid var(--k5); outline-offset: 2px }\n");
    }
    return s.toString();
  }
}
