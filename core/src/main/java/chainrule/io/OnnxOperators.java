// SPDX-License-Identifier: MIT
package chainrule.io;

import chainrule.io.OnnxFile.Attribute;
import chainrule.io.OnnxFile.Node;
import chainrule.io.OnnxValue.ActivationStep;
import chainrule.io.OnnxValue.Chain;
import chainrule.io.OnnxValue.Constant;
import chainrule.io.OnnxValue.DenseStep;
import chainrule.io.OnnxValue.LabelStep;
import chainrule.io.OnnxValue.Labels;
import chainrule.io.OnnxValue.ScaleStep;
import chainrule.io.OnnxValue.ScaleStep.Kind;
import chainrule.io.OnnxValue.Sizes;
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
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Computes what the nodes of an ONNX graph stand for.
 * <pre>
 *   dense layers   Gemm, MatMul, and an Add after it
 *   activations    Relu, LeakyRelu, PRelu of one slope, Elu, Celu of α = 1, Sigmoid, Tanh, Softmax, LogSoftmax at the
 *                  end, Softplus, Gelu, Swish; Clip or Max with 0; Selu, which is λ · Elu;
 *                  z · Sigmoid(z), ½ · z · (1 + Erf(z/√2)), Where(z &gt; threshold, z, Softplus(z))
 *   scaling        Sub, Add, Div, Mul, BatchNormalization ({@link OnnxScaling}); ai.onnx.ml's Scaler
 *   no effect      Identity, Dropout, Cast to real numbers; Flatten, Reshape and others of shapes ({@link OnnxShapes})
 *   classes        Concat of 1 − p and p; ArgMax, and what chooses a name with it; those of {@link OnnxTables}
 * </pre>
 */
final class OnnxOperators {
  private static final String SUPPORTED = "supported are Gemm, MatMul and Add of dense layers, Relu, LeakyRelu, Elu, "
      + "Sigmoid, Tanh, Softmax, Softplus and Gelu, BatchNormalization, and scaling of the inputs or outputs";
  /** Operators that are supported in other places. */
  private static final Set<String> ELSEWHERE = Set.of("Gemm", "MatMul", "Add", "Sub", "Mul", "Div", "Erf", "Greater",
      "Where", "Concat", "Reshape", "Flatten", "Transpose", "Cast", "Softmax", "Relu", "Sigmoid", "Tanh");
  /** The numbers that the ONNX standard gives. */
  private static final float SELU_ALPHA = 1.67326319217681884765625f, SELU_GAMMA = 1.05070102214813232421875f;
  /** From here on, ln(1 + e^z) is z up to the rounding of float32. */
  private static final double LEAST_THRESHOLD = 15;
  /** float32 constants in graphs differ from √2 and ½ by less. */
  private static final double TOLERANCE = 1e-6;

  private final OnnxFile file;
  private final Map<String, OnnxValue> values;
  private final OnnxScaling scaling;

  /** @param values those computed so far, by name */
  OnnxOperators(OnnxFile file, Map<String, OnnxValue> values) {
    this.file = file;
    this.values = values;
    this.scaling = new OnnxScaling(file);
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
        : n.domain().equals(OnnxGraph.ML) ? new OnnxTables(scaling).result(n, in) : null;
    return result != null ? result : refused(n, "");
  }

  /** Returns the value with this name; null for an optional input that is not given. */
  private OnnxValue value(String name) {
    if (name.isEmpty()) return null;
    OnnxTensor t = file.constant(name);
    if (t != null) return new Constant(t, false);
    return values.getOrDefault(name, new Unsupported("no node before computes '" + Excerpt.of(name) + "'"));
  }

  static Unsupported refused(Node n, String why) {
    if (!why.isEmpty()) return new Unsupported(n.shown() + ": " + why);
    boolean elsewhere = ELSEWHERE.contains(n.operator()) && !n.fullOperator().contains(".") || OnnxTables.isScaler(n);
    return new Unsupported(n.shown() + (elsewhere
        ? " is not supported in this place; expected dense layers, one after the other, their activations, and a "
        + "scaling of the inputs or outputs" : " is not supported; " + advice(n)));
  }

  private static String advice(Node n) {
    String operator = n.operator().toLowerCase(Locale.ROOT);
    if (operator.contains("quantize") || operator.endsWith("integer") || operator.startsWith("qlinear")) {
      return "import the file of the model before it was quantized";
    }
    if (n.domain().startsWith("com.microsoft")) return "import the file before ONNX Runtime has optimized it";
    return SUPPORTED;
  }

