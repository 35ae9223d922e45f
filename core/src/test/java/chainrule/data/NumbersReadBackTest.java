// SPDX-License-Identifier: MIT
package chainrule.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Numbers that the JDK's {@link DecimalFormat} writes are read back, or refused, but never read as others. */
class NumbersReadBackTest {
  private static final String SHORTEST = "#,##0.##########", FIXED = "#,##0.000", PLAIN = "0.##########";

  @Test
  void columnsInAnyStyleAreReadBackExactly() {
    Random random = new Random(20261129);
    for (int i = 0; i < 3000; i++) {
      DecimalFormat format = format(random, random.nextInt(3) == 0 ? PLAIN : SHORTEST);
      BigDecimal[] numbers = numbers(random, 40, 10);
      ColumnTyping typed = typed(format, numbers, ";\t|".charAt(random.nextInt(3)));
      NumberColumn column = assertInstanceOf(NumberColumn.class, typed.columns().get(0));
      for (int r = 0; r < numbers.length; r++) {
        assertEquals(numbers[r].doubleValue(), column.value(r), format.format(numbers[r]));
      }
      assertEquals(format.getDecimalFormatSymbols().getDecimalSeparator(), typed.decimal());
    }
  }

  @Test
  void shortColumnsWithADecimalPointAreReadBackOrRefused() {
    Random random = new Random(5);
    int refused = 0;
    for (int i = 0; i < 30_000; i++) {
      DecimalFormat format = format(random, new String[] {SHORTEST, FIXED, PLAIN}[random.nextInt(3)]);
      BigDecimal[] numbers = numbers(random, 1 + random.nextInt(4), random.nextInt(4));
      // with a decimal comma, a column such as 1.250 alone cannot be told from a decimal point
      format.setDecimalFormatSymbols(DecimalFormatSymbols.getInstance(Locale.US));
      try {
        NumberColumn column = (NumberColumn) typed(format, numbers, ';').columns().get(0);
        for (int r = 0; r < numbers.length; r++) {
          assertEquals(Double.parseDouble(format.format(numbers[r]).replace(",", "")), column.value(r));
        }
      } catch (DataException e) {
        assertTrue(e.getMessage().contains("may mean"), e.getMessage());
        refused++;
      }
    }
    assertTrue(refused > 100 && refused < 15_000, "refused " + refused);
  }

  @Test
  void theOptionReadsBackEveryColumn() {
    Random random = new Random(6);
    for (int i = 0; i < 10_000; i++) {
      DecimalFormat format = format(random, new String[] {SHORTEST, FIXED, PLAIN}[random.nextInt(3)]);
      BigDecimal[] numbers = numbers(random, 1 + random.nextInt(4), random.nextInt(4));
      DecimalFormatSymbols symbols = format.getDecimalFormatSymbols();
      String[] cells = cells(format, numbers);
      ColumnTyping typed = new RawColumns(';').with("x", cells)
          .typed(TableOptions.DEFAULTS.decimal(symbols.getDecimalSeparator()));
      assertEquals(0, typed.notices().stream().filter(n -> n.contains("--decimal")).count(), () -> cells[0]);
      for (int r = 0; r < numbers.length; r++) {
        String plain = cells[r].replace(String.valueOf(symbols.getGroupingSeparator()), "")
            .replace(symbols.getDecimalSeparator(), '.').replace('\u2212', '-');
        assertEquals(Double.parseDouble(plain), ((NumberColumn) typed.columns().get(0)).value(r), cells[r]);
      }
    }
  }

  private static ColumnTyping typed(DecimalFormat format, BigDecimal[] numbers, char separator) {
    return new RawColumns(separator).with("x", cells(format, numbers)).typed();
  }

  private static String[] cells(DecimalFormat format, BigDecimal[] numbers) {
    String[] cells = new String[numbers.length];
    for (int r = 0; r < cells.length; r++) cells[r] = format.format(numbers[r]);
    return cells;
  }

  /** Returns numbers of very different sizes with at most this many decimals. */
  private static BigDecimal[] numbers(Random random, int n, int decimals) {
    BigDecimal[] numbers = new BigDecimal[n];
    for (int i = 0; i < n; i++) {
      double v = (random.nextDouble() - .5) * Math.pow(10, random.nextInt(9));
      numbers[i] = new BigDecimal(v).setScale(random.nextInt(decimals + 1), RoundingMode.HALF_EVEN);
    }
    return numbers;
  }

  /** Returns a format in the style of the US, Germany, France or Switzerland. */
  private static DecimalFormat format(Random random, String pattern) {
    DecimalFormatSymbols symbols = DecimalFormatSymbols.getInstance(Locale.ROOT);
    int style = random.nextInt(5);
    symbols.setDecimalSeparator(style == 0 || style == 1 ? '.' : ',');
    symbols.setGroupingSeparator(new char[] {',', '\'', '.', '\u202F', ' '}[style]);
    symbols.setMinusSign(random.nextBoolean() ? '-' : '\u2212');
    return new DecimalFormat(pattern, symbols);
  }
}
