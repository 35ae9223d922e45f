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
 * Proves the gradients of a network, a loss and a batch of data: every parameter and every input, one by one, by
 * five-point central differences of the training loss (dropout masks held fixed, penalties included):
 *
 * <pre>D(h) = (f(−2h) − 8f(−h) + 8f(h) − f(2h)) / 12h        h = 2^k·max(1, |v|), first k = −8</pre>
 *
 * A gradient is right if it agrees with D(h) within {@code tolerance} of its size. Where it does not, h is sought at
 * which the differences are most certain: they tell by themselves what curvature and rounding leave of them, and a
 * gradient is right if it agrees within that. At a kink (ReLU at 0, |w| at 0) the slopes from the left and from the
 * right differ however small h is; there a gradient is right if it lies between them, and the place is reported as a
 * kink. Close to a kink there is nothing to forgive: steps that stop short of it tell. Where units stand at kinks in
 * several layers at once, the product of their slopes need not lie between those of the whole: then each unit is
 * judged by itself, and the whole with all numbers a little off. Anything else is wrong, NaN too.
 *
 * <pre>{@code
 * GradientCheck.Result r = GradientCheck.of(net, new MeanSquaredError()).check(rows, x, y);
 * if (!r.passed()) System.out.println(r);
 * }</pre>
 * It costs four losses for a number that is right at once and up to about a hundred for one that is not, so give it a
 * few rows. What it cannot see: an error smaller than about 1e-11 of the loss, which rounding hides; and an error where
 * the data never goes (a unit that drops out or that no row makes active), so give it rows as training has them. It may
 * call a right gradient wrong where the loss has lost its digits (bce on a softmax whose ŷ rounds to 1) or where
 * several kinks stand within a millionth of each other. The network is left as it was, to the bit. Spec:
 * {@code GradientCheckSpec}, which also shows how to prove an activation of one's own.
 */
public final class GradientCheck {
  /** How far numbers are moved to leave kinks behind. */
  private static final double NUDGE = 0x1p-7;

  private final Network network;
  private final Loss loss;
  private Regularization regularization = Regularization.NONE;
  private double tolerance = 1e-7;
  private long seed = 1;

  private GradientCheck(Network network, Loss loss) {
    this.network = network;
    this.loss = loss;
  }

  /** A check of this network under this loss. */
  public static GradientCheck of(Network network, Loss loss) {
    return new GradientCheck(Objects.requireNonNull(network, "network"), Objects.requireNonNull(loss, "loss"));
  }

  /** Penalties to include; none unless called. */
  public GradientCheck regularization(Regularization value) {
    regularization = Objects.requireNonNull(value, "regularization");
    return this;
  }

  /** The relative error up to which a gradient is right; 1e-7 unless called. */
  public GradientCheck tolerance(double value) {
    if (!(value > 0 && value < 1)) {
      throw new IllegalArgumentException("tolerance: expected a number in (0, 1), got " + value);
    }
    tolerance = value;
    return this;
  }

  /** Decides the dropout masks. */
  public GradientCheck seed(long value) {
    seed = value;
    return this;
  }

  /** What was found of one number. */
  public enum Verdict { RIGHT, KINK, WRONG }

  /**
   * One number that was checked.
   *
   * @param place which it is, in words: {@code layer 2 (32 relu), weight [3,1]} (from unit 3 to unit 1),
   *     {@code layer 2 (32 relu), bias [1]}, {@code input [0,5]} (row 0)
   * @param gradient what backpropagation says
   * @param difference what the differences say
   * @param error |gradient − difference| / max(|gradient|, |difference|, what the
   *     differences may be off by / tolerance): at most the tolerance for a right one, ∞ where there is no number
   */
  public record Finding(String place, double gradient, double difference, double error, Verdict verdict) {}

  /**
   * @param parameters how many parameters were checked: all
   * @param inputs how many inputs were checked: all
   * @param worst the finding with the largest error that is no kink; null if nothing was checked
   * @param kinks the places at kinks
   * @param wrong the wrong gradients, worst first
   */
  public record Result(int parameters, int inputs, Finding worst, List<Finding> kinks, List<Finding> wrong) {

    /** True if no gradient is wrong. */
    public boolean passed() {
      return wrong.isEmpty();
    }

    @Override public String toString() {
      StringBuilder s = new StringBuilder();
      s.append(String.format(Locale.ROOT, "%s: %,d parameters and %,d inputs checked",
          passed() ? "gradients right" : wrong.size() + " gradients WRONG", parameters, inputs));
      if (!kinks.isEmpty()) s.append(String.format(Locale.ROOT, ", %,d of them at a kink", kinks.size()));
      if (worst != null) s.append("\nworst ").append(line(worst));
      for (Finding f : wrong.subList(0, Math.min(10, wrong.size()))) s.append("\nwrong ").append(line(f));
      if (wrong.size() > 10) s.append("\nand ").append(wrong.size() - 10).append(" more");
      return s.toString();
    }

