// SPDX-License-Identifier: MIT
package chainrule.explain;

import java.util.ArrayList;
import java.util.List;

/** A sum that is written term by term. If it is long, the terms after the first few are one number. */
final class Sum {
  /** The largest number of terms that are all written. */
  static final int MOST_TERMS = 8;
  /** The number of terms that are written of a longer sum. */
  private static final int FIRST_TERMS = 6;

  private final List<String> terms = new ArrayList<>();
  private final List<Double> values = new ArrayList<>();

  Sum product(double a, double b) {
    return term(Numbers.of(a) + "·" + Numbers.factor(b), a * b);
  }

  /** Adds a term as it is written, and its value, which counts if the term is not written. */
  Sum term(String text, double value) {
    terms.add(text);
    values.add(value);
    return this;
  }

  /** Returns {@code a·b + c·d}, or {@code a·b + … + 0.7 (12 more terms)}; {@code 0} for no terms. */
  @Override public String toString() {
    if (terms.isEmpty()) return "0";
    if (terms.size() <= MOST_TERMS) return joined(terms);
    double rest = 0;
    for (double v : values.subList(FIRST_TERMS, values.size())) rest += v;
    return joined(terms.subList(0, FIRST_TERMS)) + plus(Numbers.of(rest)) + " (" + (terms.size() - FIRST_TERMS)
        + " more terms)";
  }

  private static String joined(List<String> terms) {
    StringBuilder s = new StringBuilder(terms.get(0));
    for (String term : terms.subList(1, terms.size())) s.append(plus(term));
    return s.toString();
  }

  private static String plus(String term) {
    return term.startsWith("−") ? " − " + term.substring(1) : " + " + term;
  }
}
