// SPDX-License-Identifier: MIT
package chainrule.spec.ledger;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The one place of each formula in the library and its main test, from the {@link Proves} annotation that names them
 * and from the sources that they stand in. Needs no run of the tests.
 */
final class Homes {
  /**
   * Where a formula is at home.
   *
   * @param member the member that computes it: {@code MeanAbsoluteError#derivative}
   * @param file the member's source, relative to the checkout
   * @param line the line of its declaration, from 1; 0 if it was not found
   * @param test the main test: {@code LossSpec#thePrintedDerivatives…}
   * @param testFile the source of the test, relative to the checkout
   * @param testLine the line of its declaration, from 1
   */
  record Home(String member, String file, int line, String test, String testFile, int testLine) {}

  /** A claim of an annotation: this test is the main test of the formula, and this member is its home. */
  record Claim(String id, String member, String test) {}

  private final Map<String, Home> homes = new HashMap<>();
  private final List<String> problems = new ArrayList<>();

  private Homes() {}

  /** Reads the annotations of all specs and the main sources. */
  static Homes load(Catalogue catalogue) throws IOException {
    List<Claim> claims = new ArrayList<>();
    for (Annotations.Use use : Annotations.load()) {
      if (use.proves().home().isEmpty()) continue;
      for (String id : use.proves().value()) claims.add(new Claim(id, use.proves().home(), use.test()));
    }
    return of(catalogue, claims, SourcePlaces.load(Path.of("..")), Annotations.lines());
  }

  /**
   * Joins claims with sources.
   *
   * @param lines the lines of the tests
   */
  static Homes of(
      Catalogue catalogue, List<Claim> claims, List<SourcePlaces.Mention> mentions, Map<String, Integer> lines) {
    Homes all = new Homes();
    Map<String, List<Claim>> claimed = new TreeMap<>();
    Map<String, List<SourcePlaces.Mention>> mentioned = new TreeMap<>();
    for (Claim c : claims) claimed.computeIfAbsent(c.id, k -> new ArrayList<>()).add(c);
    for (SourcePlaces.Mention m : mentions) mentioned.computeIfAbsent(m.id(), k -> new ArrayList<>()).add(m);
    for (Catalogue.Formula f : catalogue.formulas()) {
      all.add(f.id(), claimed.getOrDefault(f.id(), List.of()), mentioned.getOrDefault(f.id(), List.of()), lines);
    }
    for (SourcePlaces.Mention m : mentions) {
      if (!m.spec().isEmpty() && catalogue.get(m.id()) == null) {
        all.problems.add(m.file() + ":" + m.line() + ": " + m.id() + " is not in the catalogue");
      }
    }
    return all;
  }

  private void add(
      String id, List<Claim> claims, List<SourcePlaces.Mention> mentions, Map<String, Integer> lines) {
    if (claims.size() != 1) {
      problems.add(id + " has " + (claims.isEmpty() ? "no main test" : "several main tests: " + tests(claims))
          + "; exactly one @Proves(\"" + id + "\") names its home");
      return;
    }
    Claim c = claims.get(0);
    List<SourcePlaces.Mention> own = mentions.stream().filter(m -> m.member().equals(c.member)).toList();
    SourcePlaces.Mention home = own.isEmpty() ? null : own.get(0);
    homes.put(id, new Home(c.member, home == null ? "" : home.file(), home == null ? 0 : home.line(), c.test,
        Annotations.SPECS + c.test.replaceFirst("#.*", "") + ".java", lines.getOrDefault(c.test, 0)));
    String line = "\"Formula: " + id + ". Spec: " + c.test + ".\"";
    if (home == null) {
      problems.add(id + ": the Javadoc of " + c.member + " lacks " + line);
    } else if (!home.spec().equals(c.test)) {
      problems.add(home.file() + ":" + home.line() + ": expected " + line + ", found Spec: " + home.spec());
    }
    for (SourcePlaces.Mention m : mentions) {
      if (m != home) problems.add(m.file() + ":" + m.line() + ": " + id + " stands outside its home, " + c.member);
    }
  }

  private static String tests(List<Claim> claims) {
    return String.join(", ", claims.stream().map(Claim::test).toList());
  }

  /** Returns what is wrong, one sentence each; empty if every formula has one home that names it and its test. */
  List<String> problems() {
    return List.copyOf(problems);
  }

  /** Returns the home of a formula, or null if it has none. */
  Home of(String id) {
    return homes.get(id);
  }
}
