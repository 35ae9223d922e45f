// SPDX-License-Identifier: MIT
package chainrule.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class WrittenNumberTest {
  private static final double NONE = Double.NaN;

  @Test
  void numbersWithoutMarksMeanTheSameWithBothDecimalMarks() {
    both("5", 5);
    both("+5", 5);
    both("-5", -5);
    both("\u22125", -5);
    both("\u20135", -5);
    both("1e5", 1e5);
    both("1E-3", 1e-3);
    both("1e\u22123", 1e-3);
    both("007", 7);
    both("1 250", 1250);
    both("1 250 000", 1250000);
    both("1\u00A0250", 1250);
    both("1\u202F250", 1250);
    both("1'250", 1250);
    both("12\u2019250", 12250);
  }

  @Test
  void marksTellTheStyleUnlessTheyCanBeBoth() {
    reads("0,5", NONE, .5);
    reads("0.5", .5, NONE);
    reads(".5", .5, NONE);
    reads(",5", NONE, .5);
    reads("5.", 5, NONE);
    reads("5,", NONE, 5);
    reads("2,10", NONE, 2.1);
    reads("1,2345", NONE, 1.2345);
    reads("1234,567", NONE, 1234.567);
    reads("0,400", NONE, .4);
    reads("1,250", 1250, 1.25);
    reads("1.250", 1.25, 1250);
    reads("123,456", 123456, 123.456);
    reads("1,250,000", 1250000, NONE);
    reads("1.250.000", NONE, 1250000);
    reads("1,200.50", 1200.5, NONE);
    reads("1.200,50", NONE, 1200.5);
    reads("1 250.5", 1250.5, NONE);
    reads("1'250,5", NONE, 1250.5);
    reads("1,25e3", NONE, 1250);
    reads("1,250e3", NONE, 1250);
    reads("-1,250", -1250, -1.25);
    reads("12,34,567.5", 1234567.5, NONE);
    reads("1,00,000", 100000, NONE);
  }

  @Test
  void thousandsAreSeparatedInFullGroupsByOneMark() {
    for (String no : new String[] {"1,25,00", "125,25,000", "1.25.000", "1,25,000,000", "1,2500,000", "12 34", "1 2500",
        "0 250", "1 250'000", "1,250 000", "1'250 000", "1  250", "1 250 ,5e", "1,,250", "1.250.00", "1,250.", "1.250,",
        "1 250.", "1.5,2", "1,5.2", "1234,567,890", "1.200.50"}) {
      assertNull(WrittenNumber.of(no), no);
    }
  }

  @Test
  void currenciesStandBeforeOrAfterTheNumber() {
    for (String yes : new String[] {"$5", "$ 5", "5$", "5 $", "USD 5", "5 USD", "US$5", "+$5", "$+5", "$5.0"}) {
      WrittenNumber number = number(yes);
      assertEquals(5, number.point(), yes);
      assertEquals("USD", number.currency(), yes);
    }
    assertEquals("EUR", number("1.200,50 €").currency());
    assertEquals("GBP", number("£.50").currency());
    assertEquals("CHF", number("Fr. 5").currency());
    assertEquals("PLN", number("5 zł").currency());
    assertEquals("\u20B4", number("\u20B45").currency(), "any currency sign");
    for (String yes : new String[] {"-$5", "$-5", "\u2212$5", "($5)", "$(5)", "(5 USD)", "- 5 USD"}) {
      assertEquals(-5, number(yes).point(), yes);
    }
    for (String no : new String[] {"$", "$$5", "$5€", "USD5", "5USD", "A5", "EUR", "5 XYZ", "$5%", "USD", "$-"}) {
      assertNull(WrittenNumber.of(no), no);
    }
  }

  @Test
  void percentSignsKeepTheNumber() {
    WrittenNumber number = number("45%");
    assertEquals(45, number.point());
    assertEquals(true, number.percent());
    assertEquals(-4.5, number("-4,5 %").comma());
    assertEquals(false, number("45").percent());
    assertNull(WrittenNumber.of("%45"));
    assertNull(WrittenNumber.of("45%%"));
  }

  @Test
  void parenthesesMakeANumberNegative() {
    assertEquals(-1200, number("(1,200)").point());
    assertEquals(-1.2, number("(1,200)").comma());
    assertEquals(-45, number("(45%)").point());
    assertEquals(true, number("(5)").parentheses());
    for (String no : new String[] {"(-5)", "-(5)", "((5))", "(5", "5)", "()"}) assertNull(WrittenNumber.of(no), no);
  }

  @Test
  void otherStringsAreNotNumbers() {
    for (String no : new String[] {"", " ", ".", ",", "-", "+", "'", "e5", "1e", "1e+", "0x10", "1f", "5m", "NaN",
        "inf", "Infinity", "-Infinity", "1_000", "--1", "+-1", "1-2", "2026-11-29", "12:30", "1/2", "\u0665",
        "abc", "12.05.2020", "192.168.100.200", "1e5.5", "1 e5", "5'11"}) {
      assertNull(WrittenNumber.of(no), no);
      assertEquals(false, WrittenNumber.isPossible(no));
    }
    assertNull(WrittenNumber.of("1".repeat(100_000) + "x"));
  }

  @Test
  void wholeNumbersTellWhetherADoubleHoldsThem() {
    assertEquals(true, number("9007199254740992").exact());
    assertEquals(false, number("9007199254740993").exact());
    assertEquals(false, number("-9007199254740993").exact());
    assertEquals(true, number("-9007199254740993").whole());
    assertEquals(false, number("1".repeat(100_000)).exact());
    assertEquals(Double.NEGATIVE_INFINITY, number("-" + "1".repeat(100_000)).point());
    assertEquals(Double.POSITIVE_INFINITY, number("1e999").point());
    assertEquals(false, number("1.5").whole());
    assertEquals(false, number("$5").whole());
  }

  private static WrittenNumber number(String cell) {
    WrittenNumber number = WrittenNumber.of(cell);
    Assertions.assertNotNull(number, cell);
    return number;
  }

  private static void both(String cell, double expected) {
    reads(cell, expected, expected);
  }

  private static void reads(String cell, double point, double comma) {
    WrittenNumber number = number(cell);
    assertEquals(point, number.point(), cell);
    assertEquals(comma, number.comma(), cell);
  }
}
