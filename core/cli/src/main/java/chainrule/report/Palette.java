package chainrule.report;

import java.util.Locale;

/** Colours: of classes, which the style sheet has for light and for dark, and of numbers from low to high. */
final class Palette {
  /** Classes that can be told apart; more begin again with the first. */
  static final int COLOURS = 8;

  /** From dark violet to yellow, as bright as it is high, also in grey (viridis). */
  private static final int[] SEQUENTIAL = {
      0x440154, 0x472D7B, 0x3B528B, 0x2C728E, 0x21918C, 0x28AE80, 0x5EC962, 0xADDC30, 0xFDE725};

  private Palette() {}

  /** The style of class c. */
  static String style(int c) {
    return "k" + c % COLOURS;
  }

  /** The colour of step i of n, from low to high. */
  static String sequential(int i, int n) {
    double at = n < 2 ? 0.5 : (double) i / (n - 1);
    double place = at * (SEQUENTIAL.length - 1);
    int from = Math.min(SEQUENTIAL.length - 2, (int) place), colour = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      int a = SEQUENTIAL[from] >> shift & 0xFF, b = SEQUENTIAL[from + 1] >> shift & 0xFF;
      colour |= (int) Math.round(a + (b - a) * (place - from)) << shift;
    }
    return String.format(Locale.ROOT, "#%06x", colour);
  }
}
