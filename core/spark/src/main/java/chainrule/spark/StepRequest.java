// SPDX-License-Identifier: MIT
package chainrule.spark;

import chainrule.train.GradientSource;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * A step, as sent to executors: the batch without its order, which executors compute themselves, and the parameters. Up
 * to {@value #MOST_INLINE} bytes of parameters are part of the task; more are broadcast.
 *
 * @param inline the parameters, little-endian; null if they are broadcast
 * @param shared the parameters, little-endian; null if they are part of the task
 */
record StepRequest(int epoch, int stepOfEpoch, long step, int from, int rows, double factor, byte[] inline,
    Broadcast<byte[]> shared) implements Serializable {
  /** The largest number of bytes of parameters in a task. */
  static final int MOST_INLINE = 1 << 20;

  static StepRequest of(JavaSparkContext context, GradientSource.Batch batch, double[] parameters) {
    byte[] bytes = new byte[Math.multiplyExact(parameters.length, Double.BYTES)];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().put(parameters);
    boolean inline = bytes.length <= MOST_INLINE;
    return new StepRequest(batch.epoch(), batch.stepOfEpoch(), batch.step(), batch.from(), batch.rows(),
        batch.factor(), inline ? bytes : null, inline ? null : context.broadcast(bytes));
  }

  void readParameters(double[] parameters) {
    byte[] bytes = inline != null ? inline : shared.value();
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().get(parameters);
  }

  /** @param order of the epoch's rows; null if the rows are already in this order */
  GradientSource.Batch batch(int[] order) {
    return new GradientSource.Batch(epoch, stepOfEpoch, step, order, from, rows, factor);
  }

  /** Removes broadcast parameters from driver and executors, without waiting. */
  void release(JavaSparkContext context) {
    if (shared != null && !context.sc().isStopped()) shared.destroy();
  }
}
