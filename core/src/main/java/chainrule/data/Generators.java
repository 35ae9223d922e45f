// SPDX-License-Identifier: MIT
package chainrule.data;

import chainrule.random.CounterRandom;
import chainrule.random.CounterRandom.StreamPurpose;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Synthetic data sets: small problems that are not linearly separable, and images of digits. Each example is a function
 * of the seed and its index. Angles are computed with {@code StrictMath}, whose results are specified to the bit.
 */
public enum Generators {
  /** Three spiral arms around the origin, 1.1 turns each; 2 inputs, 3 classes. */
  SPIRALS(1500, 3) {
    @Override void point(int c, int i, long seed, double[] x, int o) {
      double r = 0.1 + 0.9 * uniform(seed, 0, i);
      double angle = 2 * Math.PI * (c / 3.0 + 1.1 * r);
      x[o] = r * StrictMath.cos(angle) + 0.02 * normal(seed, 1, i);
      x[o + 1] = r * StrictMath.sin(angle) + 0.02 * normal(seed, 2, i);
    }
  },
  /** Two interleaved half-moons; 2 inputs, 2 classes. */
  MOONS(1000, 2) {
    @Override void point(int c, int i, long seed, double[] x, int o) {
      double angle = Math.PI * uniform(seed, 0, i);
      double px = StrictMath.cos(angle), py = StrictMath.sin(angle);
      x[o] = (c == 0 ? px : 1 - px) - 0.5 + 0.1 * normal(seed, 1, i);
      x[o + 1] = (c == 0 ? py : 0.5 - py) - 0.25 + 0.1 * normal(seed, 2, i);
    }
  },
  /** A circle within a circle; 2 inputs, 2 classes. */
  CIRCLES(1000, 2) {
    @Override void point(int c, int i, long seed, double[] x, int o) {
      double angle = 2 * Math.PI * uniform(seed, 0, i), r = c == 0 ? 1 : 0.5;
      x[o] = r * StrictMath.cos(angle) + 0.05 * normal(seed, 1, i);
      x[o + 1] = r * StrictMath.sin(angle) + 0.05 * normal(seed, 2, i);
    }
  },
  /** Exclusive or: the four corners of a square with a little noise, opposite corners in one class; 2 inputs. */
  XOR(400, 2) {
    @Override void point(int c, int i, long seed, double[] x, int o) {
      boolean right = bit(seed, 0, i), up = (c == 1) != right;
      x[o] = (right ? 1 : -1) + 0.2 * normal(seed, 1, i);
      x[o + 1] = (up ? 1 : -1) + 0.2 * normal(seed, 2, i);
    }
  },
  /** Synthetic images of the digits 0 … 9, 28 × 28 pixels: see {@link DigitImages}. */
  DIGITS(3000, 10) {
    @Override int inputs() {
      return DigitImages.SIDE * DigitImages.SIDE;
    }

    @Override void point(int c, int i, long seed, double[] x, int o) {
      DigitImages.draw(c, seed, i, x, o);
    }
  };

  private final int defaultRows;
  private final int classes;

  Generators(int defaultRows, int classes) {
    this.defaultRows = defaultRows;
    this.classes = classes;
  }

  /** Writes example i, which belongs to class c, to x[o …]. */
  abstract void point(int c, int i, long seed, double[] x, int o);

  int inputs() {
    return 2;
  }

  /** {@return the name on the command line, such as {@code spirals}} */
  public String label() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /**
   * {@return the generator of this name, if there is one}
   *
   * @param name the name on the command line
   */
  public static Optional<Generators> named(String name) {
    for (Generators g : values()) if (g.label().equals(name)) return Optional.of(g);
    return Optional.empty();
  }

  /** {@return the numbers of the classes as their names: 0, 1 and so on} */
  public List<String> labels() {
    List<String> labels = new ArrayList<>();
    for (int c = 0; c < classes; c++) labels.add(Integer.toString(c));
    return labels;
  }

  /** {@return an encoding that leaves the values as they are} */
  public Encoding encoding() {
    return this == DIGITS ? Encoding.unitPixels(DigitImages.SIDE, DigitImages.SIDE, labels())
        : Encoding.plain(inputs(), labels());
  }

  /**
   * Generates the default number of examples, as the command line does.
   *
   * @param seed the seed of the examples
   * @return the examples of a classification
   */
  public Dataset generate(long seed) {
    return generate(defaultRows, seed);
  }

  /**
   * Generates a number of examples, with the classes in turn.
   *
   * @param rows the number of examples
   * @param seed the seed of the examples
   * @return the examples of a classification
   */
  public Dataset generate(int rows, long seed) {
    double[] x = new double[Math.multiplyExact(rows, inputs())];
    int[] y = new int[rows];
    for (int i = 0; i < rows; i++) {
      y[i] = i % classes;
      point(y[i], i, seed, x, i * inputs());
    }
    return Dataset.classification(inputs(), x, y, labels());
  }

  private static long stream(long detail) {
    return CounterRandom.stream(StreamPurpose.DATA, detail);
  }

  static double uniform(long seed, long detail, long i) {
    return CounterRandom.uniform(seed, stream(detail), i);
  }

  static double normal(long seed, long detail, long i) {
    return CounterRandom.normal(seed, stream(detail), i);
  }

  private static boolean bit(long seed, long detail, long i) {
    return CounterRandom.bits(seed, stream(detail), i) < 0;
  }
}
