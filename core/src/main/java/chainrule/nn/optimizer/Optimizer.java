package chainrule.nn.optimizer;

/**
 * A rule that moves parameters θ against their gradient g. One loop over flat arrays; the optimizer itself is
 * immutable, its memory is an array that the trainer keeps (and a checkpoint saves).
 *
 * <p>Implementations are safe for use by many threads on different parameters.
 */
public interface Optimizer {

  /** The name used in summaries, files and on the command line. */
  String name();

  /** η, the learning rate. */
  double rate();

  /** The same rule with another learning rate. */
  Optimizer withRate(double rate);

  /** How many numbers it remembers for each parameter. */
  int slots();

  /**
   * One step of the parameters {@code from} … {@code to} − 1: their θ and their state are changed, g is not. Each
   * parameter goes its own way, so a step may be taken in any pieces, on several threads at once.
   *
   * @param t the number of this step for the whole network, 1 for the first
   * @param rate η of this step (a schedule may differ from {@link #rate})
   * @param theta parameters [n]
   * @param g gradients [n]
   * @param state memory [slots][n], all 0 before step 1
   */
  void update(long t, double rate, int from, int to, double[] theta, double[] g, double[][] state);

  /**
   * Whether a step is θ ← θ − η·g and nothing more, so that it may be taken where the gradient comes into being: then
   * training does not call {@link #update}. False unless overridden.
   */
  default boolean isPlainDescent() {
    return false;
  }

  /** One step of all n parameters. */
  default void update(long t, double rate, int n, double[] theta, double[] g, double[][] state) {
    update(t, rate, 0, n, theta, g, state);
  }

  /** Refuses a value that is not a finite number greater than 0. */
  static void requirePositive(String name, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(name + ": expected a number above 0, got " + value);
    }
  }

  /** Refuses a decay rate outside [0, 1). */
  static void requireDecay(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(name + ": expected a number from 0 up to but not including 1, got " + value);
    }
  }
}
