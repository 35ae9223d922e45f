// SPDX-License-Identifier: MIT
package chainrule.spark;

import chainrule.data.Table;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.UUID;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * A table that every executor receives once, for many tasks. The tasks of an executor share one object, which they must
 * not change.
 * <pre>{@code
 * try (SharedTable shared = SharedTable.of(context, table)) {
 *   List<FoldResult> results = SparkRuns.crossValidation(jobs, cv.tasks(1), task -> judge(shared.get(), task));
 * }
 * }</pre>
 */
public final class SharedTable implements Serializable, AutoCloseable {
  private static final long serialVersionUID = 1;

  /** The table that this JVM has read last. */
  private static String lastId;
  private static Table last;

  private final String id = UUID.randomUUID().toString();
  private final Broadcast<byte[]> bytes;

  private SharedTable(Broadcast<byte[]> bytes) {
    this.bytes = bytes;
  }

  /**
   * Prepares a table to be sent. Executors fetch it with their first task.
   *
   * @param context the Spark context of the executors
   * @param table the table
   * @return an object that tasks capture and call {@link #get} on
   */
  public static SharedTable of(JavaSparkContext context, Table table) {
    try {
      return new SharedTable(context.broadcast(Serialized.toBytes(table)));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // bytes in memory fail only for an object that is not serializable
    }
  }

  /** {@return the table} For tasks, on executors. */
  public Table get() {
    synchronized (SharedTable.class) {
      if (!id.equals(lastId)) {
        last = (Table) Serialized.fromBytes(bytes.value());
        lastId = id;
      }
      return last;
    }
  }

  /** Removes the table from the executors. Call it on the driver when all jobs have ended. */
  @Override public void close() {
    bytes.destroy();
  }
}
