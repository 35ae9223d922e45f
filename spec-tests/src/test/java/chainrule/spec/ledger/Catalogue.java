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

/** The catalogue of formulas, read from {@code catalogue.txt}, whose head explains its form. */
final class Catalogue {
  /** The first part of the ids that stand in none of the documents. */
  static final String BEYOND = "beyond";

  private static final Set<String> KEYS = Set.of("formula", "tex", "mended", "mended-tex", "note");

  /**
   * A formula. What is missing is the empty string.
   *
   * @param section heading it stands under
   * @param formula as printed, in plain text
   * @param tex as printed, typeset
   * @param mended what the code implements where that is not what is printed, in plain text
   * @param mendedTex the same, typeset
   * @param note what the verdict is about
   */
  record Formula(
      String id, String section, Verdict verdict, String formula, String tex, String mended, String mendedTex,
      String note) {
    /** The first three digits of the document's name, or "beyond". */
    String document() {
      return id.substring(0, id.indexOf('-'));
    }

    boolean isOfTheDocuments() {
      return !document().equals(BEYOND);
    }
  }

  private final Map<String, Formula> formulas = new LinkedHashMap<>();

  private Catalogue() {}

  /** The project's catalogue. */
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
        if (fields.put(key, words[1]) != null) throw bad(number, id + " has two lines \"" + key + "\"");
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
          throw bad(number, id + ": no such verdict: " + words[1]);
        }
      }
    }
    return c;
  }

  private void add(int line, String id, String section, Verdict verdict, Map<String, String> fields) {
    if (!id.matches("(\\d{3}|" + BEYOND + ")-[a-z0-9.-]+")) throw bad(line, "not an id: " + id);
    if (!fields.containsKey("formula") || !fields.containsKey("tex")) throw bad(line, id + " needs formula and tex");
    if (fields.containsKey("mended") != fields.containsKey("mended-tex")) {
      throw bad(line, id + " needs both of mended and mended-tex, or neither");
    }
    if (verdict == Verdict.ERRATUM && !fields.containsKey("mended")) throw bad(line, id + " needs its corrected form");
    if (verdict != Verdict.CONFIRMED && !fields.containsKey("note")) throw bad(line, id + " needs a note");
    Formula f = new Formula(
        id, section, verdict, fields.get("formula"), fields.get("tex"), fields.getOrDefault("mended", ""),
        fields.getOrDefault("mended-tex", ""), fields.getOrDefault("note", ""));
    fields.clear();
    if (formulas.put(id, f) != null) throw bad(line, id + " is there twice");
  }

  private static IllegalArgumentException bad(int line, String what) {
    return new IllegalArgumentException("catalogue.txt, before or in line " + line + ": " + what);
  }

  /** In the catalogue's order. */
  List<Formula> formulas() {
    return new ArrayList<>(formulas.values());
  }

  /** Null if there is none. */
  Formula get(String id) {
    return formulas.get(id);
  }

  /** How many formulas of the five documents there are, and with this verdict. */
  long count(Verdict verdict) {
    return formulas.values().stream().filter(f -> f.isOfTheDocuments() && (verdict == null || f.verdict == verdict))
        .count();
  }

  /** "3 formulas of five documents: 2 confirmed, 0 hold under a stated convention, …": as the README has it. */
  String totals() {
    return count(null) + " formulas of five documents: " + count(Verdict.CONFIRMED) + " confirmed as printed, "
        + count(Verdict.CONVENTION) + " true under a convention, " + count(Verdict.ERRATUM) + " false as printed, "
        + count(Verdict.NOTATION) + " with a notation to be read right";
  }
}
