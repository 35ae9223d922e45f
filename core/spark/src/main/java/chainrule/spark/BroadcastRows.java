// SPDX-License-Identifier: MIT
package chainrule.spark;

import chainrule.data.Dataset;
import chainrule.nn.GradientSum;
import java.io.Serializable;
import java.util.Collections;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/** All rows on each executor. */
final class BroadcastRows implements RowPlacement {
  private final JavaSparkContext context;
  private final Dataset data;
  private final Broadcast<RowArrays> copies;
  private JavaRDD<Integer> tasks; // of the current training: one number per partition
  private int block;

  BroadcastRows(JavaSparkContext context, Dataset data) {
    this.context = context;
    this.data = data;
    this.copies = context.broadcast(new RowArrays(data));
  }

  /** The rows as Spark sends them. Each JVM has one copy. */
  private static final class RowArrays implements Serializable {
    private static final long serialVersionUID = 1;

    private final int inputs;
    private final int outputs;
    private final double[] x;
    private final double[] y;
    private final double[] weights;
    private transient Dataset data;

    RowArrays(Dataset data) {
      inputs = data.inputs();
      outputs = data.outputs();
      x = data.x();
      y = data.y();
      weights = data.weights();
    }

    synchronized Dataset data() {
      if (data == null) data = Dataset.regression(inputs, x, outputs, y).withWeights(weights); // of any kind
      return data;
    }
  }

  @Override public int rows() {
    return data.rows();
  }

  @Override public int inputs() {
    return data.inputs();
  }

  @Override public int outputs() {
    return data.outputs();
  }

  @Override public double[] weights() {
    return data.weights();
  }

  @Override public void begin(Broadcast<ExecutorPlan> plan, int batch, int rowsOfBlock, int most) {
    block = rowsOfBlock;
    int n = BlockRanges.tasks(GradientSum.blocks(batch, block), most);
    tasks = context.parallelize(Collections.nCopies(n, 0), n);
  }

  @Override public JavaRDD<byte[]> step(Broadcast<ExecutorPlan> plan, StepRequest step, int count) {
    return tasks.mapPartitionsWithIndex(task(plan, copies, step, block, count), true);
  }

  /** A static method, so that a task refers to nothing of the driver. */
  private static org.apache.spark.api.java.function.Function2<Integer, java.util.Iterator<Integer>,
      java.util.Iterator<byte[]>> task(
      Broadcast<ExecutorPlan> plan, Broadcast<RowArrays> copies, StepRequest step, int block, int count) {
    return (t, ignored) -> {
      int[] cuts = BlockRanges.cuts(GradientSum.blocks(step.rows(), block), count);
      Dataset data = copies.value().data();
      int[] order = plan.value().order(step.epoch());
      return Collections.singleton(plan.value().compute(step, (worker, s, k, sum) ->
          worker.add(s.batch(order), data, order, s.from(), k, k + 1, sum), cuts[t], cuts[t + 1])).iterator();
    };
  }

  @Override public void close() {
    copies.destroy();
  }
}
