// SPDX-License-Identifier: MIT
package chainrule.io;

import chainrule.io.OnnxFile.Attribute;
import chainrule.io.OnnxFile.Node;
import chainrule.io.OnnxValue.ActivationStep;
import chainrule.io.OnnxValue.Chain;
import chainrule.io.OnnxValue.Constant;
import chainrule.io.OnnxValue.DenseStep;
import chainrule.io.OnnxValue.FactorStep;
import chainrule.io.OnnxValue.LabelStep;
import chainrule.io.OnnxValue.ShiftStep;
import chainrule.io.OnnxValue.Term;
import chainrule.io.OnnxValue.Unsupported;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Elu;
import chainrule.nn.activation.Gelu;
import chainrule.nn.activation.LeakyRelu;
import chainrule.nn.activation.Relu;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Silu;
import chainrule.nn.activation.Softmax;
import chainrule.nn.activation.Softplus;
import chainrule.nn.activation.Tanh;
import chainrule.text.Excerpt;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Computes what the nodes of an ONNX graph stand for.
 * <pre>
 *   dense layers   Gemm, MatMul, and an Add after it
 *   activations    Relu, LeakyRelu, Elu, Sigmoid, Tanh, Softmax, LogSoftmax at the end, Softplus, Gelu, Swish;
 *                  z · Sigmoid(z), ½ · z · (1 + Erf(z/√2)), Where(z &gt; threshold, z, Softplus(z))
 *   scaling        Sub, Add, Div, Mul and ai.onnx.ml's Scaler before the first layer; Mul, Add after the last one
 *   no effect      Identity, Dropout, Cast to real numbers, Flatten and Reshape to rows, ZipMap
 *   two classes    Concat of 1 − p and p
 * </pre>
 */
final class OnnxOperators {
  private static final String SUPPORTED = "supported are Gemm, MatMul and Add of dense layers, Relu, LeakyRelu, Elu, "
      + "Sigmoid, Tanh, Softmax, Softplus and Gelu, and scaling of the inputs";
  /** Operators that are supported in other places. */
  private static final Set<String> ELSEWHERE = Set.of("Gemm", "MatMul", "Add", "Sub", "Mul", "Div", "Erf", "Greater",
      "Where", "Concat", "Reshape", "Flatten", "Transpose", "Cast", "Softmax", "Relu", "Sigmoid", "Tanh");
  /** float32 constants in graphs differ from √2 and ½ by less. */
  private static final double TOLERANCE = 1e-6;

  private final OnnxFile file;
  private final Map<String, OnnxValue> values;

  /** @param values those computed so far, by name */
  OnnxOperators(OnnxFile file, Map<String, OnnxValue> values) {
    this.file = file;
    this.values = values;
  }

  /** Returns what the first output of a node stands for. */
  OnnxValue result(Node n) {
    List<OnnxValue> in = new ArrayList<>();
    for (String name : n.inputs()) {
      OnnxValue v = value(name);
      if (v instanceof Unsupported) return v;
      in.add(v);
    }
    OnnxValue result = n.domain().isEmpty() || n.domain().equals("ai.onnx") ? standard(n, in)
        : n.domain().equals(OnnxGraph.ML) ? ofTables(n, in) : null;
    return result != null ? result : refused(n, "");
  }

  /** Returns the value with this name; null for an optional input that is not given. */
  private OnnxValue value(String name) {
    if (name.isEmpty()) return null;
    OnnxTensor t = file.constant(name);
    if (t != null) return new Constant(t, false);
    return values.getOrDefault(name, new Unsupported("no node before computes '" + Excerpt.of(name) + "'"));
  }

  private static Unsupported refused(Node n, String why) {
    if (!why.isEmpty()) return new Unsupported(n.shown() + ": " + why);
    boolean elsewhere = ELSEWHERE.contains(n.operator()) && !n.fullOperator().contains(".") || isScaler(n);
    return new Unsupported(n.shown() + (elsewhere
        ? " is not supported in this place; expected dense layers, one after the other, their activations, and a "
        + "scaling of the inputs or outputs" : " is not supported; " + SUPPORTED));
  }

