// SPDX-License-Identifier: MIT
package chainrule.spark;

import java.io.NotSerializableException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the one line that matters in Spark's exceptions, whose messages contain stack traces. */
final class FailureText {
  /** "… most recent failure: Lost task 0.3 in stage 1.0 (TID 7) (127.0.0.1 executor 2): the reason". */
  private static final Pattern ABORTED = Pattern.compile(
      "Task (\\d+) in stage \\S+ failed (\\d+) times?, most recent failure: (?:Lost task .*?\\): )?(.*)");

  private static final Pattern NOT_SERIALIZABLE =
      Pattern.compile("Failed to serialize task .*NotSerializableException: (\\S+)");

  private FailureText() {}

  /** Returns the first line of an exception's message, or the name of its type if it has none. */
  static String of(Throwable failure) {
    String message = failure.getMessage();
    if (message == null || message.isBlank()) return failure.getClass().getSimpleName();
    String line = message.strip().lines().findFirst().orElseThrow();
    boolean speaks = Deterministic.test(failure) || failure instanceof SparkJobException;
    return speaks ? line : failure.getClass().getSimpleName() + ": " + line;
  }

  /**
   * Turns the exception with which Spark ended a job into ours.
   *
   * @param what what a task is, for example {@code fold}
   * @param tasks the number of tasks
   */
  static SparkJobException ofJob(String what, int tasks, Throwable spark) {
    NamedTaskException named = find(spark, NamedTaskException.class);
    Matcher aborted = ABORTED.matcher(String.valueOf(spark.getMessage()));
    boolean matches = aborted.find();
    if (named != null) {
      Throwable cause = named.getCause() == null ? named : named.getCause();
      return new SparkJobException(taskName(what, named.task(), tasks) + ": " + named.getMessage()
          + (matches ? attempts(aborted) : ""), cause);
    }
    String type = notSerializable(spark);
    if (type != null) {
      return new SparkJobException(
          what + ": a task or its function contains an object that is not serializable, of type " + type, spark);
    }
    if (!matches) return new SparkJobException(what + ": " + ended(spark), spark);
    return new SparkJobException(taskName(what, Integer.parseInt(aborted.group(1)), tasks) + ": "
        + aborted.group(3).strip() + attempts(aborted), spark);
  }

  private static String attempts(Matcher aborted) {
    return aborted.group(2).equals("1") ? "" : " (" + aborted.group(2) + " attempts failed)";
  }

  private static String ended(Throwable spark) {
    String message = of(spark).replaceFirst("^SparkException: ", "");
    if (message.endsWith("SparkContext was shut down")) return "the Spark context was stopped while the job ran";
    return "Spark ended the job: " + message.replaceFirst("^Job aborted due to stage failure: ", "");
  }

  /** Returns the type that cannot be serialized, or null if the failure is another one. */
  private static String notSerializable(Throwable spark) {
    NotSerializableException found = find(spark, NotSerializableException.class);
    if (found != null) return found.getMessage().lines().findFirst().orElse("?");
    Matcher type = NOT_SERIALIZABLE.matcher(String.valueOf(spark.getMessage()));
    return type.find() ? type.group(1) : null;
  }

  /** Returns for example {@code fold 3 of 5}. */
  static String taskName(String what, int task, int tasks) {
    return what + " " + (task + 1) + " of " + tasks;
  }

  private static <E extends Throwable> E find(Throwable failure, Class<E> type) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (type.isInstance(t)) return type.cast(t);
    }
    return null;
  }
}
