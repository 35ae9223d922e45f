// SPDX-License-Identifier: MIT
package chainrule.spec.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests that each formula has one home, whose Javadoc names it and its main test, and that deviations are reported. */
class HomesTest {
  private static final Catalogue ONE = Catalogue.parse("# A\n000-1.1  confirmed\nname n\nformula  x\ntex x\n");
  private static final List<String> SOURCE = List.of(
      "package p;", "/** Outer. */", "final class Outer {", "  /** Inner. */", "  static final class Inner {",
      "    /**", "     * Returns x.", "     * Formula: 000-1.1, 003-x-d. Spec:", "     * LinearSpec#holds.", "     */",
      "    @Override public double value(double x) {", "      return x; // 001-relu", "    }", "  }",
      "  String shown = \"003-mae\";",
      "  /** See 002-relu. Formula: 001-gd. Spec: GdSpec#steps. */", "  static final double RATE = 1;",
      "  /** Formula: beyond-roc. Spec: RocSpec#counts. */", "  F1 {", "  }", "}");

  @Test
  void everyFormulaStandsInTheJavadocOfItsHomeOnceWithItsMainTest() throws IOException {
    Catalogue catalogue = Catalogue.load();
    Homes homes = Homes.load(catalogue);
    assertEquals("", String.join("\n", homes.problems()));
    LibraryCode code = LibraryCode.load();
    for (Catalogue.Formula f : catalogue.formulas()) {
      Homes.Home home = homes.of(f.id());
      assertEquals("", code.missing(home.member()), f.id());
      assertTrue(home.line() > 0 && home.testLine() > 0, f.id() + ": " + home);
    }
  }

  @Test
  void idsAreFoundInCommentsWithTheMemberBelowADocumentationComment() {
    assertEquals(List.of(
        new SourcePlaces.Mention("000-1.1", "F.java", 11, "Outer.Inner#value", "LinearSpec#holds"),
        new SourcePlaces.Mention("003-x-d", "F.java", 11, "Outer.Inner#value", "LinearSpec#holds"),
        new SourcePlaces.Mention("001-relu", "F.java", 12, "", ""),
        new SourcePlaces.Mention("001-gd", "F.java", 17, "Outer#RATE", "GdSpec#steps"),
        new SourcePlaces.Mention("002-relu", "F.java", 16, "", ""),
        new SourcePlaces.Mention("beyond-roc", "F.java", 19, "Outer#F1", "RocSpec#counts")),
        SourcePlaces.in("F.java", SOURCE));
  }

  private static List<String> problems(List<Homes.Claim> claims, SourcePlaces.Mention... mentions) {
    return Homes.of(ONE, claims, List.of(mentions), Map.of("ASpec#a", 7)).problems();
  }

  @Test
  void everyDeviationIsReported() {
    var claim = new Homes.Claim("000-1.1", "Linear#value", "ASpec#a");
    var home = new SourcePlaces.Mention("000-1.1", "Linear.java", 9, "Linear#value", "ASpec#a");
    assertEquals(List.of(), problems(List.of(claim), home));
    assertEquals(List.of("000-1.1 has no main test; exactly one @Proves(\"000-1.1\") names its home"),
        problems(List.of(), home));
    assertEquals(List.of("000-1.1 has several main tests: ASpec#a, ASpec#a; exactly one @Proves(\"000-1.1\") names "
        + "its home"), problems(List.of(claim, claim), home));
    assertEquals(List.of("000-1.1: the Javadoc of Linear#value lacks \"Formula: 000-1.1. Spec: ASpec#a.\""),
        problems(List.of(claim)));
    assertEquals(List.of("Linear.java:9: expected \"Formula: 000-1.1. Spec: ASpec#a.\", found Spec: ASpec#b"),
        problems(List.of(claim), new SourcePlaces.Mention("000-1.1", "Linear.java", 9, "Linear#value", "ASpec#b")));
    assertEquals(List.of("Relu.java:3: 000-1.1 stands outside its home, Linear#value"),
        problems(List.of(claim), home, new SourcePlaces.Mention("000-1.1", "Relu.java", 3, "", "")));
    assertEquals(List.of("Relu.java:3: 000-9 is not in the catalogue"),
        problems(List.of(claim), home, new SourcePlaces.Mention("000-9", "Relu.java", 3, "Relu#value", "ASpec#a")));
    assertEquals(new Homes.Home("Linear#value", "Linear.java", 9, "ASpec#a",
        "spec-tests/src/test/java/chainrule/spec/ASpec.java", 7),
        Homes.of(ONE, List.of(claim), List.of(home), Map.of("ASpec#a", 7)).of("000-1.1"));
  }
}
