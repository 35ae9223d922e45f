// SPDX-License-Identifier: MIT
package chainrule.spec.ledger;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The order and the titles of the documents, read from {@code sheets.txt}, and after them the formulas that are in none
 * of the documents, grouped by subject.
 */
final class Sheets {
  /**
   * A document.
   *
   * @param number the three digits that its name starts with, or "beyond"
   */
  record Sheet(String number, String title, List<Section> sections) {}

  /**
   * The formulas below one heading.
   *
   * @param title the heading, with that of the section around it: "2 Loss Functions › 2.1 Mean Squared Error"
   */
  record Section(String title, List<String> ids) {}

  private final List<Sheet> sheets;

  private Sheets(List<Sheet> sheets) {
    this.sheets = sheets;
  }

  /** Loads the project's sheets, with the rows of its catalogue that are in none of them. */
  static Sheets load(Catalogue catalogue) {
    try (InputStream in = Sheets.class.getResourceAsStream("sheets.txt")) {
      return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), catalogue);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** @throws IllegalArgumentException unless each id of a document stands once, and under the right document */
  static Sheets parse(String text, Catalogue catalogue) {
    List<Sheet> sheets = new ArrayList<>();
    Set<String> placed = new HashSet<>();
    String chapter = "";
    int number = 0;
    for (String line : text.split("\n")) {
      number++;
      if (line.isBlank() || line.startsWith("//")) continue;
      String[] words = line.strip().split("\\s+", 2);
      if (line.startsWith("= ")) {
        String[] title = words[1].split("\\s+", 2);
        sheets.add(new Sheet(title[0], title[1], new ArrayList<>()));
      } else if (sheets.isEmpty()) {
        throw bad(number, "expected a document: = 000  Title");
      } else if (words[0].equals("#")) {
        chapter = words[1];
        last(sheets).sections.add(new Section(chapter, new ArrayList<>()));
      } else if (words[0].equals("##")) {
        last(sheets).sections.add(new Section(chapter + " › " + words[1], new ArrayList<>()));
      } else {
        for (String id : line.strip().split("\\s+")) {
          Catalogue.Formula f = catalogue.get(id);
          if (f == null || !f.document().equals(last(sheets).number)) {
            throw bad(number, id + " is not in this document");
          }
          if (!placed.add(id)) throw bad(number, id + " stands twice");
          last(last(sheets).sections).ids.add(id);
        }
      }
    }
    Map<String, Section> beyond = new LinkedHashMap<>();
    for (Catalogue.Formula f : catalogue.formulas()) {
      if (!f.isOfTheDocuments()) {
        beyond.computeIfAbsent(f.section(), s -> new Section(s, new ArrayList<>())).ids.add(f.id());
      } else if (!placed.contains(f.id())) {
        throw bad(number, f.id() + " is missing");
      }
    }
    sheets.add(new Sheet(Catalogue.BEYOND, "Beyond the documents", new ArrayList<>(beyond.values())));
    for (Sheet sheet : sheets) sheet.sections.removeIf(s -> s.ids.isEmpty());
    return new Sheets(sheets);
  }

  private static <T> T last(List<T> list) {
    if (list.isEmpty()) throw new IllegalArgumentException("sheets.txt: an id stands above the first heading");
    return list.get(list.size() - 1);
  }

  private static IllegalArgumentException bad(int line, String what) {
    return new IllegalArgumentException("sheets.txt, line " + line + ": " + what);
  }

  /** Returns the documents in their order, then the formulas beyond them. */
  List<Sheet> sheets() {
    return List.copyOf(sheets);
  }

  /** Returns the titles by number. */
  Map<String, String> titles() {
    Map<String, String> titles = new LinkedHashMap<>();
    for (Sheet s : sheets) titles.put(s.number, s.title);
    return titles;
  }
}
