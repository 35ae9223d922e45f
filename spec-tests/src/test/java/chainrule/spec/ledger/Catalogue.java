// SPDX-License-Identifier: MIT
package chainrule.spec.ledger;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The catalogue of formulas, read from {@code catalogue.txt}. The comment at its top describes the format. */
final class Catalogue {
  /** The prefix of the ids of formulas that are in none of the documents. */
  static final String BEYOND = "beyond";

  private static final Set<String> KEYS = Set.of("name", "formula", "tex", "corrected", "corrected-tex", "note");

  /**
   * A formula. A missing field is an empty string.
   *
   * @param name what the field calls it: "hidden δ"
   * @param section the heading above it
   * @param formula the formula as printed, in plain text
   * @param tex the formula as printed, in TeX
   * @param corrected the formula that the code implements, if that differs from the printed one, in plain text
   * @param correctedTex the same in TeX
   * @param note the reason for the verdict
   */
  record Formula(
      String id, String name, String section, Verdict verdict, String formula, String tex, String corrected,
      String correctedTex, String note) {
    /** Returns the three digits that the document's name starts with, or "beyond". */
    String document() {
      return id.substring(0, id.indexOf('-'));
    }

    boolean isOfTheDocuments() {
      return !document().equals(BEYOND);
    }
  }

  private final Map<String, Formula> formulas = new LinkedHashMap<>();

  private Catalogue() {}

  /** Loads the project's catalogue. */
  static Catalogue load() {
    try (InputStream in = Catalogue.class.getResourceAsStream("catalogue.txt")) {
      return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Catalogue parse(String text) {
    Catalogue c = new Catalogue();
    String section = null, id = null, key = null;
    Verdict verdict = null;
    Map<String, String> fields = new LinkedHashMap<>();
    int number = 0;
    for (String line : (text + "\n// end").split("\n")) {
      number++;
      if (line.startsWith(" ") && key != null) {
        fields.merge(key, line.strip(), (a, b) -> a + " " + b);
        continue;
      }
      String[] words = line.strip().split("\\s+", 2);
      if (KEYS.contains(words[0]) && words.length == 2 && id != null) {
        key = words[0];
        if (fields.put(key, words[1]) != null) throw bad(number, id + " has two \"" + key + "\" lines");
        continue;
      }
      key = null;
      if (line.isBlank()) continue;
      if (id != null) c.add(number, id, section, verdict, fields);
      id = null;
      if (line.startsWith("# ")) {
        section = line.substring(2).strip();
      } else if (!line.startsWith("//")) {
        if (words.length != 2 || section == null) throw bad(number, "expected an id and a verdict, got: " + line);
        id = words[0];
        try {
          verdict = Verdict.valueOf(words[1].toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
          throw bad(number, id + ": unknown verdict: " + words[1]);
        }
      }
    }
    return c;
  }

  private void add(int line, String id, String section, Verdict verdict, Map<String, String> fields) {
    if (!id.matches("(\\d{3}|" + BEYOND + ")-[a-z0-9.-]+")) throw bad(line, "invalid id: " + id);
    for (String key : List.of("name", "formula", "tex")) {
      if (!fields.containsKey(key)) throw bad(line, id + " needs a " + key);
    }
    if (fields.containsKey("corrected") != fields.containsKey("corrected-tex")) {
      throw bad(line, id + " needs both corrected and corrected-tex, or neither");
    }
    if (verdict == Verdict.ERRATUM && !fields.containsKey("corrected")) throw bad(line, id + " needs a corrected form");
    if (verdict != Verdict.CONFIRMED && !fields.containsKey("note")) throw bad(line, id + " needs a note");
    Formula f = new Formula(
        id, fields.get("name"), section, verdict, fields.get("formula"), fields.get("tex"),
        fields.getOrDefault("corrected", ""), fields.getOrDefault("corrected-tex", ""),
        fields.getOrDefault("note", ""));
    fields.clear();
    if (formulas.put(id, f) != null) throw bad(line, id + " is defined twice");
  }

  private static IllegalArgumentException bad(int line, String what) {
    return new IllegalArgumentException("catalogue.txt, on or before line " + line + ": " + what);
  }

  /** Returns all formulas, in the catalogue's order. */
  List<Formula> formulas() {
    return new ArrayList<>(formulas.values());
  }

  /** Returns the formula with this id, or null if there is none. */
  Formula get(String id) {
    return formulas.get(id);
  }

  /** Counts the formulas of the five documents that have this verdict, or all of them if it is null. */
  long count(Verdict verdict) {
    return formulas.values().stream().filter(f -> f.isOfTheDocuments() && (verdict == null || f.verdict == verdict))
        .count();
  }

  /** Returns the totals as the README states them: "3 formulas from five documents: 2 confirmed as printed, …". */
  String totals() {
    return count(null) + " formulas from five documents: " + count(Verdict.CONFIRMED) + " confirmed as printed, "
        + count(Verdict.CONVENTION) + " true under a convention, " + count(Verdict.ERRATUM) + " false as printed, "
        + count(Verdict.NOTATION) + " with incomplete or ambiguous notation";
  }
}
