// SPDX-License-Identifier: MIT
package chainrule.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExactDecimalTest {
  private final ExactDecimal decimal = new ExactDecimal();
  private final byte[] bytes = new byte[4096];

  /** Returns what {@code scan} finds at the start of the text. */
  private double scan(String text) {
    byte[] b = text.getBytes();
    System.arraycopy(b, 0, bytes, 3, b.length);
    bytes[3 + b.length] = ',';
    Arrays.fill(bytes, 4 + b.length, 4 + b.length + ExactDecimal.PADDING, (byte) '7');
    return decimal.scan(bytes, 3);
  }

  /** Compares bits with those of the JDK. */
  private void requireSame(String text) {
    double expected = Double.parseDouble(text), v = scan(text);
    boolean whole = text.matches("[+-]?[0-9]+");
    if (Double.isInfinite(expected)
        || whole && new BigDecimal(expected).compareTo(new BigDecimal(text)) != 0) {
      assertTrue(Double.isNaN(v), text + " is not a double, but gives " + v);
      return;
    }
    assertEquals(Double.doubleToRawLongBits(expected), Double.doubleToRawLongBits(v), text + " gives " + v);
    assertEquals(3 + text.length(), decimal.end(), text);
    System.arraycopy(text.replace('.', ',').getBytes(), 0, bytes, 3, text.length());
    bytes[3 + text.length()] = ';';
    assertEquals(v, decimal.scan(bytes, 3, ','), text);
    assertEquals(3 + text.length(), decimal.end(), text);
  }

  private static String digits(Random random, int n) {
    StringBuilder s = new StringBuilder();
    for (int i = 0; i < n; i++) s.append((char) ('0' + random.nextInt(10)));
    return s.toString();
  }

  @Test
  void randomDecimalsHaveTheBitsOfTheJdk() {
    Random random = new Random(1);
    for (int i = 0; i < 400_000; i++) {
      StringBuilder s = new StringBuilder(random.nextInt(3) == 0 ? "-" : random.nextInt(9) == 0 ? "+" : "");
      if (random.nextInt(4) == 0) s.append("0".repeat(random.nextInt(30)));
      s.append(digits(random, random.nextInt(random.nextInt(10) == 0 ? 60 : 20)));
      if (random.nextInt(4) > 0) {
        s.append('.');
        if (random.nextInt(4) == 0) s.append("0".repeat(random.nextInt(30)));
        s.append(digits(random, random.nextInt(random.nextInt(10) == 0 ? 60 : 20)));
      }
      if (!s.chars().anyMatch(Character::isDigit)) s.append('5');
      if (random.nextInt(3) == 0) {
        s.append(random.nextBoolean() ? 'e' : 'E').append(random.nextBoolean() ? "-" : random.nextBoolean() ? "+" : "");
        s.append(random.nextInt(random.nextInt(3) == 0 ? 400 : 30));
      }
      requireSame(s.toString());
    }
  }

  @Test
  void theShortestFormOfEveryKindOfDoubleIsReadBack() {
    Random random = new Random(2);
    for (int i = 0; i < 300_000; i++) {
      double v = switch (i % 4) {
        case 0 -> random.nextGaussian();
        case 1 -> Double.longBitsToDouble(random.nextLong());
        case 2 -> Double.longBitsToDouble(random.nextLong() & 0x800F_FFFF_FFFF_FFFFL); // subnormal
        default -> random.nextInt() / Math.pow(10, random.nextInt(10));
      };
      if (!Double.isFinite(v)) continue;
      requireSame(Double.toString(v));
      if (i % 10 == 0) requireSame(new BigDecimal(v).toPlainString());
    }
  }

  @Test
  void numbersBetweenTwoDoublesAreRoundedToEven() {
    Random random = new Random(3);
    for (int i = 0; i < 40_000; i++) {
      double v = Math.abs(Double.longBitsToDouble(random.nextLong()));
      if (i % 3 == 0) v = random.nextInt(1 << 20) * Math.scalb(1, random.nextInt(60) - 30);
      if (i % 3 == 1) v = Math.abs(Double.longBitsToDouble(random.nextLong() & 0x001F_FFFF_FFFF_FFFFL));
      if (!(Math.nextUp(v) < Double.POSITIVE_INFINITY)) continue;
      BigDecimal middle = new BigDecimal(v).add(new BigDecimal(Math.nextUp(v))).divide(BigDecimal.valueOf(2));
      String exact = middle.unscaledValue() + "e" + -middle.scale();
      requireSame(exact);
      requireSame(middle.unscaledValue() + "1e" + (-middle.scale() - 1));
      requireSame(middle.unscaledValue().subtract(BigInteger.ONE) + "e" + -middle.scale());
      requireSame(middle.round(new MathContext(19)).toString());
      requireSame(middle.round(new MathContext(17)).toString());
    }
  }

  @Test
  void limitsOfRangeAndPrecision() {
    for (String s : new String[] {"0", "-0", "0.0", "-0e5", "0e999999999", "00", "007", "1e22", "1e23", "123e-25",
        "1.7976931348623157e308", "1.7976931348623158e308", "1.7976931348623159e308", "1e309", "-1e400", "1e-400",
        "4.9e-324", "2.4703282292062327e-324", "2.4703282292062328e-324", "2.2250738585072014e-308",
        "2.2250738585072011e-308", "9007199254740992", "9007199254740993", "9007199254740994", "9223372036854775807",
        "9223372036854775808", "18446744073709551615", "18446744073709551616", "9999999999999999999",
        "9999999999999999999.5", "10000000000000000000", "1152921504606846976", "1e99999999999999999999",
        "1e-99999999999999999999", "1.", ".5", "-.5e1", "9007199254740993.", "9007199254740993e0",
        "1" + "0".repeat(400), "0." + "0".repeat(400) + "1", "1" + "0".repeat(308), "12345678.12345678",
        "1.234567890123456789e+00", "8.5e-7", "123456789012345678901234567890e-29"}) {
      requireSame(s);
    }
  }

  @Test
  void whatIsNotANumberIsNaN() {
    for (String s : new String[] {"", "-", "+", ".", "-.", "e5", "1e", "1e+", "1e-", "--1", "+-1", "abc", "NaN",
        "Infinity", " 1"}) {
      assertTrue(Double.isNaN(scan(s)), s);
    }
    for (String s : new String[] {"1 ", "1,5", "1_000", "0x10", "1f", "1d", "1.5.2", "1e5e5", "1e5.2"}) {
      assertTrue(Double.isNaN(scan(s)) || decimal.end() < 3 + s.length(), s);
    }
  }
}