  private OnnxValue standard(Node n, List<OnnxValue> in) {
    OnnxValue x = in.isEmpty() ? null : in.get(0), y = in.size() < 2 ? null : in.get(1);
    return switch (n.operator()) {
      case "Constant" -> constant(n);
      case "Identity", "Dropout" -> x;
      case "Cast" -> x instanceof Chain && FloatFormat.ofOnnx(n.integer("to", 0)).isPresent() ? x : null;
      case "Flatten" -> x instanceof Chain c && c.isInput() || x instanceof Chain d && d.rank() == 2
          ? n.integer("axis", 1) == 1 ? ((Chain) x).flat() : null : null;
      case "Reshape" -> reshape(n, x, y);
      case "Transpose" -> transpose(n, x);
      case "Gemm" -> gemm(n, in);
      case "MatMul" -> x instanceof Chain c && y instanceof Constant w ? dense(n, c, w, null, true) : null;
      case "Add" -> add(n, x, y);
      case "Sub" -> subtract(n, x, y);
      case "Mul" -> multiply(n, x, y);
      case "Div" -> divide(n, x, y);
      case "Erf" -> erf(x);
      case "Greater" -> x instanceof Chain z && y instanceof Constant c && scalar(c) != null
          ? new Term(Term.Kind.GREATER, z, scalar(c)) : null;
      case "Where" -> in.size() == 3 && x instanceof Term t && t.kind() == Term.Kind.GREATER && y == t.z()
          && in.get(2) instanceof Chain s && s.parent() == t.z() && isActivation(s, Softplus.class) ? s : null;
      case "Concat" -> in.size() == 2 && x instanceof Term t && t.kind() == Term.Kind.COMPLEMENT && y == t.z()
          && t.z().width() == 1 && (n.integer("axis", 1) == 1 || n.integer("axis", 1) == -1)
          ? t.z().with(new LabelStep(List.of())) : null;
      default -> x instanceof Chain c ? activation(n, c) : null;
    };
  }

  // ---------------------------------------------------------------- constants and shapes

  private static OnnxValue constant(Node n) {
    Attribute a = n.attributes().get("value");
    return a != null && a.tensor() != null ? new Constant(a.tensor(), false)
        : refused(n, "expected a tensor in its attribute 'value'");
  }

  private static OnnxValue transpose(Node n, OnnxValue x) {
    Attribute perm = n.attributes().get("perm");
    boolean swaps = perm == null || perm.integers().equals(List.of(1L, 0L));
    return x instanceof Constant c && c.tensor().rank() == 2 && swaps ? new Constant(c.tensor(), !c.transposed())
        : null;
  }

  /** Reshapes to rows of all numbers of an input row, which changes nothing. */
  private static OnnxValue reshape(Node n, OnnxValue x, OnnxValue y) {
    if (!(x instanceof Chain c) || !(y instanceof Constant shape) || !(c.rank() == 2 || c.isInput())) return null;
    long[] to = shape.tensor().longs();
    if (to == null || to.length != 2) return refused(n, "expected a reshape to rows, [N × columns]");
    boolean sameRows = to[0] == 0 && n.integer("allowzero", 0) == 0 || to[0] == c.rows() && c.rows() > 0;
    boolean sameColumns = to[1] == c.width() && c.width() > 0;
    if (sameRows && to[1] == -1 || sameColumns && (sameRows || to[0] == -1 || to[0] == 1)) return c.flat();
    return refused(n, "reshapes to [" + to[0] + ", " + to[1] + "]; expected rows of " + c.width() + " columns");
  }

  /** Returns the numbers of a constant: one for all columns of a value, or one for each; null for any other. */
  private double[] row(Constant c, Chain of) {
    return row(c, of.rank() == 2 ? of.width() : 1);
  }

  private double[] row(Constant c, int columns) {
    OnnxTensor t = c.tensor();
    if (t.format().isEmpty() || c.transposed()) return null;
    int n = t.elements();
    boolean isRow = t.rank() <= 1 || t.rank() == 2 && t.dim(0) == 1;
    if (n < 1 || n > file.mostNumbers() || !(n == 1 || isRow && (n == columns || columns == 0))) return null;
    double[] values = new double[n];
    t.copy(values, 0, false, file.directory());
    return values;
  }

