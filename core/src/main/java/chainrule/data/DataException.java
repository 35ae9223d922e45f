// SPDX-License-Identifier: MIT
package chainrule.data;

/**
 * Data that cannot be read or used. The message names the file, the place, what was expected, what was found, and what
 * to do. It is always one line: control characters and invisible characters from the data become question marks.
 */
public final class DataException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * Creates an exception.
   *
   * @param message the message, in which control characters and invisible characters become question marks
   */
  public DataException(String message) {
    super(message.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]", "?"));
  }
}
