// SPDX-License-Identifier: MIT
package chainrule.spark;

import chainrule.data.Dataset;
import chainrule.nn.GradientSum;
import java.io.Serializable;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/** All rows on each executor. */
final class BroadcastRows implements RowPlacement {
  private final JavaSparkContext context;
  private final Dataset data;
  private final Broadcast<RowArrays> copies;
  private JavaRDD<Integer> tasks; // of the current training: partition t has the number t
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
    tasks = context.parallelize(IntStream.range(0, n).boxed().toList(), n);
  }

  @Override public void run(SparkJobs jobs, String what, Broadcast<ExecutorPlan> plan, StepRequest step, int count,
      ResultReceiver<byte[]> sums) {
    jobs.run(what, tasks, count, task(plan, copies, step, block, count), sums);
  }

  /** A static method, so that the function refers to nothing of the driver. */
  private static TaskFunction<Integer, byte[]> task(
      Broadcast<ExecutorPlan> plan, Broadcast<RowArrays> copies, StepRequest step, int block, int count) {
    return task -> {
      int[] cuts = BlockRanges.cuts(GradientSum.blocks(step.rows(), block), count);
      Dataset data = copies.value().data();
      int[] order = plan.value().order(step.epoch());
      BlockRows rows = (worker, s, k, sum) -> worker.add(s.batch(order), data, order, s.from(), k, k + 1, sum);
      return plan.value().compute(step, rows, cuts[task], cuts[task + 1]);
    };
  }

  @Override public void close() {
    copies.destroy();
  }
}