  /** Returns the number of a constant with one; null for any other constant. */
  private Double scalar(Constant c) {
    if (c.tensor().format().isEmpty() || c.tensor().elements() != 1) return null;
    return row(c, 1)[0];
  }

  // ---------------------------------------------------------------- layers

  private OnnxValue gemm(Node n, List<OnnxValue> in) {
    if (in.size() < 2 || !(in.get(0) instanceof Chain a) || !(in.get(1) instanceof Constant w)) return null;
    if (n.single("alpha", 1) != 1 || n.single("beta", 1) != 1 || n.integer("transA", 0) != 0) {
      return refused(n, "expected alpha = 1, beta = 1 and transA = 0");
    }
    OnnxValue bias = in.size() > 2 ? in.get(2) : null;
    if (bias != null && !(bias instanceof Constant)) return null;
    Constant oriented = n.integer("transB", 0) == 0 ? w : new Constant(w.tensor(), !w.transposed());
    return dense(n, a, oriented, (Constant) bias, false);
  }

  private OnnxValue dense(Node n, Chain a, Constant w, Constant bias, boolean open) {
    OnnxTensor t = w.tensor();
    if (t.rank() != 2 || t.format().isEmpty() || t.elements() < 1) {
      return refused(n, "expected a matrix of real numbers, found the constant '" + Excerpt.of(t.name()) + "' "
          + t.shownShape());
    }
    int in = t.dim(w.transposed() ? 1 : 0), out = t.dim(w.transposed() ? 0 : 1);
    if (a.rank() != 2) return refused(n, "its input has " + a.rank() + " dimensions; expected rows, as after Flatten");
    if (a.width() != 0 && a.width() != in) {
      return refused(n, "weights of " + in + " inputs follow " + a.width() + " columns");
    }
    if (isAfterOutputs(a)) return refused(n, "a layer after a scaling of outputs");
    if (bias != null && !isBias(bias, out)) {
      return refused(n, "a bias of the shape " + bias.tensor().shownShape() + " for " + out + " outputs");
    }
    return a.with(new DenseStep(w, bias == null ? null : bias.tensor(), in, out, open), out);
  }

  private static boolean isBias(Constant c, int out) {
    OnnxTensor t = c.tensor();
    boolean isRow = t.rank() <= 1 || t.rank() == 2 && t.dim(0) == 1;
    return t.format().isPresent() && !c.transposed() && isRow && (t.elements() == out || t.elements() == 1);
  }

  /** Returns whether a scaling of outputs, or labels, precede, so that no layer can follow. */
  private static boolean isAfterOutputs(Chain c) {
    return c.step() instanceof LabelStep || c.step() instanceof ActivationStep a && a.logarithm()
        || !c.isInput() && (c.step() instanceof ShiftStep || c.step() instanceof FactorStep);
  }

  // ---------------------------------------------------------------- activations

  private static OnnxValue activation(Node n, Chain z) {
    Activation a = switch (n.operator()) {
      case "Relu" -> new Relu();
      case "LeakyRelu" -> new LeakyRelu(n.single("alpha", 0.01f));
      case "Elu" -> new Elu(n.single("alpha", 1));
      case "Sigmoid" -> new Sigmoid();
      case "Tanh" -> new Tanh();
      case "Softmax", "LogSoftmax" -> new Softmax();
      case "Softplus" -> new Softplus();
      case "Gelu" -> new Gelu();
      case "Swish" -> new Silu();
      default -> null;
    };
    if (a == null) return null;
    if (isAfterOutputs(z)) return refused(n, "an activation after the outputs");
    if (z.rank() != 2) return refused(n, "its input has " + z.rank() + " dimensions; expected rows, as after Flatten");
    long axis = n.integer("axis", 1);
    if (a instanceof Softmax && axis != 1 && axis != -1) return refused(n, "expected axis = 1, found " + axis);
    Attribute approximation = n.attributes().get("approximate");
    if (a instanceof Gelu && approximation != null && !approximation.text().equals("none")) {
      return refused(n, "expected approximate = none, found " + Excerpt.of(approximation.text()));
    }
    if (a instanceof Silu && n.single("alpha", 1) != 1) return refused(n, "expected alpha = 1");
    return z.with(new ActivationStep(a, n.operator().equals("LogSoftmax")));
  }

