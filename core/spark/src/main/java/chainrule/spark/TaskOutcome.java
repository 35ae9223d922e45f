// SPDX-License-Identifier: MIT
package chainrule.spark;

import java.io.IOException;
import java.io.NotSerializableException;
import java.io.Serializable;

/**
 * What a task returns to the driver: its value, or the exception that every further attempt would throw. Both are
 * serialized by Java, whatever {@code spark.serializer} is.
 */
final class TaskOutcome implements Serializable {
  private static final long serialVersionUID = 1;

  private final byte[] executor;
  private final byte[] value; // null if the task failed
  private final boolean isBytes; // whether the value is these bytes, which may be many, and not serialized in them
  private final byte[] failure; // null if it did not, or if the exception cannot be serialized
  private final String message;

  private TaskOutcome(byte[] executor, byte[] value, boolean isBytes, byte[] failure, String message) {
    this.executor = executor;
    this.value = value;
    this.isBytes = isBytes;
    this.failure = failure;
    this.message = message;
  }

  /** @throws IllegalArgumentException if the value is not serializable */
  static TaskOutcome of(Object value) throws IOException {
    try {
      boolean isBytes = value instanceof byte[];
      byte[] bytes = isBytes ? (byte[]) value : Serialized.toBytes(value);
      return new TaskOutcome(SparkKernels.ofThisExecutorAsBytes(), bytes, isBytes, null, null);
    } catch (NotSerializableException e) {
      throw new IllegalArgumentException(
          "the result contains an object that is not serializable, of type " + e.getMessage(), e);
    }
  }

  static TaskOutcome failed(Exception failure) {
    byte[] bytes;
    try {
      bytes = Serialized.toBytes(failure);
    } catch (IOException e) {
      bytes = null;
    }
    return new TaskOutcome(SparkKernels.ofThisExecutorAsBytes(), null, false, bytes, FailureText.of(failure));
  }

  /** The executor that computed it. */
  ExecutorKernels executor() {
    return (ExecutorKernels) Serialized.fromBytes(executor);
  }

  boolean isFailure() {
    return value == null;
  }

  Object value() {
    return isBytes ? value : Serialized.fromBytes(value);
  }

  /** Returns the failure's message: one line that begins with the exception's type if it has no message. */
  String message() {
    return message;
  }

  /** Returns the exception, or null if it could not be serialized. */
  Throwable failure() {
    return failure == null ? null : (Throwable) Serialized.fromBytes(failure);
  }
}
