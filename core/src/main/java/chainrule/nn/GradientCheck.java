package chainrule.nn;

import chainrule.nn.loss.Loss;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Proves the gradients of a network, a loss and a batch of data: every parameter and every input, by five-point central
 * differences of the training loss (dropout masks held fixed, penalties included):
 *
 * <pre>D(h) = (f(−2h) − 8f(−h) + 8f(h) − f(2h)) / 12h        h from 2⁻⁸·max(1, |v|) downwards</pre>
 *
 * A gradient is right if it agrees with D(h), at some h, within {@code tolerance} of its size or within what rounding of
 * f makes of D(h). At a kink (ReLU at 0, |w| at 0) no D(h) settles and the slopes from the left and the right differ;
 * there a gradient is right if it lies between them, and the place is reported as a kink. Anything else is wrong.
 *
 * <pre>{@code
 * GradientCheck.Result r = GradientCheck.of(net, new MeanSquaredError()).check(rows, x, y);
 * if (!r.passed()) System.out.println(r);
 * }</pre>
 * It costs four losses or more for each number checked, so give it a few rows. The network is left as it was.
 */
public final class GradientCheck {
  private static final double[] STEPS = {0x1p-8, 0x1p-11, 0x1p-14, 0x1p-17, 0x1p-21};
  /** Roundings of f that D(h) may suffer from: a few for each layer and for the loss's sum. */
  private static final double ROUNDINGS = 64 * 0x1p-53;

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
    if (!(value > 0 && value < 1)) throw new IllegalArgumentException("tolerance: expected a number in (0, 1), got " + value);
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
   * @param place which it is, in words: {@code layer 2 (dense), weight [3,1]}
   * @param gradient what backpropagation says
   * @param difference what the differences say
   * @param error |gradient − difference| / max(|gradient|, |difference|, the scale below which rounding rules)
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
    Backpropagation b = new Backpropagation(network, loss, regularization, Math.max(1, rows));
    b.at(seed, 0, 0);
    double[] inputs = x.clone(), dx = new double[x.length], theta = network.parameters();
    b.lossAndGradients(rows, inputs, 0, y, 0);
    double[] gradients = b.gradients().clone();
    b.inputGradients(dx);

    List<Finding> kinks = new ArrayList<>(), wrong = new ArrayList<>();
    Finding worst = null;
    for (int i = 0; i < theta.length + inputs.length; i++) {
      boolean parameter = i < theta.length;
      int at = parameter ? i : i - theta.length;
      Finding f = examine(b, rows, inputs, y, parameter ? theta : inputs, at, parameter ? gradients[at] : dx[at], parameter);
      if (f.verdict == Verdict.KINK) kinks.add(f);
      else if (worst == null || !(f.error <= worst.error)) worst = f;
      if (f.verdict == Verdict.WRONG) wrong.add(f);
    }
    wrong.sort(Comparator.comparingDouble(Finding::error).reversed());
    return new Result(theta.length, inputs.length, worst, List.copyOf(kinks), List.copyOf(wrong));
  }

  private Finding examine(
      Backpropagation b, int rows, double[] x, double[] y, double[] v, int i, double gradient, boolean parameter) {
    double kept = v[i], size = Math.max(1, Math.abs(kept));
    double best = Double.POSITIVE_INFINITY, difference = Double.NaN;
    double[] f = new double[5];
    for (double relative : STEPS) {
      double h = relative * size;
      for (int s = 0; s < 5; s++) f[s] = s == 2 ? 0 : lossAt(b, rows, x, y, v, i, kept + (s - 2) * h);
      double d = ((f[0] - f[4]) + 8 * (f[3] - f[1])) / (12 * h);
      double rounding = ROUNDINGS * Math.max(Math.abs(f[1]), Math.abs(f[3])) / h;
      double error = relativeError(gradient, d, rounding);
      if (error < best || Double.isNaN(difference)) {
        best = error;
        difference = d;
      }
      if (best <= tolerance) break;
    }
    Verdict verdict = best <= tolerance ? Verdict.RIGHT
        : isKink(b, rows, x, y, v, i, kept, size, gradient) ? Verdict.KINK : Verdict.WRONG;
    v[i] = kept;
    return new Finding(place(i, parameter), gradient, difference, best, verdict);
  }

  /** Zero where the two differ by less than rounding can explain. */
  private double relativeError(double gradient, double difference, double rounding) {
    double error = Math.abs(gradient - difference);
    if (Double.isNaN(error)) return Double.POSITIVE_INFINITY;
    double scale = Math.max(Math.max(Math.abs(gradient), Math.abs(difference)), rounding / tolerance);
    return scale == 0 ? 0 : error / scale;
  }

  /** At a kink the one-sided slopes differ, at every small step, and the gradient lies between them. */
  private boolean isKink(
      Backpropagation b, int rows, double[] x, double[] y, double[] v, int i, double kept, double size, double gradient) {
    double h = 0x1p-20 * size;
    double here = lossAt(b, rows, x, y, v, i, kept);
    double left1 = slope(here, lossAt(b, rows, x, y, v, i, kept - h), -h);
    double right1 = slope(here, lossAt(b, rows, x, y, v, i, kept + h), h);
    double left2 = slope(here, lossAt(b, rows, x, y, v, i, kept - 4 * h), -4 * h);
    double right2 = slope(here, lossAt(b, rows, x, y, v, i, kept + 4 * h), 4 * h);
    double gap = right1 - left1, noise = 1e-5 * (Math.abs(left1) + Math.abs(right1)) + ROUNDINGS * Math.abs(here) / h;
    // On a smooth curve the gap shrinks with the step; at a kink it stays.
    boolean stays = Math.abs(gap) > 8 * noise && Math.abs((right2 - left2) - gap) < 0.5 * Math.abs(gap);
    double slack = noise + 1e-3 * Math.abs(gap);
    return stays && gradient >= Math.min(left1, right1) - slack && gradient <= Math.max(left1, right1) + slack;
  }

  private static double slope(double here, double there, double h) {
    return (there - here) / h;
  }

  private static double lossAt(Backpropagation b, int rows, double[] x, double[] y, double[] v, int i, double value) {
    double kept = v[i];
    v[i] = value;
    double f = b.trainingLoss(rows, x, 0, y, 0);
    v[i] = kept;
    return f;
  }

  private String place(int i, boolean parameter) {
    if (!parameter) return "input [" + i / network.inputs() + "," + i % network.inputs() + "]";
    int number = 1;
    for (Layer layer : network.layers()) {
      int at = i - layer.offset();
      if (layer.parameters() > 0 && at >= 0 && at < layer.parameters()) {
        String name = "layer " + number + " (" + layer.describe() + "), ";
        return at < layer.weights() ? name + "weight [" + at / layer.outputs() + "," + at % layer.outputs() + "]"
            : name + "bias [" + (at - layer.weights()) + "]";
      }
      number++;
    }
    return "parameter " + i;
  }
}