  private OnnxValue standard(Node n, List<OnnxValue> in) {
    OnnxValue x = in.isEmpty() ? null : in.get(0), y = in.size() < 2 ? null : in.get(1);
    return switch (n.operator()) {
      case "Constant" -> constant(n);
      case "Identity", "Dropout" -> x;
      case "Cast" -> cast(n, x);
      case "CastLike" -> x instanceof Constant || x instanceof Chain && y instanceof Chain ? x : null;
      case "Gemm" -> gemm(n, in);
      case "MatMul" -> x instanceof Chain c && y instanceof Constant w ? dense(n, c, w, null, true) : null;
      case "Add" -> add(n, x, y);
      case "Sub" -> subtract(n, x, y);
      case "Mul" -> multiply(n, x, y);
      case "Div" -> x instanceof Chain a && y instanceof Constant c ? scaling.step(n, a, Kind.DIVIDE, c)
          : scaling.computed(n, in);
      case "Neg" -> x instanceof Chain a ? scaling.step(n, a, Kind.MULTIPLY, new double[] {-1})
          : scaling.computed(n, in);
      case "Reciprocal", "Sqrt" -> scaling.computed(n, in);
      case "BatchNormalization" -> x instanceof Chain c ? scaling.batchNormalization(n, c, in) : null;
      case "Erf" -> erf(x);
      case "Greater" -> x instanceof Chain z && y instanceof Constant c && scaling.scalar(c) != null
          ? new Term(Term.Kind.GREATER, z, scaling.scalar(c)) : null;
      case "Where" -> in.size() == 3 && x instanceof Term t && t.kind() == Term.Kind.GREATER ? where(t, y, in.get(2))
          : null;
      case "ArgMax" -> x instanceof Chain c && (n.integer("axis", 0) == 1 || n.integer("axis", 0) == -1)
          ? new Labels(c, null) : null;
      case "Concat" -> x instanceof Term t && in.size() == 2 ? twoClasses(n, t, y) : OnnxShapes.result(n, in);
      case "Gather" -> x instanceof Constant c && y instanceof Labels l && l.names() == null
          ? new Labels(l.of(), c.tensor()) : OnnxShapes.result(n, in);
      case "Reshape", "Squeeze", "Flatten" -> x instanceof Labels ? x : OnnxShapes.result(n, in);
      case "Shape", "Slice", "Unsqueeze", "Transpose" -> OnnxShapes.result(n, in);
      default -> x instanceof Chain c ? activation(n, c, in) : null;
    };
  }

  private static OnnxValue constant(Node n) {
    for (Map.Entry<String, Attribute> a : n.attributes().entrySet()) {
      OnnxTensor t = a.getValue().constant(a.getKey());
      if (t != null) return new Constant(t, false);
    }
    return refused(n, "expected a tensor in its attribute 'value'");
  }

  /** Returns a value in another type: real numbers widen or are rounded, whole numbers stay. */
  private static OnnxValue cast(Node n, OnnxValue x) {
    boolean real = FloatFormat.ofOnnx(n.integer("to", 0)).isPresent();
    if (x instanceof Constant c) return real == c.tensor().format().isPresent() ? x : null;
    return x instanceof Chain == real ? x : null;
  }

  private static OnnxValue twoClasses(Node n, Term t, OnnxValue p) {
    boolean complement = t.kind() == Term.Kind.COMPLEMENT && p == t.z() && t.z().width() == 1;
    return complement && (n.integer("axis", 1) == 1 || n.integer("axis", 1) == -1)
        ? t.z().with(new LabelStep(List.of())) : null;
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
    return dense(n, a, oriented, (Constant) bias, bias == null);
  }

