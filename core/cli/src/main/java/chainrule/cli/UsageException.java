// SPDX-License-Identifier: MIT
package chainrule.cli;

/** Thrown for a command that cannot be carried out as given. The message is one line that says what to do. */
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1;

  UsageException(String message) {
    super(message);
  }
}
