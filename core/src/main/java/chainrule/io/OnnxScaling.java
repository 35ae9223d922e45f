// SPDX-License-Identifier: MIT
package chainrule.io;

import chainrule.io.ForeignNetwork.Scale;
import chainrule.io.OnnxFile.Node;
import chainrule.io.OnnxValue.Chain;
import chainrule.io.OnnxValue.Constant;
import chainrule.io.OnnxValue.ScaleStep;
import chainrule.io.OnnxValue.ScaleStep.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Scaling in ONNX graphs: steps that add, subtract, multiply or divide by constants, and what several of them compute
 * together. Before the first layer they are (x − mean) / deviation, after the last one y · deviation + mean, elsewhere
 * x · factor + shift.
 */
final class OnnxScaling {
  private final OnnxFile file;
  /** How many further numbers steps may have. A constant can be in several steps, and memory is limited. */
  private long left;

  OnnxScaling(OnnxFile file) {
    this.file = file;
    this.left = file.mostNumbers();
  }

  // ---------------------------------------------------------------- steps

  /** Returns the chain with a step, or as it is if the step changes nothing; null if it cannot follow. */
  Chain step(Node n, Chain a, Kind kind, Constant c) {
    double[] values = row(c, a);
    return values == null ? null : step(n, a, kind, values);
  }

  /** Returns the chain with a step by one number, or by one for each column. */
  Chain step(Node n, Chain a, Kind kind, double[] values) {
    if (OnnxOperators.isAfterOutputs(a) || values.length > left) return null;
    left -= values.length;
    Chain known = a.width() == 0 && values.length > 1 ? a.shaped(List.of(values.length)) : a;
    double noEffect = kind == Kind.ADD || kind == Kind.SUBTRACT ? 0 : 1;
    boolean none = Arrays.stream(values).allMatch(v -> v == noEffect);
    return none ? known : known.with(new ScaleStep(kind, values, n.shown()));
  }

  /** Returns (x − mean) / √(variance + ε) · scale + bias; null if the node is not that of a prediction. */
  Chain batchNormalization(Node n, Chain x, List<OnnxValue> in) {
    boolean predicts = in.size() == 5 && x.rank() == 2 && n.integer("training_mode", 0) == 0;
    double[][] rows = new double[4][];
    for (int k = 0; k < 4; k++) {
      rows[k] = predicts && in.get(k + 1) instanceof Constant c ? row(c, x) : null;
      if (rows[k] == null) return null;
    }
    double epsilon = n.single("epsilon", 1e-5f);
    double[] deviation = Arrays.stream(rows[3]).map(variance -> Math.sqrt(variance + epsilon)).toArray();
    Chain standardized = step(n, x, Kind.SUBTRACT, rows[2]);
    if (standardized != null) standardized = step(n, standardized, Kind.DIVIDE, deviation);
    if (standardized != null) standardized = step(n, standardized, Kind.MULTIPLY, rows[0]);
    return standardized == null ? null : step(n, standardized, Kind.ADD, rows[1]);
  }

  /** Returns the number of a constant with one; null for any other constant. */
  Double scalar(Constant c) {
    if (c.tensor().format().isEmpty() || c.tensor().elements() != 1) return null;
    return numbers(c.tensor())[0];
  }

  /**
   * Returns the numbers of a constant: one for all columns of a value, or one for each, by the broadcasting rules of
   * ONNX; null if there is none for each.
   */
  private double[] row(Constant c, Chain of) {
    OnnxTensor t = c.tensor();
    if (t.format().isEmpty() || c.transposed() || t.rank() > of.rank()) return null;
    int n = t.elements(), width = of.width();
    if (n < 1 || Math.max(n, width) > left) return null;
    if (n == 1) return numbers(t);
    if (t.rank() == of.rank() && t.dim(0) != 1) return null; // one for each row
    int[] sizes = new int[of.dims().size()];
    Arrays.fill(sizes, 1);
    for (int k = 1; k <= Math.min(t.rank(), sizes.length); k++) sizes[sizes.length - k] = t.dim(t.rank() - k);
    if (width == 0) return sizes.length == 1 ? numbers(t) : null;
    double[] numbers = numbers(t), row = new double[width];
    for (int i = 0; i < width; i++) {
      int place = 0, stride = 1, rest = i;
      for (int k = sizes.length - 1; k >= 0; k--) {
        int size = of.dims().get(k);
        if (sizes[k] != 1 && sizes[k] != size) return null;
        if (sizes[k] != 1) place += rest % size * stride;
        stride *= sizes[k];
        rest /= size;
      }
      row[i] = numbers[place];
    }
    return row;
  }

  private double[] numbers(OnnxTensor t) {
    double[] values = new double[t.elements()];
    t.copy(values, 0, false, file.directory());
    return values;
  }

