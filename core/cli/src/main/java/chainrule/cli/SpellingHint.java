// SPDX-License-Identifier: MIT
package chainrule.cli;

import java.util.Collection;

/** Suggests the known word that a misspelled word most resembles. */
final class SpellingHint {
  private SpellingHint() {}

  /** Longer words are unlikely to be typos, and the distance takes quadratic time. */
  private static final int MAX_LENGTH = 64;

  /** Returns {@code "; did you mean X?"} for the nearest known word, or an empty string if none is close. */
  static String of(String word, Collection<String> known) {
    if (word.length() > MAX_LENGTH) return "";
    String best = "";
    int least = Math.max(1, word.length() / 3) + 1;
    for (String k : known) {
      int d = distance(word, k);
      if (d < least) {
        least = d;
        best = k;
      }
    }
    return best.isEmpty() ? "" : "; did you mean " + best + "?";
  }

  /** Optimal string alignment distance: insertions, deletions, substitutions and transpositions of adjacent letters. */
  private static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        d[i][j] = Math.min(d[i - 1][j - 1] + (same ? 0 : 1), 1 + Math.min(d[i][j - 1], d[i - 1][j]));
        boolean transposed = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        if (transposed) d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
      }
    }
    return d[a.length()][b.length()];
  }
}