    private static String line(Finding f) {
      return String.format(Locale.ROOT, "%s: gradient %.10g, differences %.10g, relative error %.1e",
          f.place, f.gradient, f.difference, f.error);
    }
  }

  /**
   * Checks everything on these rows.
   *
   * @param x [rows × in]
   * @param y [rows × out]
   * @throws IllegalArgumentException if loss, network and data do not fit each other
   */
  public Result check(int rows, double[] x, double[] y) {
    requireSize("x", x, rows, network.inputs());
    requireSize("y", y, rows, network.outputs());
    Backpropagation b = new Backpropagation(network, loss, regularization, Math.max(1, rows));
    b.setStep(seed, 0, 0);
    double[] inputs = x.clone();
    int parameters = network.parameters().length;
    Finding[] findings = new Finding[parameters + inputs.length];
    examine(b, rows, inputs, y, findings);
    boolean anyWrong = Arrays.stream(findings).anyMatch(f -> f.verdict == Verdict.WRONG);
    if (anyWrong && UnitKinks.areThereAndRight(network, b, rows, inputs, tolerance)) {
      besideKinks(b, rows, inputs, y, findings);
    }

    List<Finding> kinks = new ArrayList<>(), wrong = new ArrayList<>();
    Finding worst = null;
    for (Finding f : findings) {
      if (f.verdict == Verdict.KINK) kinks.add(f);
      else if (worst == null || !(f.error <= worst.error)) worst = f;
      if (f.verdict == Verdict.WRONG) wrong.add(f);
    }
    wrong.sort(Comparator.comparingDouble(Finding::error).reversed());
    return new Result(parameters, inputs.length, worst, List.copyOf(kinks), List.copyOf(wrong));
  }

  /** Fills in what is null or wrong in {@code findings}: parameters, then inputs. */
  private void examine(Backpropagation b, int rows, double[] x, double[] y, Finding[] findings) {
    double[] theta = network.parameters(), dx = new double[x.length];
    double value = b.lossAndGradients(rows, x, 0, y, 0);
    double[] gradients = b.gradients().clone();
    b.inputGradients(dx);
    SlopeCheck slopeCheck = new SlopeCheck(tolerance);
    for (int i = 0; i < findings.length; i++) {
      if (findings[i] != null && findings[i].verdict != Verdict.WRONG) continue;
      boolean parameter = i < theta.length;
      int at = parameter ? i : i - theta.length;
      double[] v = parameter ? theta : x;
      double gradient = parameter ? gradients[at] : dx[at];
      Verdict verdict = slopeCheck.examine(u -> lossAt(b, rows, x, y, v, at, u), v[at], value, gradient);
      findings[i] = new Finding(place(at, parameter), gradient, slopeCheck.difference(), slopeCheck.error(), verdict);
    }
  }

  /**
   * Where units stand at kinks in several layers, what looks wrong is looked at again with all numbers a little off,
   * and so all units off their kinks: what is right there was a matter of kinks.
   */
  private void besideKinks(Backpropagation b, int rows, double[] x, double[] y, Finding[] findings) {
    double[] theta = network.parameters(), kept = theta.clone(), moved = x.clone();
    Finding[] beside = findings.clone();
    try {
      for (int i = 0; i < theta.length; i++) theta[i] += NUDGE * CounterRandom.normal(seed, 0, i);
      for (int i = 0; i < moved.length; i++) moved[i] += NUDGE * CounterRandom.normal(seed, 1, i);
      examine(b, rows, moved, y, beside);
    } finally {
      System.arraycopy(kept, 0, theta, 0, kept.length);
    }
    for (int i = 0; i < findings.length; i++) {
      Finding f = findings[i];
      if (f.verdict == Verdict.WRONG && beside[i].verdict != Verdict.WRONG) {
        findings[i] = new Finding(f.place, f.gradient, f.difference, f.error, Verdict.KINK);
      }
    }
  }

  private static void requireSize(String name, double[] v, int rows, int cols) {
    if (rows < 0 || v.length != (long) rows * cols) {
      throw new IllegalArgumentException(
          name + ": expected " + rows + " rows of " + cols + " numbers, got " + v.length + " numbers");
    }
  }

  private static double lossAt(Backpropagation b, int rows, double[] x, double[] y, double[] v, int i, double value) {
    double kept = v[i];
    v[i] = value;
    try {
      return b.trainingLoss(rows, x, 0, y, 0);
    } finally {
      v[i] = kept;
    }
  }

  private String place(int i, boolean parameter) {
    if (!parameter) return "input [" + i / network.inputs() + "," + i % network.inputs() + "]";
    int number = 1;
    for (Layer layer : network.layers()) {
      int at = i - layer.offset();
      if (at < layer.parameters()) { // they lie one behind the other: it is not before this layer
        String name = "layer " + number + " (" + layer.describe() + "), ";
        return at < layer.weights() ? name + "weight [" + at / layer.outputs() + "," + at % layer.outputs() + "]"
            : name + "bias [" + (at - layer.weights()) + "]";
      }
      number++;
    }
    throw new AssertionError("parameter " + i + " of " + network);
  }
}
