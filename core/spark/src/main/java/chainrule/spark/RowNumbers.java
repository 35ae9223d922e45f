// SPDX-License-Identifier: MIT
package chainrule.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * What the driver has of rows that live on executors.
 *
 * @param weights by the number of the row; null if all are 1, which gives the same bits
 */
record RowNumbers(int rows, int inputs, int outputs, double[] weights) {

  /** @param weights null if all are 1 */
  private record Part(int inputs, int outputs, int[] numbers, double[] weights) implements Serializable {
    static Part of(PackedRows p) {
      boolean ones = Arrays.stream(p.weights).allMatch(w -> w == 1);
      return new Part(p.inputs, p.outputs, p.numbers, ones ? null : p.weights);
    }
  }

  /** @throws IllegalArgumentException unless the rows have one length and the numbers 0 … n − 1 */
  static RowNumbers of(JavaRDD<PackedRows> packed) {
    List<Part> parts = parts(packed);
    if (parts.isEmpty()) return new RowNumbers(0, 0, 0, null);
    Part first = parts.get(0);
    long rows = parts.stream().mapToLong(p -> p.numbers.length).sum();
    if (rows > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException("training data: expected at most " + (Integer.MAX_VALUE - 8) + " rows, found "
          + rows);
    }
    boolean weighted = parts.stream().anyMatch(p -> p.weights != null);
    double[] weights = weighted ? new double[(int) rows] : null;
    BitSet present = new BitSet((int) rows);
    for (Part p : parts) {
      requireSameLengths(first, p);
      for (int i = 0; i < p.numbers.length; i++) {
        int number = p.numbers[i];
        requireNew(number, present, rows);
        present.set(number);
        if (weighted) weights[number] = p.weights == null ? 1 : p.weights[i];
      }
    }
    return new RowNumbers((int) rows, first.inputs, first.outputs, weights);
  }

  private static List<Part> parts(JavaRDD<PackedRows> packed) {
    JavaRDD<List<Part>> perPartition = packed.mapPartitions(in -> {
      List<Part> parts = new ArrayList<>();
      in.forEachRemaining(p -> parts.add(Part.of(p)));
      return Collections.singleton(parts).iterator();
    });
    int partitions = perPartition.getNumPartitions();
    List<List<Part>> received = new ArrayList<>(Collections.nCopies(partitions, List.of()));
    SparkJobs jobs = SparkJobs.on(JavaSparkContext.fromSparkContext(packed.context()));
    jobs.run("training rows, partition", perPartition, partitions, parts -> parts, (partition, parts) -> {
      received.set(partition, parts);
      return true;
    });
    return received.stream().flatMap(List::stream).toList();
  }

  private static void requireSameLengths(Part first, Part p) {
    if (p.inputs == first.inputs && p.outputs == first.outputs) return;
    throw new IllegalArgumentException("row " + p.numbers[0] + ": expected " + first.inputs + " inputs and "
        + first.outputs + " targets as in row " + first.numbers[0] + ", found " + p.inputs + " and " + p.outputs);
  }

  private static void requireNew(int number, BitSet present, long rows) {
    if (number >= 0 && number < rows && !present.get(number)) return;
    throw new IllegalArgumentException("row number " + number + ": expected each number from 0 to " + (rows - 1)
        + " once, because there are " + rows + " rows, but " + (number < 0 || number >= rows
            ? "this one is out of range" : "this one is there twice"));
  }
}