  private OnnxValue dense(Node n, Chain a, Constant w, Constant bias, boolean open) {
    OnnxTensor t = w.tensor();
    if (t.rank() != 2 || t.format().isEmpty() || t.elements() < 1) {
      return refused(n, "expected a matrix of real numbers, found the constant '" + Excerpt.of(t.name()) + "' "
          + t.shownShape());
    }
    int in = t.dim(w.transposed() ? 1 : 0), out = t.dim(w.transposed() ? 0 : 1);
    if (a.rank() != 2) return refused(n, notRows(a));
    if (a.width() != 0 && a.width() != in) {
      return refused(n, "weights of " + in + " inputs follow " + a.width() + " columns");
    }
    if (isAfterOutputs(a)) return refused(n, "a layer after the outputs");
    if (bias != null && !isBias(bias, out)) {
      return refused(n, "a bias of the shape " + bias.tensor().shownShape() + " for " + out + " outputs");
    }
    return a.with(new DenseStep(w, bias == null ? null : bias.tensor(), in, out, open), out);
  }

  private static String notRows(Chain c) {
    return "its input has " + c.rank() + (c.rank() == 1 ? " dimension" : " dimensions") + "; expected rows, as after "
        + "Flatten";
  }

  private static boolean isBias(Constant c, int out) {
    OnnxTensor t = c.tensor();
    boolean isRow = t.rank() <= 1 || t.rank() == 2 && t.dim(0) == 1;
    return t.format().isPresent() && !c.transposed() && isRow && (t.elements() == out || t.elements() == 1);
  }

  /** Returns whether the outputs are complete: after labels, or logarithms of probabilities. */
  static boolean isAfterOutputs(Chain c) {
    return c.step() instanceof LabelStep || c.step() instanceof ActivationStep a && a.logarithm();
  }

  // ---------------------------------------------------------------- activations

  private OnnxValue activation(Node n, Chain z, List<OnnxValue> in) {
    Activation a = switch (n.operator()) {
      case "Relu" -> new Relu();
      case "LeakyRelu" -> new LeakyRelu(n.single("alpha", 0.01f));
      case "PRelu" -> slope(in) == null ? null : new LeakyRelu(slope(in));
      case "Elu", "Celu" -> new Elu(n.single("alpha", 1));
      case "Selu" -> new Elu(n.single("alpha", SELU_ALPHA));
      case "Sigmoid" -> new Sigmoid();
      case "Tanh" -> new Tanh();
      case "Softmax", "LogSoftmax" -> new Softmax();
      case "Softplus" -> new Softplus();
      case "Gelu" -> new Gelu();
      case "Swish" -> new Silu();
      case "Clip", "Max" -> isRelu(n, in) ? new Relu() : null;
      default -> null;
    };
    if (a == null && n.operator().equals("Clip")) return refused(n, "expected a lower bound of 0 alone, as in Relu");
    if (a == null) return null;
    if (isAfterOutputs(z)) return refused(n, "an activation after the outputs");
    long axis = n.integer("axis", 1);
    if (a instanceof Softmax) {
      if (z.rank() != 2) return refused(n, notRows(z));
      if (axis != 1 && axis != -1) return refused(n, "expected axis = 1, found " + axis);
    }
    Attribute approximation = n.attributes().get("approximate");
    if (a instanceof Gelu && approximation != null && !approximation.text().equals("none")) {
      return refused(n, "expected approximate = none, the exact GELU, found " + Excerpt.of(approximation.text())
          + "; export the model with the exact one");
    }
    boolean one = n.single("alpha", 1) == 1;
    if ((a instanceof Silu || n.operator().equals("Celu")) && !one) return refused(n, "expected alpha = 1");
    Chain result = z.with(new ActivationStep(a, n.operator().equals("LogSoftmax")));
    return n.operator().equals("Selu")
        ? scaling.step(n, result, Kind.MULTIPLY, new double[] {n.single("gamma", SELU_GAMMA)}) : result;
  }

  /** Returns the slope of PRelu if it is the same for all columns; otherwise null. */
  private Double slope(List<OnnxValue> in) {
    return in.size() == 2 && in.get(1) instanceof Constant c ? scaling.scalar(c) : null;
  }

  /** Returns whether Clip or Max computes max(z, 0). */
  private boolean isRelu(Node n, List<OnnxValue> in) {
    OnnxValue bound = in.size() > 1 ? in.get(1) : null, most = in.size() > 2 ? in.get(2) : null;
    if (bound == null) {
      return n.attributes().containsKey("min") && n.single("min", 1) == 0
          && n.single("max", Float.MAX_VALUE) >= Float.MAX_VALUE;
    }
    return most == null && bound instanceof Constant c && scaling.scalar(c) != null && scaling.scalar(c) == 0;
  }

