// SPDX-License-Identifier: MIT
package chainrule.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ExcerptTest {
  @Test
  void stringsOfMoreThanEightyCharactersAreShortened() {
    assertEquals("x".repeat(80), Excerpt.of("x".repeat(80)));
    assertEquals("x".repeat(40) + "…", Excerpt.of("x".repeat(81)));
    assertEquals("\uD83C\uDF31".repeat(40) + "…", Excerpt.of("\uD83C\uDF31".repeat(41)),
        "surrogate pairs are kept together");
  }
}
