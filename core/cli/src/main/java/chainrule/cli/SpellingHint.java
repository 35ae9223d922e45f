package chainrule.cli;

import java.util.Collection;

/** Finds the word that somebody probably meant. */
final class SpellingHint {
  private SpellingHint() {}

  /** Longer words are no typing errors. */
  private static final int LONGEST = 64;

  /** {@code "; did you mean X?"} for the nearest known word, or nothing where none is near. */
  static String hint(String word, Collection<String> known) {
    if (word.length() > LONGEST) return "";
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

  /** Insertions, deletions, replacements and swaps of neighbours that turn a into b (optimal string alignment). */
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
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
      }
    }
    return d[a.length()][b.length()];
  }
}
