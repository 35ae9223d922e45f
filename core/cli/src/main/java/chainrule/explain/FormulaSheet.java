// SPDX-License-Identifier: MIT
package chainrule.explain;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The formulas in {@code formulas.txt}, which is generated from the ledger; its first lines describe the format. */
public final class FormulaSheet {
  private static final String RESOURCE = "/chainrule/cli/formulas.txt";

  private final Map<String, Formula> byId = new LinkedHashMap<>();

  private FormulaSheet(BufferedReader in) throws IOException {
    Map<String, String> fields = new LinkedHashMap<>();
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.startsWith("//")) continue;
      if (line.isEmpty()) {
        add(fields);
        continue;
      }
      int space = line.indexOf(' ');
      fields.put(line.substring(0, space), line.substring(space + 1));
    }
    add(fields);
  }

  private void add(Map<String, String> fields) {
    if (fields.isEmpty()) return;
    Formula formula = new Formula(fields);
    byId.put(formula.id(), formula);
    fields.clear();
  }

  /**
   * Reads the formulas.
   *
   * @return all formulas of the library
   */
  public static FormulaSheet load() {
    try (InputStream in = FormulaSheet.class.getResourceAsStream(RESOURCE)) {
      if (in == null) throw new IllegalStateException(RESOURCE + " is missing");
      return new FormulaSheet(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@return all formulas, in the order of their documents} */
  public List<Formula> formulas() {
    return List.copyOf(byId.values());
  }

  /**
   * {@return the formula with this id; empty if there is none}
   *
   * @param id the id, as in the ledger
   */
  public Optional<Formula> byId(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  /**
   * {@return the formulas that a word means: the one with this id, else those with this name, else those whose names
   * contain it} Upper and lower case are the same; {@code '}, {@code prime} and {@code delta} stand for ′ and δ.
   *
   * @param word an id, a name or a part of a name
   */
  public List<Formula> find(String word) {
    String wanted = plain(word);
    if (wanted.isEmpty()) return List.of();
    List<Formula> same = new ArrayList<>(), containing = new ArrayList<>();
    for (Formula f : byId.values()) {
      if (plain(f.id()).equals(wanted)) return List.of(f);
      String name = plain(f.name());
      if (name.equals(wanted)) same.add(f);
      else if (name.contains(wanted)) containing.add(f);
    }
    return same.isEmpty() ? containing : same;
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replace("delta", "δ").replace("epsilon", "ε").replace(" prime", "′")
        .replace('\'', '′').replace('-', ' ').strip();
  }
}
