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

  /**
   * The network up to here: the steps from the input on, of which this is the last.
   *
   * @param parent the steps before it; null for the input
   * @param width the number of columns; 0 if it is not known
   * @param rank the number of dimensions, 2 unless the input has more and is not yet flattened
   * @param rows the number of rows if the file fixes it, else 0
   */
  record Chain(Chain parent, Step step, int width, int rank, long rows) implements OnnxValue {
    static Chain input(int width, int rank, long rows) {
      return new Chain(null, null, width, rank, rows);
    }

    Chain with(Step next, int newWidth) {
      return new Chain(this, next, newWidth, rank, rows);
    }

    Chain with(Step next) {
      return with(next, width);
    }

    Chain flat() {
      return new Chain(parent, step, width, 2, rows);
    }

    /** Returns whether no layer precedes: only the scaling of the inputs, if anything. */
    boolean isInput() {
      return parent == null || (step instanceof ShiftStep || step instanceof FactorStep) && parent.isInput();
    }

    // a chain is the same value only if it is the same object: the records of long chains would compare recursively
    @Override public boolean equals(Object other) {
      return this == other;
    }

    @Override public int hashCode() {
      return System.identityHashCode(this);
    }

    @Override public String toString() {
      return "chain of " + width;
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

  /** Subtracts the means of inputs, or adds those of outputs. */
  record ShiftStep(double[] values) implements Step {}

  /**
   * Divides by the deviations of inputs, or multiplies by those of outputs.
   *
   * @param exact whether the file does the same, and not a multiplication by inverses
   */
  record FactorStep(double[] values, boolean exact) implements Step {}

  /** Names the classes, or makes two classes of one probability if there are no labels. */
  record LabelStep(List<String> labels) implements Step {}
}
