// SPDX-License-Identifier: MIT
package chainrule.check;

import chainrule.nn.Backpropagation;
import chainrule.nn.Layer;
import chainrule.nn.Network;
import chainrule.nn.Regularization;
import chainrule.nn.loss.Loss;
import chainrule.random.CounterRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Compares the gradient in every parameter and every input with five-point central differences of the training loss,
 * with fixed dropout masks and with penalties:
 *
 * <pre>D(h) = (f(−2h) − 8f(−h) + 8f(h) − f(2h)) / 12h        h = 2^k·max(1, |v|), first k = −8</pre>
 *
 * A gradient is right if its relative difference from D(h) is within the {@code tolerance}. If it is not, the check
 * searches for the h whose differences are most accurate, estimates their error from curvature and rounding, and
 * accepts a gradient within that error. At a kink (ReLU at 0, |w| at 0) the left and right slopes differ for every h.
 * There, a gradient between the two slopes is right, and the place is reported as a kink. Near a kink, steps that do
 * not reach it decide. If units of several layers are at kinks, the product of their slopes need not be between the
 * slopes of the loss. Then each unit is checked separately, and the whole network again with all numbers slightly
 * shifted. Any other gradient is wrong, including NaN.
 *
 * <pre>{@code
 * GradientCheck.Result r = GradientCheck.of(net, new MeanSquaredError()).check(rows, x, y);
 * if (!r.passed()) System.out.println(r);
 * }</pre>
 * Most numbers take four evaluations of the loss, the others up to about a hundred, so use few rows, and {@link
 * #atMost} for a large network. The check cannot detect an error below about 1e-11 of the loss, which rounding hides,
 * or an error in a unit that no row activates, so use typical training rows. It may reject a right gradient where the
 * loss has lost its digits (bce with a softmax whose ŷ rounds to 1), or where several kinks are within a millionth of
 * each other. The network's parameters are restored to the bit. Spec: {@code GradientCheckSpec}, which also shows how
 * to test your own activation.
 */
public final class GradientCheck {
  /** The standard deviation of the shift that moves units off their kinks. */
  private static final double SHIFT = 0x1p-7;

  private final Network network;
  private final Loss loss;
  private Regularization regularization = Regularization.NONE;
  private double tolerance = 1e-7;
  private long seed = 1;
  private int most = Integer.MAX_VALUE;

  private GradientCheck(Network network, Loss loss) {
    this.network = network;
    this.loss = loss;
  }

  /**
   * {@return a check of this network with this loss}
   *
   * @param network the network, whose parameters are as before after each check
   * @param loss the loss
   */
  public static GradientCheck of(Network network, Loss loss) {
    return new GradientCheck(Objects.requireNonNull(network, "network"), Objects.requireNonNull(loss, "loss"));
  }

  /**
   * Sets penalties to include; none unless called.
   *
   * @param value the penalties
   * @return this check
   */
  public GradientCheck regularization(Regularization value) {
    regularization = Objects.requireNonNull(value, "regularization");
    return this;
  }

  /**
   * Sets the largest relative error of a right gradient; 1e-7 unless called.
   *
   * @param value the error, 0 &lt; value &lt; 1
   * @return this check
   * @throws IllegalArgumentException unless 0 &lt; value &lt; 1
   */
  public GradientCheck tolerance(double value) {
    if (!(value > 0 && value < 1)) {
      throw new IllegalArgumentException("tolerance: expected 0 < value < 1, found " + value);
    }
    tolerance = value;
    return this;
  }

  /**
   * Sets the seed of the dropout masks and of the choice of {@link #atMost}; 1 unless called.
   *
   * @param value the seed
   * @return this check
   */
  public GradientCheck seed(long value) {
    seed = value;
    return this;
  }

  /**
   * Limits the check to some parameters and inputs, chosen at random: the same number of each layer's weights, of its
   * biases and of the inputs, or all where there are fewer. All are checked unless this is called.
   *
   * @param count the largest number of parameters and inputs, ≥ 1
   * @return this check
   * @throws IllegalArgumentException if count &lt; 1
   */
  public GradientCheck atMost(int count) {
    if (count < 1) throw new IllegalArgumentException("atMost: expected ≥ 1 parameters and inputs, found " + count);
    most = count;
    return this;
  }

  /** The result for one gradient. */
  public enum Verdict {
    /** The gradient agrees with the differences, within the tolerance or their own error. */
    RIGHT,
    /** The loss has a kink there, which explains the difference. */
    KINK,
    /** The gradient is wrong, NaN or infinite. */
    WRONG
  }

  /**
   * The result for the gradient in one parameter or input.
   *
   * @param place the parameter or input: {@code layer 2 (32 relu), weight [3,1]} (from unit 3 to unit 1),
   *     {@code layer 2 (32 relu), bias [1]}, {@code input [0,5]} (row 0)
   * @param gradient the gradient from backpropagation
   * @param difference the estimate from differences of the loss
   * @param error |gradient − difference| / max(|gradient|, |difference|, error of the differences / tolerance): at most
   *     the tolerance if the gradient is right, ∞ if a value is NaN or infinite
   * @param verdict whether the gradient is right, at a kink, or wrong
   */
  public record Finding(String place, double gradient, double difference, double error, Verdict verdict) {}

  /**
   * The results of a check.
   *
   * @param parameters the number of parameters
   * @param inputs the number of inputs
   * @param checkedParameters the number of parameters that were checked; all of them without {@link #atMost}
   * @param checkedInputs likewise, of the inputs
   * @param worst the finding with the largest error among those not at a kink; null if there is none
   * @param kinks the findings at kinks
   * @param wrong the wrong gradients, worst first
   */
  public record Result(int parameters, int inputs, int checkedParameters, int checkedInputs, Finding worst,
      List<Finding> kinks, List<Finding> wrong) {

    /** {@return whether none of the gradients that were checked is wrong} */
    public boolean passed() {
      return wrong.isEmpty();
    }

    @Override public String toString() {
      StringBuilder s = new StringBuilder();
      s.append(passed() ? "gradients right" : wrong.size() + " gradients WRONG").append(": ")
          .append(share(checkedParameters, parameters)).append(" parameters and ")
          .append(share(checkedInputs, inputs)).append(" inputs checked");
      if (!kinks.isEmpty()) s.append(String.format(Locale.ROOT, ", %,d of them at a kink", kinks.size()));
      if (worst != null) s.append("\nworst ").append(line(worst));
      for (Finding f : wrong.subList(0, Math.min(10, wrong.size()))) s.append("\nwrong ").append(line(f));
      if (wrong.size() > 10) s.append("\nand ").append(wrong.size() - 10).append(" more");
      return s.toString();
    }

    private static String share(int checked, int all) {
      return checked == all ? String.format(Locale.ROOT, "%,d", all)
          : String.format(Locale.ROOT, "%,d of %,d", checked, all);
    }

    private static String line(Finding f) {
      return String.format(Locale.ROOT, "%s: gradient %.10g, differences %.10g, relative error %.1e",
          f.place, f.gradient, f.difference, f.error);
    }
  }

  /**
   * Checks the gradients in the parameters and inputs on these rows.
   *
   * @param rows the number of rows
   * @param x inputs [rows × in]
   * @param y targets [rows × out]
   * @return the results
   * @throws IllegalArgumentException if loss, network and data do not fit each other
   */
  public Result check(int rows, double[] x, double[] y) {
    return check(rows, x, y, null);
  }

  /**
   * Checks the gradients of the loss of rows with {@linkplain chainrule.nn.loss.RowWeights weights}.
   *
   * @param rows the number of rows
   * @param x inputs [rows × in]
   * @param y targets [rows × out]
   * @param weights the weights of the rows [rows]; null for no weights
   * @return the results
   * @throws IllegalArgumentException if loss, network and data do not fit each other, or a number is not a weight
   */
  public Result check(int rows, double[] x, double[] y, double[] weights) {
    requireSize("x", x, rows, network.inputs());
    requireSize("y", y, rows, network.outputs());
    if (weights != null) requireSize("weights", weights, rows, 1);
    Backpropagation b = new Backpropagation(network, loss, regularization, Math.max(1, rows));
    b.setStep(seed, 0, 0);
    double[] inputs = x.clone();
    int parameters = network.parameters().length;
    int[] chosen = CheckSample.of(network, inputs.length, most, seed);
    Finding[] findings = new Finding[chosen.length];
    examine(b, rows, inputs, y, weights, chosen, findings);
    boolean anyWrong = Arrays.stream(findings).anyMatch(f -> f.verdict == Verdict.WRONG);
    if (anyWrong && UnitKinks.explainWrongGradients(network, b.record(rows, inputs, 0, y, 0), tolerance)) {
      recheckOffKinks(b, rows, inputs, y, weights, chosen, findings);
    }

    List<Finding> kinks = new ArrayList<>(), wrong = new ArrayList<>();
    Finding worst = null;
    for (Finding f : findings) {
      if (f.verdict == Verdict.KINK) kinks.add(f);
      else if (worst == null || !(f.error <= worst.error)) worst = f;
      if (f.verdict == Verdict.WRONG) wrong.add(f);
    }
    wrong.sort(Comparator.comparingDouble(Finding::error).reversed());
    int checked = (int) Arrays.stream(chosen).filter(i -> i < parameters).count();
    return new Result(parameters, inputs.length, checked, chosen.length - checked, worst, List.copyOf(kinks),
        List.copyOf(wrong));
  }

  /** Fills in the null or wrong entries of {@code findings}, one for each chosen parameter or input. */
  private void examine(Backpropagation b, int rows, double[] x, double[] y, double[] weights, int[] chosen,
      Finding[] findings) {
    double[] theta = network.parameters(), dx = new double[x.length];
    double value = b.lossAndGradients(rows, x, 0, y, 0, weights, 0);
    double[] gradients = b.gradients().clone();
    b.inputGradients(dx);
    SlopeCheck slopeCheck = new SlopeCheck(tolerance);
    for (int i = 0; i < findings.length; i++) {
      if (findings[i] != null && findings[i].verdict != Verdict.WRONG) continue;
      boolean parameter = chosen[i] < theta.length;
      int at = parameter ? chosen[i] : chosen[i] - theta.length;
      double[] v = parameter ? theta : x;
      double gradient = parameter ? gradients[at] : dx[at];
      Verdict verdict = slopeCheck.examine(u -> lossAt(b, rows, x, y, weights, v, at, u), v[at], value, gradient);
      findings[i] = new Finding(place(at, parameter), gradient, slopeCheck.difference(), slopeCheck.error(), verdict);
    }
  }

  /**
   * Checks the wrong gradients again with all parameters and inputs shifted slightly, so that no unit is at a kink.
   * Those that are right there were wrong only because of kinks.
   */
  private void recheckOffKinks(Backpropagation b, int rows, double[] x, double[] y, double[] weights, int[] chosen,
      Finding[] findings) {
    double[] theta = network.parameters(), kept = theta.clone(), moved = x.clone();
    Finding[] shifted = findings.clone();
    try {
      for (int i = 0; i < theta.length; i++) theta[i] += SHIFT * CounterRandom.normal(seed, 0, i);
      for (int i = 0; i < moved.length; i++) moved[i] += SHIFT * CounterRandom.normal(seed, 1, i);
      examine(b, rows, moved, y, weights, chosen, shifted);
    } finally {
      System.arraycopy(kept, 0, theta, 0, kept.length);
    }
    for (int i = 0; i < findings.length; i++) {
      Finding f = findings[i];
      if (f.verdict == Verdict.WRONG && shifted[i].verdict != Verdict.WRONG) {
        findings[i] = new Finding(f.place, f.gradient, f.difference, f.error, Verdict.KINK);
      }
    }
  }

  private static void requireSize(String name, double[] v, int rows, int cols) {
    if (rows < 0 || v.length != (long) rows * cols) {
      throw new IllegalArgumentException(
          name + ": expected " + rows + " rows of " + cols + " numbers, found " + v.length + " numbers");
    }
  }

  private static double lossAt(
      Backpropagation b, int rows, double[] x, double[] y, double[] weights, double[] v, int i, double value) {
    double kept = v[i];
    v[i] = value;
    try {
      return b.trainingLoss(rows, x, 0, y, 0, weights, 0);
    } finally {
      v[i] = kept;
    }
  }

  private String place(int i, boolean parameter) {
    if (!parameter) return "input [" + i / network.inputs() + "," + i % network.inputs() + "]";
    int number = 1;
    for (Layer layer : network.layers()) {
      int at = i - layer.offset();
      if (at < layer.parameters()) { // ranges are consecutive, so at ≥ 0
        String name = "layer " + number + " (" + layer.describe() + "), ";
        return at < layer.weights() ? name + "weight [" + at / layer.outputs() + "," + at % layer.outputs() + "]"
            : name + "bias [" + (at - layer.weights()) + "]";
      }
      number++;
    }
    throw new AssertionError("no layer has parameter " + i + " of " + network);
  }
}
