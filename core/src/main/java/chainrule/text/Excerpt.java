// SPDX-License-Identifier: MIT
package chainrule.text;

/** Shortens strings from files for error messages. */
public final class Excerpt {
  private static final int MOST = 80;

  private Excerpt() {}

  /**
   * {@return a string of at most 80 characters as it is, and of a longer one the first 40 code points and "…"}
   *
   * @param s the string
   */
  public static String of(String s) {
    return s.length() <= MOST ? s : s.substring(0, s.offsetByCodePoints(0, MOST / 2)) + "…";
  }
}
