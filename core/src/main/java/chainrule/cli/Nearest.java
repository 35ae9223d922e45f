package chainrule.cli;

import java.util.Collection;

/** Finds the word that somebody probably meant. */
final class Nearest {
  private Nearest() {}

  /** {@code "; did you mean X?"} for the nearest known word, or nothing where none is near. */
  static String hint(String word, Collection<String> known) {
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

  /** Insertions, deletions and replacements that turn a into b (Levenshtein). */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) row[j] = j;
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
