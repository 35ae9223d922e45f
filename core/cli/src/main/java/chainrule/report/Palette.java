// SPDX-License-Identifier: MIT
package chainrule.report;

import java.util.Locale;

/** The colors of classes, which the style sheet defines for light and dark mode, and a color scale for numbers. */
final class Palette {
  /** The number of distinct class colors; further classes repeat them. */
  static final int COLORS = 8;

  /** The viridis scale: from dark violet to yellow, with increasing brightness. */
  private static final int[] SEQUENTIAL = {
      0x440154, 0x472D7B, 0x3B528B, 0x2C728E, 0x21918C, 0x28AE80, 0x5EC962, 0xADDC30, 0xFDE725};

  private Palette() {}

  /** Returns the CSS class that gives class c its color. */
  static String style(int c) {
    return "k" + c % COLORS;
  }

  /** Returns the color of step i of n, from low to high. */
  static String sequential(int i, int n) {
    double at = n < 2 ? 0.5 : (double) i / (n - 1);
    double place = at * (SEQUENTIAL.length - 1);
    int from = Math.min(SEQUENTIAL.length - 2, (int) place), color = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      int a = SEQUENTIAL[from] >> shift & 0xFF, b = SEQUENTIAL[from + 1] >> shift & 0xFF;
      color |= (int) Math.round(a + (b - a) * (place - from)) << shift;
    }
    return String.format(Locale.ROOT, "#%06x", color);
  }
}
