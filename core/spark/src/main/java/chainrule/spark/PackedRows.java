// SPDX-License-Identifier: MIT
package chainrule.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import scala.Tuple2;

/** Some rows in flat arrays, each with a number: its own, or its position in an epoch's order. */
final class PackedRows implements Serializable {
  private static final long serialVersionUID = 1;
  /** The rows that are packed at a time. */
  static final int ROWS = 1024;

  final int inputs;
  final int outputs;
  final int[] numbers;
  final double[] x;
  final double[] y;
  final double[] weights;
  private int rows;

  PackedRows(int capacity, int inputs, int outputs) {
    this.inputs = inputs;
    this.outputs = outputs;
    numbers = new int[capacity];
    x = new double[Math.multiplyExact(capacity, inputs)];
    y = new double[Math.multiplyExact(capacity, outputs)];
    weights = new double[capacity];
  }

  int rows() {
    return rows;
  }

  /** Adds row i of the given arrays. */
  void add(int number, double[] fromX, double[] fromY, double weight, int i) {
    numbers[rows] = number;
    System.arraycopy(fromX, i * inputs, x, rows * inputs, inputs);
    System.arraycopy(fromY, i * outputs, y, rows * outputs, outputs);
    weights[rows++] = weight;
  }

  /** Packs rows, at most {@value #ROWS} at a time, all with as many inputs and targets as the first of them. */
  static Iterator<PackedRows> pack(Iterator<TrainingRow> in) {
    return new Iterator<>() {
      private TrainingRow first = in.hasNext() ? in.next() : null;

      @Override public boolean hasNext() {
        return first != null;
      }

      @Override public PackedRows next() {
        List<TrainingRow> rows = new ArrayList<>();
        TrainingRow row = first;
        while (row != null && rows.size() < ROWS && haveSameLengths(row, first)) {
          rows.add(row);
          row = in.hasNext() ? in.next() : null;
        }
        first = row;
        return of(rows);
      }
    };
  }

  private static boolean haveSameLengths(TrainingRow a, TrainingRow b) {
    return a.x().length == b.x().length && a.y().length == b.y().length;
  }

  private static PackedRows of(List<TrainingRow> rows) {
    PackedRows p = new PackedRows(rows.size(), rows.get(0).x().length, rows.get(0).y().length);
    for (TrainingRow row : rows) p.add(row.number(), row.x(), row.y(), row.weight(), 0);
    return p;
  }

  /**
   * Divides these rows by the partition that holds them in an epoch.
   *
   * @param positions the position of each row number in the epoch's order
   * @return the rows of each partition that has some, numbered by position
   */
  Iterator<Tuple2<Integer, PackedRows>> divide(int[] positions, EpochLayout layout) {
    int[] counts = new int[layout.partitions()];
    for (int i = 0; i < rows; i++) counts[layout.partition(positions[numbers[i]])]++;
    PackedRows[] parts = new PackedRows[counts.length];
    List<Tuple2<Integer, PackedRows>> result = new ArrayList<>();
    for (int p = 0; p < counts.length; p++) {
      if (counts[p] == 0) continue;
      parts[p] = new PackedRows(counts[p], inputs, outputs);
      result.add(new Tuple2<>(p, parts[p]));
    }
    for (int i = 0; i < rows; i++) {
      int position = positions[numbers[i]];
      parts[layout.partition(position)].add(position, x, y, weights[i], i);
    }
    return result.iterator();
  }
}