  /**
   * Returns what a node computes from constants alone: one constant, two of the same shape, or one and a single number.
   * Returns null for others.
   */
  OnnxValue computed(Node n, List<OnnxValue> in) {
    double[][] numbers = new double[2][];
    OnnxTensor shape = null;
    for (int k = 0; k < in.size() && k < 2; k++) {
      boolean real = in.get(k) instanceof Constant c && c.tensor().format().isPresent() && !c.transposed()
          && c.tensor().elements() <= left;
      if (!real) return null;
      OnnxTensor t = ((Constant) in.get(k)).tensor();
      numbers[k] = numbers(t);
      if (shape != null && t.elements() > 1 && shape.elements() > 1 && !t.shownShape().equals(shape.shownShape())) {
        return null;
      }
      if (shape == null || t.elements() > 1) shape = t;
    }
    if (shape == null || in.size() != (numbers[1] == null ? 1 : 2)) return null;
    double[] result = new double[shape.elements()];
    left -= result.length;
    for (int i = 0; i < result.length; i++) {
      double x = numbers[0][numbers[0].length == 1 ? 0 : i];
      double y = numbers[1] == null ? 0 : numbers[1][numbers[1].length == 1 ? 0 : i];
      result[i] = switch (n.operator()) {
        case "Add" -> x + y;
        case "Sub" -> x - y;
        case "Mul" -> x * y;
        case "Div" -> x / y;
        case "Neg" -> -x;
        case "Sqrt" -> Math.sqrt(x);
        default -> 1 / x;
      };
    }
    int[] dims = new int[shape.rank()];
    for (int k = 0; k < dims.length; k++) dims[k] = shape.dim(k);
    return new Constant(OnnxTensor.of(result, dims), false);
  }

  // ---------------------------------------------------------------- several steps

  /** What steps compute together: x · factor + shift for each column. */
  record Affine(double[] factor, double[] shift) {
    static Affine of(List<ScaleStep> steps, int columns) {
      double[] factor = new double[columns], shift = new double[columns];
      Arrays.fill(factor, 1);
      for (ScaleStep s : steps) {
        for (int j = 0; j < columns; j++) {
          double v = s.values()[s.values().length == 1 ? 0 : j];
          switch (s.kind()) {
            case ADD -> shift[j] += v;
            case SUBTRACT -> shift[j] -= v;
            case MULTIPLY -> {
              factor[j] *= v;
              shift[j] *= v;
            }
            case DIVIDE -> {
              factor[j] /= v;
              shift[j] /= v;
            }
          }
        }
      }
      return new Affine(factor, shift);
    }

    boolean isFinite() {
      return Arrays.stream(factor).allMatch(Double::isFinite) && Arrays.stream(shift).allMatch(Double::isFinite);
    }
  }

  /**
   * A mean and a deviation for each column.
   *
   * @param exact whether the file computes the same, and not the same up to rounding
   */
  record Standardization(Scale scale, boolean exact) {}

  /** Returns the steps as (x − mean) / deviation; empty if a deviation is not a finite number > 0. */
  static Optional<Standardization> ofInputs(List<ScaleStep> steps, int columns) {
    double[] mean = new double[columns], deviation = new double[columns];
    Arrays.fill(deviation, 1);
    boolean exact = true, shifted = false, divided = false;
    for (ScaleStep s : steps) {
      boolean shift = s.kind() == Kind.ADD || s.kind() == Kind.SUBTRACT;
      exact &= shift ? !shifted && !divided : !divided && (s.kind() == Kind.DIVIDE || arePowersOfTwo(s.values()));
      for (int j = 0; j < columns; j++) {
        double v = s.values()[s.values().length == 1 ? 0 : j];
        switch (s.kind()) {
          case ADD -> mean[j] -= v * deviation[j];
          case SUBTRACT -> mean[j] += v * deviation[j];
          case MULTIPLY -> deviation[j] /= v;
          case DIVIDE -> deviation[j] *= v;
        }
      }
      shifted |= shift;
      divided |= !shift;
    }
    return standardization(mean, deviation, exact);
  }

  /** Returns the steps as y · deviation + mean; empty if a deviation is not a finite number > 0. */
  static Optional<Standardization> ofOutputs(List<ScaleStep> steps, int columns) {
    Affine a = Affine.of(steps, columns);
    boolean exact = true, shifted = false, multiplied = false;
    for (ScaleStep s : steps) {
      boolean shift = s.kind() == Kind.ADD || s.kind() == Kind.SUBTRACT;
      exact &= !shifted && (shift || !multiplied && (s.kind() == Kind.MULTIPLY || arePowersOfTwo(s.values())));
      shifted |= shift;
      multiplied |= !shift;
    }
    return standardization(a.shift, a.factor, exact);
  }

  private static Optional<Standardization> standardization(double[] mean, double[] deviation, boolean exact) {
    boolean valid = Arrays.stream(deviation).allMatch(v -> v > 0 && v < Double.POSITIVE_INFINITY)
        && Arrays.stream(mean).allMatch(Double::isFinite);
    return valid ? Optional.of(new Standardization(new Scale(mean, deviation), exact)) : Optional.empty();
  }

  private static boolean arePowersOfTwo(double[] values) {
    return Arrays.stream(values).allMatch(v -> (Double.doubleToRawLongBits(v) & (1L << 52) - 1) == 0);
  }
}