  private static boolean isActivation(Chain c, Class<? extends Activation> kind) {
    return c.step() instanceof ActivationStep a && kind.isInstance(a.activation());
  }

  private static boolean near(double found, double expected) {
    return Math.abs(found - expected) < TOLERANCE;
  }

  private static OnnxValue erf(OnnxValue x) {
    return x instanceof Chain c && c.parent() != null && near(multiple(c), Math.sqrt(0.5))
        ? new Term(Term.Kind.ERF, c.parent(), 1) : null;
  }

  /** Returns the factor by which the last step multiplies all columns; NaN for any other step. */
  private static double multiple(Chain c) {
    if (!(c.step() instanceof ScaleStep s) || s.values().length != 1) return Double.NaN;
    return s.kind() == Kind.MULTIPLY ? s.values()[0] : s.kind() == Kind.DIVIDE ? 1 / s.values()[0] : Double.NaN;
  }

  /**
   * Returns Softplus as PyTorch writes it: z where βz exceeds a threshold, so that Softplus(βz)/β is z up to rounding,
   * and Softplus(βz)/β elsewhere.
   */
  private static OnnxValue where(Term greater, OnnxValue z, OnnxValue otherwise) {
    Chain multiple = greater.z();
    boolean plain = multiple == z;
    double beta = plain ? 1 : multiple.parent() == z ? multiple(multiple) : Double.NaN;
    if (!(greater.factor() >= LEAST_THRESHOLD && beta > 0 && otherwise instanceof Chain end)) return null;
    Chain softplus = plain ? end : end.parent();
    boolean same = softplus != null && softplus.parent() == multiple && isActivation(softplus, Softplus.class)
        && (plain || near(multiple(end) * beta, 1));
    return same ? end : null;
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
      factor = z.parent() == t.z() ? multiple(z) : Double.NaN;
      if (Double.isNaN(factor)) return null;
    }
    return scaled(new Term(Term.Kind.GELU, t.z(), 1), factor * t.factor());
  }

  // ---------------------------------------------------------------- sums and products

  private OnnxValue add(Node n, OnnxValue x, OnnxValue y) {
    if (x instanceof Constant && y instanceof Constant) return scaling.computed(n, Arrays.asList(x, y));
    if (x instanceof Constant && !(y instanceof Constant)) return add(n, y, x);
    if (!(y instanceof Constant c)) return null;
    if (x instanceof Term t) {
      Double one = scaling.scalar(c);
      return t.kind() == Term.Kind.ERF && one != null && one == 1 ? new Term(Term.Kind.ERF_PLUS_1, t.z(), 1) : null;
    }
    if (!(x instanceof Chain a)) return null;
    if (a.step() instanceof DenseStep d && d.open()) {
      if (!isBias(c, d.out())) return refused(n, "a bias of the shape " + c.tensor().shownShape() + " for " + d.out()
          + " outputs");
      return a.parent().with(new DenseStep(d.weights(), c.tensor(), d.in(), d.out(), false), d.out());
    }
    return scaling.step(n, a, Kind.ADD, c);
  }

  private OnnxValue subtract(Node n, OnnxValue x, OnnxValue y) {
    if (x instanceof Constant && y instanceof Constant) return scaling.computed(n, Arrays.asList(x, y));
    if (x instanceof Constant one && y instanceof Chain p) {
      Double value = scaling.scalar(one);
      return value != null && value == 1 ? new Term(Term.Kind.COMPLEMENT, p, 1) : null;
    }
    return x instanceof Chain a && y instanceof Constant c ? scaling.step(n, a, Kind.SUBTRACT, c) : null;
  }

  private OnnxValue multiply(Node n, OnnxValue x, OnnxValue y) {
    if (x instanceof Sizes || y instanceof Sizes) return OnnxShapes.product(x, y);
    if (x instanceof Constant && y instanceof Constant) return scaling.computed(n, Arrays.asList(x, y));
    if (x instanceof Constant && !(y instanceof Constant)) return multiply(n, y, x);
    if (y instanceof Constant c) {
      if (x instanceof Term t) return scaling.scalar(c) == null ? null : scaled(t, scaling.scalar(c));
      return x instanceof Chain a ? scaling.step(n, a, Kind.MULTIPLY, c) : null;
    }
    OnnxValue product = x instanceof Chain a ? product(a, y) : null;
    return product == null && y instanceof Chain b ? product(b, x) : product;
  }
}
