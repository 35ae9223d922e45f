// SPDX-License-Identifier: MIT
package chainrule.spark;

import java.util.Collections;
import java.util.Iterator;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * Rows that are only on executors. At the start of an epoch, Spark shuffles them by their position in its order. Each
 * partition then holds its blocks of every step: see {@link EpochLayout}. The driver has the numbers of the rows and
 * their weights, but no inputs and targets.
 */
final class PartitionedRows implements RowPlacement {
  private final JavaRDD<PackedRows> packed;
  private final RowNumbers numbers;
  private EpochLayout layout; // of the current training
  private int block;
  private int epoch; // 0 before the first
  private JavaRDD<EpochRows> rowsOfEpoch;

  PartitionedRows(JavaRDD<TrainingRow> rows) {
    packed = rows.mapPartitions(PackedRows::pack).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      numbers = RowNumbers.of(packed);
    } catch (RuntimeException e) {
      packed.unpersist(false);
      throw e;
    }
  }

  @Override public int rows() {
    return numbers.rows();
  }

  @Override public int inputs() {
    return numbers.inputs();
  }

  @Override public int outputs() {
    return numbers.outputs();
  }

  @Override public double[] weights() {
    return numbers.weights();
  }

  @Override public void begin(Broadcast<ExecutorPlan> plan, int batch, int rowsOfBlock, int tasks) {
    end();
    block = rowsOfBlock;
    layout = new EpochLayout(rows(), batch, block, tasks);
  }

  @Override public void run(SparkJobs jobs, String what, Broadcast<ExecutorPlan> plan, StepRequest step, int tasks,
      ResultReceiver<byte[]> sums) {
    if (epoch != step.epoch()) {
      end();
      rowsOfEpoch = shuffled(packed, plan, step.epoch(), layout, block, inputs(), outputs(), weights() != null)
          .persist(StorageLevel.MEMORY_AND_DISK());
      epoch = step.epoch();
    }
    jobs.run(what, rowsOfEpoch, tasks, task(plan, step), sums);
  }

  /** Removes the rows of the last epoch. */
  private void end() {
    if (rowsOfEpoch == null) return;
    rowsOfEpoch.unpersist(false);
    rowsOfEpoch.rdd().cleanShuffleDependencies(false);
    rowsOfEpoch = null;
    epoch = 0;
  }

  @Override public void close() {
    end();
    packed.unpersist(false);
  }

  // ---------------------------------------------------------------- on executors; static, to refer to nothing else

  private static TaskFunction<EpochRows, byte[]> task(Broadcast<ExecutorPlan> plan, StepRequest step) {
    return rows -> rows.compute(plan.value(), step);
  }

  private static JavaRDD<EpochRows> shuffled(JavaRDD<PackedRows> packed, Broadcast<ExecutorPlan> plan, int epoch,
      EpochLayout layout, int block, int inputs, int outputs, boolean weighted) {
    Function2<Integer, Iterator<Tuple2<Integer, PackedRows>>, Iterator<EpochRows>> collect = (p, in) ->
        Collections.singleton(EpochRows.of(layout, p, block, inputs, outputs, weighted, values(in))).iterator();
    return packed.flatMapToPair(part -> part.divide(plan.value().positions(epoch), layout))
        .partitionBy(new ByNumber(layout.partitions())).mapPartitionsWithIndex(collect, true);
  }

  /** The rows of a partition arrive as pairs of its number and some of them. */
  private static Iterator<PackedRows> values(Iterator<Tuple2<Integer, PackedRows>> in) {
    return new Iterator<>() {
      @Override public boolean hasNext() {
        return in.hasNext();
      }

      @Override public PackedRows next() {
        return in.next()._2();
      }
    };
  }

  /** Keys are the numbers of partitions. */
  private static final class ByNumber extends Partitioner {
    private static final long serialVersionUID = 1;

    private final int partitions;

    ByNumber(int partitions) {
      this.partitions = partitions;
    }

    @Override public int numPartitions() {
      return partitions;
    }

    @Override public int getPartition(Object key) {
      return (Integer) key;
    }
  }
}
