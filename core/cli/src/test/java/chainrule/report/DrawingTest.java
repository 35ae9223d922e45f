// SPDX-License-Identifier: MIT
package chainrule.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.format.Formatting;
import chainrule.report.Axis.Tick;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DrawingTest {

  private static String labels(Axis axis) {
    return axis.ticks().stream().map(Tick::label).collect(Collectors.joining(" "));
  }

  @Test
  void ticksAreRound() {
    assertEquals("0 0.1 0.2 0.3", labels(Axis.around(0, 0.3, 5)));
    assertEquals("0.24 0.26 0.28 0.30", labels(Axis.around(0.241, 0.299, 5)));
    assertEquals("−0.5 0 0.5 1.0", labels(Axis.around(-0.3, 0.9, 4)));
    assertEquals("0 200k 400k 600k", labels(Axis.around(14_999, 500_001, 4)));
    assertEquals("0 0.5M 1M 1.5M", labels(Axis.around(0, 1.4e6, 3)));
    assertEquals("2,000 2,500 3,000", labels(Axis.around(2000, 3000, 3)));
    assertEquals("0 10⁻⁵ 2×10⁻⁵", labels(Axis.around(0, 2e-5, 3)));
    assertEquals("90 % 95 % 100 %", labels(Axis.shares(0.91, 1, 3)));
    assertEquals("99.8 % 99.9 % 100 %", labels(Axis.shares(0.998, 1, 3)));
    assertEquals("50 100 150 200", labels(Axis.whole(1, 200, 5)));
    assertEquals("1 2 3", labels(Axis.whole(1, 3, 5)));
    assertEquals("1", labels(Axis.whole(1, 1, 5)));
    assertEquals("0.01 0.1 1", labels(Axis.logarithmic(0.004, 3)).replaceAll("[0-9.]*[25] ?", "").trim());
    assertEquals("10⁻⁴ 0.001 0.01 0.1 1", labels(Axis.logarithmic(5e-5, 2)));
  }

  @Test
  void axesContainTheirRange() {
    double[] ends = {0, 1e-300, -1e-300, 1e-9, 0.1, -0.1, 0.3, 1, 7, -12.5, 99.999, 1e6, 123456789, 1e15, -1e100,
        1e300};
    for (double a : ends) {
      for (double b : ends) {
        if (a > b) continue;
        for (int intervals = 3; intervals <= 12; intervals += 3) {
          Axis around = Axis.around(a, b, intervals), within = Axis.within(a, b, intervals);
          for (Axis axis : new Axis[] {around, within}) {
            assertTrue(axis.low() <= a && axis.high() >= b && axis.low() < axis.high(), () -> axis.toString());
            assertTrue(axis.ticks().size() <= intervals + 3, () -> axis.toString());
            for (Tick t : axis.ticks()) {
              double at = axis.at(t.value());
              assertTrue(at > -1e-6 && at < 1 + 1e-6, () -> t + " in " + axis);
            }
            assertTrue(axis.at(a) > -1e-9 && axis.at(b) < 1 + 1e-9, () -> axis.toString());
          }
          assertTrue(around.ticks().size() >= 2, () -> around.toString());
        }
        if (a > 0 && b > a) {
          Axis log = Axis.logarithmic(a, b);
          assertTrue(log.at(a) == 0 && log.at(b) == 1 && log.ticks().size() <= 12, () -> log.toString());
        }
      }
    }
  }

  @Test
  void numbersAreFormattedShort() {
    assertEquals("0.0381", Formatting.value(0.0381));
    assertEquals("9.1×10⁻⁵", Formatting.value(9.1e-5));
    assertEquals("12.34", Formatting.value(12.3443));
    assertEquals("68,432", Formatting.value(68432.4));
    assertEquals("−3.87", Formatting.value(-3.8661));
    assertEquals("1.2×10¹²", Formatting.value(1.23e12));
    assertEquals("– ∞ −∞ 0", String.join(
        " ", Formatting.value(Double.NaN), Formatting.value(1 / 0.0), Formatting.value(-1 / 0.0), Formatting.value(0)));
    assertEquals("99.99 % 100 % 0 % 0.1 %",
        String.join(" ", Formatting.percent(0.99999, 100_000), Formatting.percent(1, 9),
        Formatting.percent(0, 9), Formatting.percent(1e-9, 9)));
    assertEquals("0.04 s 0.6 s 4.2 s 42 s 3 min 07 s 2 h 05 min",
        String.join(" ", Formatting.duration(0.04), Formatting.duration(0.62), Formatting.duration(4.2),
        Formatting.duration(42), Formatting.duration(187), Formatting.duration(7500)));
    assertEquals("1 row 2 rows", Formatting.count(1, "row", "rows") + " " + Formatting.count(2, "row", "rows"));
    assertEquals("-0.5 0 12 12.3",
        String.join(" ", Formatting.px(-0.5), Formatting.px(-0.04), Formatting.px(12.0), Formatting.px(12.34)));
    assertEquals("ab…", Formatting.truncate("abcdef", 3));
    assertEquals("\uD83D\uDE00…", Formatting.truncate("\uD83D\uDE00\uD83D\uDE00\uD83D\uDE00", 2));
  }

  @Test
  void confidenceIntervalsAreWilsons() {
    // Newcombe (1998), table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29; limits to four digits.
    double[][] known = {{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611},
        {1, 29, 0.0061, 0.1718}};
    for (double[] k : known) {
      double[] interval = ReportHeader.interval(k[0] / k[1], (int) k[1]);
      assertEquals(k[2], interval[0], 6e-5);
      assertEquals(k[3], interval[1], 6e-5);
    }
  }

  @Test
  void downsampledLinesKeepTheirPeaks() {
    int n = 100_000;
    double[] y = new double[n];
    for (int i = 0; i < n; i++) y[i] = i * 1e-6;
    y[54_321] = 9;
    y[12_345] = -9;
    y[77_777] = Double.NaN;
    int[] kept = Downsampling.line(y, Axis.around(-9, 9, 5), 240);
    assertTrue(kept.length <= 3 * 240 + 2, "points: " + kept.length);
    List<Integer> list = new ArrayList<>();
    for (int i : kept) list.add(i);
    assertTrue(list.containsAll(List.of(0, 12_345, 54_321, 77_777, n - 1)));
    assertEquals(list.stream().sorted().distinct().toList(), list);
    assertArrayEquals(new int[] {0, 1, 2}, Downsampling.evenly(3, 5));
    assertArrayEquals(new int[] {0, 2, 4, 6, 8}, Downsampling.evenly(10, 5));
  }

  /** The area that all outlines enclose, by the shoelace formula: a witness that is independent of the grid. */
  private static double area(String d) {
    double area = 0;
    for (String outline : d.split("(?=M)")) {
      if (outline.isEmpty()) continue;
      String[] numbers = outline.replaceAll("(?<=[0-9])-", " -").replaceAll("[Mlz]", " ").trim().split(" +");
      double x0 = Double.parseDouble(numbers[0]), y0 = Double.parseDouble(numbers[1]), x = x0, y = y0;
      for (int i = 2; i < numbers.length; i += 2) {
        double nx = x + Double.parseDouble(numbers[i]), ny = y + Double.parseDouble(numbers[i + 1]);
        area += x * ny - nx * y;
        x = nx;
        y = ny;
      }
      area += x * y0 - x0 * y;
    }
    return area / 2;
  }

  @Test
  void contoursEncloseTheRegionAboveTheLevel() {
    int n = 101;
    double[] cone = new double[n * n], ring = new double[n * n];
    for (int i = 0; i < n * n; i++) {
      double dx = i % n / 50.0 - 1, dy = i / n / 50.0 - 1, r = Math.sqrt(dx * dx + dy * dy);
      cone[i] = 0.5 - r;
      ring[i] = 0.2 - Math.abs(r - 0.5);
    }
    double perUnit = 500.0 * 500; // 100 px wide: square tenths of a pixel per square unit
    assertEquals(Math.PI * 0.25, area(Contours.above(n, cone, 0, 100, 100)) / perUnit, 0.01);
    assertEquals(Math.PI * (0.49 - 0.09), area(Contours.above(n, ring, 0, 100, 100)) / perUnit, 0.02,
        "the ring must have a hole");
    assertEquals("", Contours.above(n, cone, 1, 100, 100));
    double all = area(Contours.above(n, cone, -9, 100, 100)) / perUnit;
    assertTrue(all > 4 && all < 4.1, "the outline must enclose the grid and half a cell around it: " + all);
    double[] nan = new double[n * n];
    java.util.Arrays.fill(nan, Double.NaN);
    assertEquals("", Contours.above(n, nan, 0, 100, 100));
  }

  @Test
  void saddlesAndSinglePointsGiveClosedOutlines() {
    double[] board = new double[36];
    for (int i = 0; i < 36; i++) board[i] = (i % 6 + i / 6) % 2 == 0 ? 1 : -1;
    String d = Contours.above(6, board, 0, 60, 60);
    assertTrue(d.chars().filter(c -> c == 'M').count() >= 1);
    assertEquals(d.chars().filter(c -> c == 'M').count(), d.chars().filter(c -> c == 'z').count());
  }

  @Test
  void proximityDecreasesWithDistance() {
    double[] f = Proximity.of(11, new double[] {0.5}, new double[] {0.5}, 0.3);
    assertEquals(1, f[5 * 11 + 5]);
    assertEquals(1 - 0.1 / 0.3, f[5 * 11 + 6], 1e-12);
    assertEquals(0, f[0]);
  }

  @Test
  void pngImagesRoundTrip() throws Exception {
    byte[] pixels = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14};
    for (int colors : new int[] {16, 200}) {
      int[] argb = new int[colors];
      for (int i = 0; i < colors; i++) argb[i] = i << 24 | i * 0x010203;
      byte[] png = Png.file(5, 3, pixels, argb);
      assertArrayEquals(pixels, PngReader.pixels(png, 5, 3, colors <= 16 ? 4 : 8));
    }
  }
}