  private static boolean isActivation(Chain c, Class<? extends Activation> kind) {
    return c.step() instanceof ActivationStep a && kind.isInstance(a.activation());
  }

  private static boolean near(double found, double expected) {
    return Math.abs(found - expected) < TOLERANCE;
  }

  private static OnnxValue erf(OnnxValue x) {
    boolean scaled = x instanceof Chain c && !c.isInput() && c.step() instanceof FactorStep f && f.values().length == 1
        && near(f.values()[0], Math.sqrt(0.5));
    return scaled ? new Term(Term.Kind.ERF, ((Chain) x).parent(), 1) : null;
  }

  /** Returns c · x for a function of several nodes; with it, the activation may be complete. */
  private static OnnxValue scaled(Term t, double c) {
    double factor = t.factor() * c;
    if (t.kind() == Term.Kind.ERF_PLUS_1) return new Term(t.kind(), t.z(), factor);
    if (t.kind() != Term.Kind.GELU) return null;
    return near(factor, 0.5) ? t.z().with(new ActivationStep(new Gelu(), false)) : new Term(t.kind(), t.z(), factor);
  }

  /** Returns the product of z, or a multiple of it, and a function of z. */
  private static OnnxValue product(Chain z, OnnxValue other) {
    if (other instanceof Chain s && s.parent() == z && isActivation(s, Sigmoid.class)) {
      return z.with(new ActivationStep(new Silu(), false));
    }
    if (!(other instanceof Term t) || t.kind() != Term.Kind.ERF_PLUS_1) return null;
    double factor = 1;
    if (z != t.z()) {
      boolean multiple = z.parent() == t.z() && z.step() instanceof FactorStep f && f.values().length == 1;
      if (!multiple) return null;
      factor = ((FactorStep) z.step()).values()[0];
    }
    return scaled(new Term(Term.Kind.GELU, t.z(), 1), factor * t.factor());
  }

  // ---------------------------------------------------------------- sums and products

  private OnnxValue add(Node n, OnnxValue x, OnnxValue y) {
    if (x instanceof Constant && !(y instanceof Constant)) return add(n, y, x);
    if (!(y instanceof Constant c)) return null;
    if (x instanceof Term t) {
      Double one = scalar(c);
      return t.kind() == Term.Kind.ERF && one != null && one == 1 ? new Term(Term.Kind.ERF_PLUS_1, t.z(), 1) : null;
    }
    if (!(x instanceof Chain a)) return null;
    if (a.step() instanceof DenseStep d && d.open()) {
      if (!isBias(c, d.out())) return refused(n, "a bias of the shape " + c.tensor().shownShape() + " for " + d.out()
          + " outputs");
      return a.parent().with(new DenseStep(d.weights(), c.tensor(), d.in(), d.out(), false), d.out());
    }
    double[] values = row(c, a);
    if (values == null) return null;
    if (!a.isInput()) return canScaleOutputs(a) ? a.with(new ShiftStep(values)) : null;
    for (int j = 0; j < values.length; j++) values[j] = -values[j];
    return shifted(n, a, values);
  }

  private OnnxValue subtract(Node n, OnnxValue x, OnnxValue y) {
    if (x instanceof Constant one && y instanceof Chain p) {
      double[] ones = row(one, p);
      return ones != null && Arrays.stream(ones).allMatch(v -> v == 1) ? new Term(Term.Kind.COMPLEMENT, p, 1) : null;
    }
    if (!(x instanceof Chain a) || !(y instanceof Constant c) || !a.isInput()) return null;
    double[] values = row(c, a);
    return values == null ? null : shifted(n, a, values);
  }

  private OnnxValue multiply(Node n, OnnxValue x, OnnxValue y) {
    if (x instanceof Constant && !(y instanceof Constant)) return multiply(n, y, x);
    if (y instanceof Constant c) {
      if (x instanceof Term t) return scalar(c) == null ? null : scaled(t, scalar(c));
      if (!(x instanceof Chain a)) return null;
      double[] values = row(c, a);
      if (values == null) return null;
      return a.isInput() ? multiplied(n, a, values) : factor(n, a, values, true);
    }
    OnnxValue product = x instanceof Chain a ? product(a, y) : null;
    return product == null && y instanceof Chain b ? product(b, x) : product;
  }

