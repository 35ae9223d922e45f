// SPDX-License-Identifier: MIT
package chainrule.io;

import chainrule.nn.activation.Activation;
import java.util.List;

/** What a value in an ONNX graph stands for, as far as networks of dense layers have it. */
interface OnnxValue {

  /** A constant, perhaps transposed. */
  record Constant(OnnxTensor tensor, boolean transposed) implements OnnxValue {}

  /** A value that no such network has, with the reason, for messages. */
  record Unsupported(String reason) implements OnnxValue {}

  /** Whole numbers computed from the shape of a value; {@link #ROWS} stands for the number of rows of a batch. */
  record Sizes(List<Long> values) implements OnnxValue {
    static final long ROWS = Long.MIN_VALUE;
  }

  /** The class of each row: the largest of the values of a chain. The names are null if the file has numbers. */
  record Labels(Chain of, OnnxTensor names) implements OnnxValue {}

  /**
   * The network up to here: the steps from the input on, of which this is the last.
   *
   * @param parent the steps before it; null for the input
   * @param dims the sizes of its dimensions without the rows: one, the columns, unless the input has more and is not
   *     yet flattened; 0 if they are not known
   * @param rows the number of rows if the file fixes it, else 0
   */
  record Chain(Chain parent, Step step, List<Integer> dims, long rows) implements OnnxValue {
    Chain with(Step next, int width) {
      return new Chain(this, next, List.of(width), rows);
    }

    Chain with(Step next) {
      return new Chain(this, next, dims, rows);
    }

    Chain shaped(List<Integer> newDims) {
      return new Chain(parent, step, newDims, rows);
    }

    /** Returns the number of columns, or of numbers in a row; 0 if it is not known. */
    int width() {
      return dims.stream().reduce(1, (a, b) -> a * b);
    }

    /** Returns the number of dimensions, 2 for rows of columns. */
    int rank() {
      return 1 + dims.size();
    }

    // a chain is the same value only if it is the same object: the records of long chains would compare recursively
    @Override public boolean equals(Object other) {
      return this == other;
    }

    @Override public int hashCode() {
      return System.identityHashCode(this);
    }

    @Override public String toString() {
      return "chain of " + dims;
    }
  }

  /**
   * An intermediate value of an activation that takes several nodes: a function of z, the output of a chain.
   * <pre>
   *   COMPLEMENT   1 − z
   *   ERF          erf(z/√2)
   *   ERF_PLUS_1   factor · (1 + erf(z/√2))
   *   GELU         factor · z · (1 + erf(z/√2))
   *   GREATER      z &gt; factor
   * </pre>
   */
  record Term(Kind kind, Chain z, double factor) implements OnnxValue {
    enum Kind { COMPLEMENT, ERF, ERF_PLUS_1, GELU, GREATER }
  }

  /** A step of a chain. */
  interface Step {}

  /** z = a·W + b, W [in × out]; the bias is null if it is 0, and open if a following Add may still set it. */
  record DenseStep(Constant weights, OnnxTensor bias, int in, int out, boolean open) implements Step {}

  /** @param logarithm whether the file takes the logarithm of the result, as LogSoftmax does */
  record ActivationStep(Activation activation, boolean logarithm) implements Step {}

  /**
   * Adds, subtracts, multiplies or divides by one number, or by one for each column.
   *
   * @param node for messages
   */
  record ScaleStep(Kind kind, double[] values, String node) implements Step {
    enum Kind { ADD, SUBTRACT, MULTIPLY, DIVIDE }
  }

  /** Names the classes, or makes two classes of one probability if there are no labels. */
  record LabelStep(List<String> labels) implements Step {}
}
