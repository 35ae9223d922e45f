// SPDX-License-Identifier: MIT
package chainrule.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class GeneratorsTest {
  /** Standard deviations that noise exceeds once in a million times. */
  private static final double SURE = 5;

  @Test
  void examplesAreBalancedSeededAndInRange() {
    for (Generators g : Generators.values()) {
      Dataset d = g.generate(200, 7), again = g.generate(200, 7), other = g.generate(200, 8);
      assertArrayEquals(d.x(), again.x());
      assertTrue(!java.util.Arrays.equals(d.x(), other.x()));
      // a longer run begins with the same examples
      Dataset longer = g.generate(300, 7);
      for (int i = 0; i < d.x().length; i++) assertEquals(d.x()[i], longer.x()[i]);
      for (double v : d.x()) assertTrue(Math.abs(v) < 3);
      double[] counts = new double[d.outputs()];
      for (int i = 0; i < d.y().length; i++) counts[i % d.outputs()] += d.y()[i];
      for (double c : counts) assertEquals(200.0 / d.labels().size(), c, 1);
    }
  }

  @Test
  void digitsAreInkOnPaper() {
    Dataset d = Generators.DIGITS.generate(100, 1);
    assertEquals(784, d.inputs());
    for (int i = 0; i < 100; i++) {
      double ink = 0;
      for (int p = 0; p < 784; p++) {
        double v = d.x()[i * 784 + p];
        assertTrue(v >= 0 && v <= 1);
        ink += v;
      }
      assertTrue(ink > 30 && ink < 350, "picture " + i + " has ink " + ink);
    }
  }

  /** Rows go down and columns to the right: what turns or mirrors a picture changes where its ink is. */
  @Test
  void digitsStandUpright() {
    int n = 1000, side = 28;
    Dataset d = Generators.DIGITS.generate(n, 2);
    double[][] mean = new double[10][side * side]; // of each digit: the strokes are where most pictures have them
    for (int i = 0; i < n; i++) {
      for (int p = 0; p < side * side; p++) mean[i % 10][p] += d.x()[i * side * side + p] * 10 / n;
    }
    double[] one = mean[1], four = mean[4], six = mean[6], seven = mean[7], nine = mean[9];
    assertTrue(ink(one, 0, 28, 10, 18) > 0.7 * ink(one, 0, 28, 0, 28), "a 1 is a line down the middle");
    assertTrue(ink(seven, 3, 8, 0, 28) > 2 * ink(seven, 20, 25, 0, 28), "a 7 has its bar at the top");
    assertTrue(ink(seven, 9, 14, 16, 28) > ink(seven, 9, 14, 0, 16), "from its right end");
    assertTrue(ink(seven, 20, 25, 0, 16) > ink(seven, 20, 25, 16, 28), "a line leads down to the left");
    assertTrue(ink(six, 14, 28, 0, 28) > 1.2 * ink(six, 0, 14, 0, 28), "a 6 has its ring below");
    assertTrue(ink(nine, 0, 14, 0, 28) > 1.2 * ink(nine, 14, 28, 0, 28), "a 9 has it above");
    assertTrue(ink(four, 0, 28, 14, 28) > 1.2 * ink(four, 0, 28, 0, 14), "the line of a 4 is to the right");
  }

  private static double ink(double[] picture, int top, int bottom, int left, int right) {
    double ink = 0;
    for (int r = top; r < bottom; r++) {
      for (int c = left; c < right; c++) ink += picture[r * 28 + c];
    }
    return ink;
  }

  @Test
  void spiralsAreThreeArmsOfElevenTenthsOfATurn() {
    Dataset d = Generators.SPIRALS.generate(600, 3);
    double longest = 0, shortest = 2;
    for (int i = 0; i < d.rows(); i++) {
      double x = d.x()[2 * i], y = d.x()[2 * i + 1], r = Math.hypot(x, y);
      double turns = i % 3 / 3.0 + 1.1 * r - Math.atan2(y, x) / (2 * Math.PI); // whole on the arm itself
      double off = Math.abs(turns - Math.rint(turns)) * 2 * Math.PI * r;
      // noise along the radius moves the arm below the point by 2π·1.1·r for each unit
      assertTrue(off < SURE * 0.02 * (1 + 2.2 * Math.PI * r), "point " + i + " is " + off + " beside its arm");
      longest = Math.max(longest, r);
      shortest = Math.min(shortest, r);
    }
    assertEquals(1, longest, SURE * 0.02);
    assertEquals(0.1, shortest, SURE * 0.02);
  }

  @Test
  void moonsAreAnUpperAndALowerHalfCircleThatReachIntoEachOther() {
    Dataset d = Generators.MOONS.generate(600, 3);
    for (int i = 0; i < d.rows(); i++) {
      int sign = i % 2 == 0 ? 1 : -1; // the upper one stands to the left
      double x = d.x()[2 * i] + sign * 0.5, y = d.x()[2 * i + 1] + sign * 0.25;
      assertEquals(1, Math.hypot(x, y), SURE * 0.1, "point " + i);
      assertTrue(sign * y > -SURE * 0.1, "point " + i + " is in the other half");
    }
  }

  @Test
  void circlesLieOneWithinTheOther() {
    Dataset d = Generators.CIRCLES.generate(600, 3);
    int[][] points = new int[2][4];
    for (int i = 0; i < d.rows(); i++) {
      double x = d.x()[2 * i], y = d.x()[2 * i + 1];
      assertEquals(i % 2 == 0 ? 1 : 0.5, Math.hypot(x, y), SURE * 0.05, "point " + i);
      points[i % 2][(x > 0 ? 1 : 0) + (y > 0 ? 2 : 0)]++;
    }
    for (int[] circle : points) {
      for (int quarter : circle) assertEquals(75, quarter, SURE * Math.sqrt(75), "all around");
    }
  }

  @Test
  void oppositeCornersAreAlikeInXor() {
    Dataset d = Generators.XOR.generate(600, 3);
    int[] corners = new int[4];
    for (int i = 0; i < d.rows(); i++) {
      double x = d.x()[2 * i], y = d.x()[2 * i + 1];
      assertEquals(1, Math.abs(x), SURE * 0.2);
      assertEquals(1, Math.abs(y), SURE * 0.2);
      assertEquals(d.y()[i] == 1, x > 0 != y > 0, "point " + i);
      corners[(x > 0 ? 1 : 0) + (y > 0 ? 2 : 0)]++;
    }
    for (int n : corners) assertEquals(150, n, SURE * Math.sqrt(150));
  }

  /**
   * Seeds name data in reports, measurements and issues, so what a seed gives stays what it is, on every machine. A
   * change that is meant changes a hash here, and has its reason in the changelog.
   */
  @Test
  void aSeedGivesTheSameBitsForEver() {
    List<String> hashes = new ArrayList<>();
    for (Generators g : Generators.values()) hashes.add(g.label() + " " + hash(g.generate(120, 42).x()));
    assertEquals(List.of("spirals 8c41f6df90688d1b", "moons a7a2d9829621230f", "circles 75b858b79ee2a81f",
        "xor 80acf1aa9e2d0048", "digits 47eeaa44f65e6c88"), hashes);
  }

  private static String hash(double[] x) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * x.length);
    bytes.asDoubleBuffer().put(x);
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array())).substring(0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theEncodingOfPointsAndDrawnPicturesLeavesThemAsTheyAre() {
    for (Generators g : Generators.values()) {
      Encoding e = g.encoding();
      Dataset d = g.generate(20, 1);
      assertEquals(d.inputs(), e.inputs());
      assertEquals(d.outputs(), e.outputs());
      assertEquals(d.labels(), e.target().labels());
      for (Encoding.Input in : e.inputColumns()) {
        assertTrue(in.isNumber() && in.mean() == 0 && in.deviation() == 1, in.name());
      }
      if (g == Generators.DIGITS) assertEquals(new Encoding.ImageSize(28, 28), e.imageSize().orElseThrow());
      else assertTrue(e.imageSize().isEmpty());
    }
  }
}