  private OnnxValue divide(Node n, OnnxValue x, OnnxValue y) {
    if (!(x instanceof Chain a) || !(y instanceof Constant c)) return null;
    double[] values = row(c, a);
    if (values == null) return null;
    if (a.isInput()) return scaled(n, a, values, true);
    for (int j = 0; j < values.length; j++) values[j] = 1 / values[j];
    return factor(n, a, values, false);
  }

  /** Returns whether y = a · deviation + mean may follow: the network must end here. */
  private static boolean canScaleOutputs(Chain a) {
    return a.step() instanceof FactorStep || a.step() instanceof DenseStep || a.step() instanceof ActivationStep;
  }

  private static OnnxValue factor(Node n, Chain a, double[] values, boolean exact) {
    if (isAfterOutputs(a)) return null;
    return positive(values) ? a.with(new FactorStep(values, exact))
        : refused(n, "expected finite factors > 0 of the outputs");
  }

  private static OnnxValue shifted(Node n, Chain a, double[] means) {
    if (a.step() != null) return refused(n, "expected inputs scaled as (x − mean) / deviation");
    return widened(a.with(new ShiftStep(means)), means.length);
  }

  private static OnnxValue scaled(Node n, Chain a, double[] deviations, boolean exact) {
    if (a.step() instanceof FactorStep) return refused(n, "expected inputs scaled as (x − mean) / deviation");
    if (!positive(deviations)) return refused(n, "expected finite factors > 0 of the inputs");
    return widened(a.with(new FactorStep(deviations, exact)), deviations.length);
  }

  private static OnnxValue multiplied(Node n, Chain a, double[] factors) {
    double[] inverse = new double[factors.length];
    boolean exact = true;
    for (int j = 0; j < factors.length; j++) {
      inverse[j] = 1 / factors[j];
      exact &= (Double.doubleToRawLongBits(factors[j]) & (1L << 52) - 1) == 0; // a power of two
    }
    return scaled(n, a, inverse, exact);
  }

  private static boolean positive(double[] values) {
    return Arrays.stream(values).allMatch(v -> v > 0 && v < Double.POSITIVE_INFINITY);
  }

  /** Returns the chain with the number of columns that a constant with one number for each has told. */
  private static Chain widened(Chain c, int columns) {
    return c.width() == 0 && columns > 1 ? new Chain(c.parent(), c.step(), columns, c.rank(), c.rows()) : c;
  }

  // ---------------------------------------------------------------- ai.onnx.ml

  private static OnnxValue ofTables(Node n, List<OnnxValue> in) {
    if (in.isEmpty() || !(in.get(0) instanceof Chain a)) return null;
    if (n.operator().equals("ZipMap")) {
      Attribute texts = n.attributes().get("classlabels_strings"), numbers = n.attributes().get("classlabels_int64s");
      List<String> labels = texts != null ? texts.texts()
          : numbers != null ? numbers.integers().stream().map(String::valueOf).toList() : List.of();
      return labels.isEmpty() ? a : a.with(new LabelStep(labels));
    }
    if (!isScaler(n) || !a.isInput()) return null;
    double[] offset = doubles(n, "offset"), scale = doubles(n, "scale");
    boolean fits = Math.max(offset.length, scale.length) > 0 && fits(offset, a.width()) && fits(scale, a.width());
    if (!fits) return refused(n, "expected an offset and a scale for all columns, or for each");
    OnnxValue shifted = offset.length == 0 ? a : shifted(n, a, offset);
    return shifted instanceof Chain c && scale.length > 0 ? multiplied(n, c, scale) : shifted;
  }

  private static boolean isScaler(Node n) {
    return n.domain().equals(OnnxGraph.ML) && n.operator().equals("Scaler");
  }

  private static boolean fits(double[] values, int columns) {
    return values.length <= 1 || columns == 0 || values.length == columns;
  }

  private static double[] doubles(Node n, String attribute) {
    Attribute a = n.attributes().get(attribute);
    return a == null ? new double[0] : a.singles().stream().mapToDouble(Float::doubleValue).toArray();
  }
}
