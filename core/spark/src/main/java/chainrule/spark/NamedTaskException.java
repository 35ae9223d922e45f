// SPDX-License-Identifier: MIT
package chainrule.spark;

/** Tells Spark that an attempt has failed, and the driver which task it was. The message is that of the cause. */
final class NamedTaskException extends Exception {
  private static final long serialVersionUID = 1;
  private final int task;

  NamedTaskException(int task, Exception cause) {
    super(FailureText.of(cause), cause);
    this.task = task;
  }

  /** The index of the task, from 0. */
  int task() {
    return task;
  }
}
