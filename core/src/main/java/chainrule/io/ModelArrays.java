// SPDX-License-Identifier: MIT
package chainrule.io;

/** The arrays of a model file, by the names that {@link Model} defines. */
interface ModelArrays {
  /** Returns the file's name for messages. */
  String source();

  boolean has(String name);

  /** Returns an upper bound of the numbers in all arrays together, from the file's size alone. */
  long mostNumbers();

  /** Refuses an array of real numbers in a form that Chainrule does not write, if the file has this array. */
  void requireOwnForm(String name);

  /** Reads an array of real numbers of exactly this shape into x[to …], row-major. */
  void doubles(String name, double[] x, int to, int... shape);

  /** Reads a string of at most {@code most} bytes in UTF-8. */
  String text(String name, int most);
}
