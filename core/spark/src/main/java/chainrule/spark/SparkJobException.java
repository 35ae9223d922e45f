// SPDX-License-Identifier: MIT
package chainrule.spark;

/**
 * A job that cannot be completed. The message is one line: the task, what happened, and where it helps what to do. If a
 * task threw an exception, {@link #getCause} returns it, with its own type.
 */
public final class SparkJobException extends RuntimeException {
  private static final long serialVersionUID = 1;

  SparkJobException(String message, Throwable cause) {
    super(message.replaceAll("\\s*[\\r\\n]+\\s*", " "), cause);
  }
}
