// SPDX-License-Identifier: MIT
package chainrule.data;

/**
 * Data that cannot be read or used. The message is for people: the file, the place, what was expected, what to do. It
 * is one line, whatever names in the data hold: control characters and marks that nobody sees are shown as question
 * marks.
 */
public final class DataException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public DataException(String message) {
    super(message.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]", "?"));
  }
}
