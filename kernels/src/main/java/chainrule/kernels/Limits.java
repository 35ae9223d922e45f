// SPDX-License-Identifier: MIT
package chainrule.kernels;

/** Limits of the JVM that checks of sizes refer to. */
public final class Limits {
  /** The largest length of an array that every JVM can allocate, given the memory: 2³¹ − 9. */
  public static final int MAX_ARRAY_LENGTH = Integer.MAX_VALUE - 8;

  private Limits() {}
}
