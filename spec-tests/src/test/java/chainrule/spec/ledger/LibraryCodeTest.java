// SPDX-License-Identifier: MIT
package chainrule.spec.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that {@link LibraryCode} finds classes, constructors, methods and fields, and reports missing ones. */
class LibraryCodeTest {
  enum Way { UP, DOWN }

  interface Named {
    String name();
  }

  static class Base {
    int height;

    void climb() {}
  }

  static final class Sample extends Base implements Named {
    Sample(Way way) {}

    Sample(Way way, double step) {}

    void move(int steps) {}

    void move(double[] way, int from) {}

    @Override public String name() {
      return "sample";
    }

    record Part(int size) {}
  }

  private static final LibraryCode CODE = new LibraryCode(Sample.class);

  @ParameterizedTest
  @ValueSource(strings = {"Sample", "Sample(UP)", "Sample(DOWN, 0.5)", "Sample(Way, double)", "Sample#move",
      "Sample#move(int)", "Sample#move(3)", "Sample#move(double[], int)", "Sample#climb", "Sample#height",
      "Sample#name", "Sample#name()", "Sample.Part", "Sample.Part#size", "Sample.Part(4)"})
  void anExistingNameIsFound(String name) {
    assertEquals("", CODE.missing(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Sampel", "Way", "Sample.Whole", "Base#climb"})
  void aMissingClassIsReported(String name) {
    assertEquals("no class " + name.replaceFirst("#.*", ""), CODE.missing(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Sample()", "Sample(LEFT)", "Sample(UP, DOWN)", "Sample(UP, 0.5, 1)", "Sample.Part(0.5)"})
  void aMissingConstructorIsReported(String name) {
    assertEquals("no constructor " + name, CODE.missing(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"walk", "move()", "move(double)", "move(int, double[])", "name(UP)", "height()", "hashCode",
      "getClass", "UP"})
  void aMissingMethodOrFieldIsReported(String member) {
    assertEquals("no method or field " + member + " in Sample", CODE.missing("Sample#" + member));
  }

  @Test
  void theMembersOfTheLibraryAreFound() throws IOException {
    LibraryCode library = LibraryCode.load();
    assertEquals("", library.missing("MeanAbsoluteError#gradient"));
    assertEquals("", library.missing("HalfSquaredError(SUM)"));
    assertEquals("no method or field gradeint in MeanAbsoluteError", library.missing("MeanAbsoluteError#gradeint"));
    assertEquals("no constructor HalfSquaredError(PRODUCT)", library.missing("HalfSquaredError(PRODUCT)"));
    assertEquals("no class module-info", library.missing("module-info"));
  }
}
