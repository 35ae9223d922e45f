// SPDX-License-Identifier: MIT
package chainrule.spec.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.spec.example.Plot;
import chainrule.spec.example.Plots;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Tests what the plots of the ledger page show. */
class PlotSvgTest {
  private static final Map<String, Plot> PLOTS = Plots.all();

  private static Plot.Curve curve(Plot plot, Plot.Role role) {
    return plot.curves().stream().filter(c -> c.role() == role).findFirst().orElse(null);
  }

  /** The other erratum, 003-backprop-2, is a sentence. */
  @Test
  void everyErratumButOneShowsThePrintedFormNextToTheRightOne() {
    Catalogue catalogue = Catalogue.load();
    TreeSet<String> without = new TreeSet<>();
    for (Catalogue.Formula f : catalogue.formulas()) {
      if (f.verdict() != Verdict.ERRATUM) continue;
      Plot plot = PLOTS.get(f.id());
      if (plot == null) {
        without.add(f.id());
        continue;
      }
      Plot.Curve right = plot.curves().get(0), printed = curve(plot, Plot.Role.PRINTED);
      assertEquals(Plot.Role.FORMULA, right.role());
      assertNotNull(printed, f.id());
      assertTrue(PlotSvg.pieces(plot).stream().flatMapToDouble(Arrays::stream).anyMatch(x -> Math.abs(
          right.function().applyAsDouble(x) - printed.function().applyAsDouble(x)) > 0.01),
          f.id() + " has the same curve twice");
    }
    assertEquals(new TreeSet<>(List.of("003-backprop-2")), without);
  }

  @Test
  void everyPlotBelongsToAFormulaAndNoConfirmedOneHasAPrintedForm() {
    Catalogue catalogue = Catalogue.load();
    PLOTS.forEach((id, plot) -> {
      assertNotNull(catalogue.get(id), id + " is not in the catalogue");
      if (catalogue.get(id).verdict() == Verdict.CONFIRMED) assertEquals(null, curve(plot, Plot.Role.PRINTED), id);
    });
  }

  /**
   * The central difference with h = 10⁻⁵ has an error of h²·f‴/6 and a rounding error of 10⁻¹⁰, for values below 10; f‴
   * is below 600 in all plots.
   */
  @Test
  void aCurveAndItsCompanionAreAFunctionAndItsDerivative() {
    int compared = 0;
    for (Map.Entry<String, Plot> e : PLOTS.entrySet()) {
      Plot plot = e.getValue();
      Plot.Curve first = plot.curves().get(0), second = curve(plot, Plot.Role.COMPANION);
      if (second == null) continue;
      boolean derivative = e.getKey().endsWith("-d") || e.getKey().equals("002-chain-result");
      Plot.Curve f = derivative ? second : first, slope = derivative ? first : second;
      double h = 1e-5;
      for (double[] piece : PlotSvg.pieces(plot)) {
        for (int k = 1; k < piece.length - 1; k++) {
          double x = piece[k], after = f.function().applyAsDouble(x + h), before = f.function().applyAsDouble(x - h);
          assertEquals((after - before) / (2 * h), slope.function().applyAsDouble(x), 1e-7, e.getKey() + " at " + x);
          compared++;
        }
      }
    }
    assertTrue(compared > 1000, compared + " comparisons");
  }

  @Test
  void everyDrawingIsSmallAndHasATitle() {
    Pattern path = Pattern.compile(" d=\"(M[^\"]*)\"");
    PLOTS.forEach((id, plot) -> {
      String svg = PlotSvg.figure(id, plot);
      assertTrue(svg.contains("role=img><title>For " + LedgerHtml.escape(plot.variable()) + " from "), svg);
      assertTrue(svg.length() < 2600, id + ": " + svg.length() + " characters");
      Matcher m = path.matcher(svg);
      while (m.find()) {
        int points = m.group(1).split("[Ml]").length - 1;
        assertTrue(points <= PlotSvg.POINTS, id + ": " + points + " points");
      }
      for (Plot.Curve c : plot.curves()) {
        assertTrue(svg.contains("<b>" + PlotSvg.line(c.role()) + "</b>"), id + ": no caption for " + c.name());
      }
    });
  }

  /** A line from (−1, −1) to (1, 1) has two points; sign has two lines and a dot for 0. */
  @Test
  void straightLinesHaveTwoPointsAndJumpsADot() {
    String line = PlotSvg.figure("x", Plot.of("z", "z", -1, 1, z -> z));
    assertTrue(line.contains("<path class=solid d=\"M120 250l450-225\"/>"), line);
    String sign = PlotSvg.figure("x", new Plot("z", -1, 1, List.of(0.0), List.of(
        new Plot.Curve(Plot.Role.FORMULA, "sign", Math::signum))));
    assertTrue(sign.contains("<path class=solid d=\"M120 250l225 0M345 25l225 0\"/>"
        + "<circle class=solid r=7 cx=345 cy=138 />"), sign);
  }

  @Test
  void numbersHaveThreeDigits() {
    List<String> written = new ArrayList<>();
    for (double v : new double[] {0, -1.5, 1234.5, 2 / 3.0, 0.00012, -4}) written.add(PlotSvg.number(v));
    assertEquals(List.of("0", "−1.5", "1230", "0.667", "1e−4", "−4"), written);
  }
}
