// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import chainrule.nn.Initialization;
import chainrule.nn.optimizer.Optimizers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.EagerSession;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.TensorFlow;
import org.tensorflow.framework.initializers.Glorot;
import org.tensorflow.framework.initializers.He;
import org.tensorflow.framework.initializers.Initializer;
import org.tensorflow.framework.initializers.VarianceScaling.Distribution;
import org.tensorflow.framework.initializers.Zeros;
import org.tensorflow.framework.losses.BinaryCrossentropy;
import org.tensorflow.framework.losses.Huber;
import org.tensorflow.framework.losses.Loss;
import org.tensorflow.framework.losses.MeanAbsoluteError;
import org.tensorflow.framework.losses.MeanSquaredError;
import org.tensorflow.framework.losses.Reduction;
import org.tensorflow.framework.regularizers.L1L2;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.op.nn.SoftmaxCrossEntropyWithLogits;
import org.tensorflow.op.train.ApplyMomentum;
import org.tensorflow.types.TFloat64;

/**
 * Compares settings of TensorFlow with Chainrule's: {@code RosettaTensorFlow FILE} writes the lines for
 * {@code bench/ROSETTA.md}. Optimizers are TensorFlow's kernels (ApplyAdam, …), since the optimizer classes of
 * TensorFlow for Java round their rates to single precision. Losses, initializers and regularizers are its classes.
 */
public final class RosettaTensorFlow {
  private static final double RATE = RosettaSetting.RATE, GAMMA = RosettaSetting.GAMMA, RHO = RosettaSetting.RHO,
      BETA1 = RosettaSetting.BETA1, BETA2 = RosettaSetting.BETA2, EPSILON = RosettaSetting.EPSILON;

  private static final String FROM_ZERO = ", which draws from 0 to the limit in this version";

  private final RosettaReport report = new RosettaReport("TensorFlow " + TensorFlow.version());

  private RosettaTensorFlow() {}

  public static void main(String[] args) throws IOException {
    RosettaTensorFlow program = new RosettaTensorFlow();
    for (RosettaSetting setting : RosettaSetting.all()) program.compare(setting);
    program.initializations();
    program.report.none(RosettaSetting.SCHEDULES, "step:every=E,by=f", "not run: schedules are in Keras for Python");
    program.report.none(RosettaSetting.SCHEDULES, "cosine", "not run: schedules are in Keras for Python");
    program.report.write(Path.of(args[0]));
  }

  /** A graph that is being built: its operations, and the initial values of its variables. */
  private static final class Building {
    final Ops tf = Ops.create(new Graph());
    final List<Op> first = new ArrayList<>();

    Variable<TFloat64> variable(double[] values, long... shape) {
      Variable<TFloat64> variable = tf.variable(Shape.of(shape), TFloat64.class);
      first.add(tf.assign(variable, tf.constant(Shape.of(shape), DataBuffers.of(values))));
      return variable;
    }

    Variable<TFloat64> zeros(Variable<TFloat64> like) {
      return variable(new double[(int) like.shape().size()], like.shape().asArray());
    }

    Operand<TFloat64> number(double value) {
      return tf.constant(value);
    }
  }

  /** Returns the update of one variable; t is the number of the step, from 1, as a placeholder. */
  private interface Update {
    Op of(Building b, Ops after, Variable<TFloat64> theta, Operand<TFloat64> g, Operand<TFloat64> t);
  }

  /** Returns the penalty of the weights or biases of a layer. */
  private interface Penalty {
    Operand<TFloat64> of(Ops tf, Operand<TFloat64> w);
  }

  /** Returns the loss of logits. */
  private interface LossOfLogits {
    Operand<TFloat64> of(Ops tf, Operand<TFloat64> z, Operand<TFloat64> y);
  }

  /** What differs from a training with softmax, cross-entropy and gradient descent at the rate here. */
  private final class Training extends RosettaComparison {
    LossOfLogits loss; // null for softmax with cross-entropy
    Update update = descent(RATE);
    Penalty penalty;
    double factor = 1;

    Training(RosettaSetting setting) {
      super(report, setting);
    }

    Training update(Update value) {
      update = value;
      return this;
    }

    @Override protected RosettaRun run() {
      int in = RosettaTraining.INPUTS, hidden = RosettaTraining.HIDDEN, out = RosettaTraining.OUTPUTS;
      int rows = RosettaTraining.BATCH;
      double[][] start = RosettaTraining.initialLayers();
      Building b = new Building();
      Ops tf = b.tf;
      List<Variable<TFloat64>> theta = List.of(b.variable(start[0], in, hidden), b.variable(start[1], hidden),
          b.variable(start[2], hidden, out), b.variable(start[3], out));
      Placeholder<TFloat64> x = tf.placeholder(TFloat64.class, Placeholder.shape(Shape.of(rows, in)));
      Placeholder<TFloat64> y = tf.placeholder(TFloat64.class, Placeholder.shape(Shape.of(rows, out)));
      Placeholder<TFloat64> t = tf.placeholder(TFloat64.class, Placeholder.shape(Shape.scalar()));
      Operand<TFloat64> a = tf.math.tanh(tf.math.add(tf.linalg.matMul(x, theta.get(0)), theta.get(1)));
      Operand<TFloat64> z = tf.math.add(tf.linalg.matMul(a, theta.get(2)), theta.get(3));
      Operand<TFloat64> value;
      Gradients gradients;
      if (loss == null) { // its gradient mixes precisions in this binding, so differentiation starts at the logits
        SoftmaxCrossEntropyWithLogits<TFloat64> entropy = tf.nn.softmaxCrossEntropyWithLogits(z, y);
        Operand<TFloat64> scale = b.number(setting.sums() ? 1 : 1.0 / rows);
        value = tf.math.mul(tf.sum(entropy.loss(), tf.constant(0)), scale);
        gradients = tf.gradients(List.of(z), theta, Gradients.dx(List.of(tf.math.mul(entropy.backprop(), scale))));
      } else {
        value = tf.math.mul(loss.of(tf, z, y), b.number(factor));
        gradients = tf.gradients(value, theta);
      }
      List<Op> all = new ArrayList<>();
      List<Operand<TFloat64>> g = new ArrayList<>();
      for (int p = 0; p < theta.size(); p++) {
        Operand<TFloat64> one = gradients.<TFloat64>dy(p);
        if (penalty != null && (p % 2 == 0 || setting.penalty().biases())) {
          Operand<TFloat64> w = tf.identity(theta.get(p));
          one = tf.math.add(one, tf.gradients(penalty.of(tf, w), List.of(w)).<TFloat64>dy(0));
        }
        g.add(tf.identity(one));
        all.add(g.get(p));
      }
      Operand<TFloat64> before = tf.identity(value);
      all.add(before);
      // Variables are read without copies, so all gradients must be computed before any variable is updated.
      Ops after = tf.withControlDependencies(all);
      List<Op> updates = new ArrayList<>();
      for (int p = 0; p < theta.size(); p++) updates.add(update.of(b, after, theta.get(p), g.get(p), t));
      double[][] run = new double[RosettaTraining.STEPS + 1][];
      double[] losses = new double[RosettaTraining.STEPS];
      try (Session session = new Session((Graph) tf.scope().env())) {
        Session.Runner init = session.runner();
        b.first.forEach(init::addTarget);
        init.run().close();
        run[0] = RosettaTraining.flat(start);
        for (int s = 0; s < RosettaTraining.STEPS; s++) {
          try (TFloat64 xs = tensor(RosettaTraining.x(s), rows, in);
              TFloat64 ys = tensor(RosettaTraining.y(setting, s), rows, out); TFloat64 ts = TFloat64.scalarOf(s + 1)) {
            Session.Runner runner = session.runner().feed(x, xs).feed(y, ys).feed(t, ts).fetch(before);
            updates.forEach(runner::addTarget);
            try (var result = runner.run()) {
              losses[s] = ((TFloat64) result.get(0)).getDouble();
            }
          }
          run[s + 1] = read(session, theta);
        }
      }
      return new RosettaRun(run, setting.topic().equals(RosettaSetting.LOSSES) ? losses : null);
    }
  }

  private static TFloat64 tensor(double[] values, long rows, long columns) {
    return TFloat64.tensorOf(Shape.of(rows, columns), DataBuffers.of(values));
  }

  private static double[] read(Session session, List<Variable<TFloat64>> theta) {
    Session.Runner runner = session.runner();
    theta.forEach(runner::fetch);
    double[][] parts = new double[theta.size()][];
    try (var result = runner.run()) {
      for (int p = 0; p < parts.length; p++) parts[p] = values((TFloat64) result.get(p));
    }
    return RosettaTraining.flat(parts);
  }

  private static double[] values(TFloat64 tensor) {
    double[] values = new double[(int) tensor.size()];
    tensor.asRawTensor().data().asDoubles().read(values);
    return values;
  }

  private static Update descent(double rate) {
    return (b, after, theta, g, t) -> after.train.applyGradientDescent(theta, b.number(rate), g);
  }

  private static Update momentum(double rate, boolean nesterov) {
    return (b, after, theta, g, t) -> after.train.applyMomentum(
        theta, b.zeros(theta), b.number(rate), g, b.number(GAMMA), ApplyMomentum.useNesterov(nesterov));
  }

  private static Update adagrad(double epsilon) {
    return (b, after, theta, g, t) ->
        after.train.applyAdagradV2(theta, b.zeros(theta), b.number(RATE), b.number(epsilon), g);
  }

  private static Update adagradWithoutEpsilon(double accumulated) {
    return (b, after, theta, g, t) -> {
      double[] start = new double[(int) theta.shape().size()];
      Arrays.fill(start, accumulated);
      return after.train.applyAdagrad(theta, b.variable(start, theta.shape().asArray()), b.number(RATE), g);
    };
  }

  private static Update adadelta() {
    return (b, after, theta, g, t) -> after.train.applyAdadelta(
        theta, b.zeros(theta), b.zeros(theta), b.number(1), b.number(RHO), b.number(EPSILON), g);
  }

  private static Update rmsprop(double epsilon) {
    return (b, after, theta, g, t) -> after.train.applyRmsProp(theta, b.zeros(theta), b.zeros(theta), b.number(RATE),
        b.number(RHO), b.number(0), b.number(epsilon), g);
  }

  /** @param corrected whether ε is multiplied by √(1 − β₂ᵗ) in each step */
  private static Update adam(boolean corrected) {
    return (b, after, theta, g, t) -> {
      Operand<TFloat64> one = b.number(1), beta1 = b.number(BETA1), beta2 = b.number(BETA2);
      Operand<TFloat64> power1 = b.tf.math.pow(beta1, t), power2 = b.tf.math.pow(beta2, t);
      Operand<TFloat64> epsilon = b.number(EPSILON);
      if (corrected) epsilon = b.tf.math.mul(epsilon, b.tf.math.sqrt(b.tf.math.sub(one, power2)));
      return after.train.applyAdam(
          theta, b.zeros(theta), b.zeros(theta), power1, power2, b.number(RATE), beta1, beta2, epsilon, g);
    };
  }

  private void compare(RosettaSetting setting) {
    switch (setting.topic()) {
      case RosettaSetting.OPTIMIZERS -> optimizer(setting);
      case RosettaSetting.LOSSES -> loss(setting);
      case RosettaSetting.PENALTIES -> penalty(setting);
      default -> report.none(setting.topic(), setting.here(), "not run: TensorFlow for Java lacks it");
    }
  }

  private void optimizer(RosettaSetting setting) {
    Training t = new Training(setting);
    switch (setting.here()) {
      case "sgd" -> t.same("`ApplyGradientDescent(η)`");
      case "momentum" -> {
        t.update(momentum(RATE * (1 - GAMMA), false)).same("`ApplyMomentum(η·(1 − γ), γ)`");
        t.update(momentum(RATE, false)).differs("`ApplyMomentum(η, γ)`");
      }
      case "nesterov" -> {
        t.update(momentum(RATE * (1 - GAMMA), true)).same("`ApplyMomentum(η·(1 − γ), γ, use_nesterov)`");
        t.update(momentum(RATE, true)).differs("`ApplyMomentum(η, γ, use_nesterov)`");
      }
      case "adagrad" -> {
        t.update(adagrad(EPSILON)).same("`ApplyAdagradV2(η, ε)` from 0");
        t.update(adagradWithoutEpsilon(0.1)).differs("`ApplyAdagrad(η)` from 0.1, the default of `AdaGrad`");
      }
      case "adagrad, ε → 0" -> {
        t.update(adagradWithoutEpsilon(0)).same("`ApplyAdagrad(η)` from 0");
        t.initialState = 0.1;
        t.update(adagradWithoutEpsilon(0.1)).same("`ApplyAdagrad(η)` from 0.1, if the state here starts at 0.1");
      }
      case "adadelta" -> t.update(adadelta()).differs("`ApplyAdadelta(η, ρ, ε)`, with ε inside the roots");
      case "adadelta-zeiler" -> t.update(adadelta()).same("`ApplyAdadelta(η, ρ, ε)`");
      case "rmsprop" -> {
        t.update(rmsprop(EPSILON)).differs("`ApplyRMSProp(η, ρ, 0, ε)`, with ε inside the root");
        t.update(rmsprop(EPSILON * EPSILON)).differs("`ApplyRMSProp(η, ρ, 0, ε²)`");
      }
      case "rmsprop, ε → 0" -> t.update(rmsprop(0)).same("`ApplyRMSProp(η, ρ, 0, 0)`");
      case "adam" -> {
        t.update(adam(true)).same("`ApplyAdam(η, β₁, β₂, ε·√(1 − β₂ᵗ))`, with a new ε in each step");
        t.update(adam(false)).differs("`ApplyAdam(η, β₁, β₂, ε)`, with ε before the bias correction");
      }
      default -> {
        if (!Optimizers.names().contains(setting.here())) throw new IllegalStateException(setting.here());
        report.none(setting.topic(), setting.here(), "not run: TensorFlow has no kernel for it");
      }
    }
  }

  private void loss(RosettaSetting setting) {
    Reduction reduction = setting.sums() ? Reduction.SUM : Reduction.AUTO;
    double outputs = RosettaTraining.OUTPUTS;
    switch (setting.plainLoss()) {
      case "mse", "sse" -> elements(setting, outputs, "MeanSquaredError", new MeanSquaredError(reduction), false);
      case "half-mse", "half-sse" ->
          elements(setting, outputs / 2, "MeanSquaredError", new MeanSquaredError(reduction), false);
      case "mae" -> elements(setting, outputs, "MeanAbsoluteError", new MeanAbsoluteError(reduction), false);
      case "huber" -> elements(setting, outputs, "Huber", new Huber(reduction), false);
      case "bce" -> elements(setting, outputs, "BinaryCrossentropy", new BinaryCrossentropy(false, 0, reduction), true);
      case "sigmoid-cross-entropy" -> elements(setting, outputs, "BinaryCrossentropy(from_logits)",
          new BinaryCrossentropy(true, 0, reduction), false);
      case "cce", "softmax-cross-entropy", "cce-offset" -> {
        Training t = new Training(setting);
        t.update = descent(setting.optimizer().rate());
        t.same("`softmax_cross_entropy_with_logits(…)`, " + (setting.sums() ? "sum" : "mean") + " over the rows");
      }
      default -> throw new IllegalStateException(setting.here());
    }
  }

  /** Compares a loss that is `factor` times TensorFlow's, and shows the difference without the factor. */
  private void elements(RosettaSetting setting, double factor, String name, Loss loss, boolean onProbabilities) {
    String call = "`" + name + (setting.sums() ? "`, `SUM`" : "`");
    Training t = new Training(setting);
    t.update = descent(setting.optimizer().rate());
    t.loss = (tf, z, y) -> loss.call(tf, y, onProbabilities ? tf.math.sigmoid(z) : z, null);
    t.factor = factor;
    String factorName = factor == RosettaTraining.OUTPUTS ? "out" : "out/2";
    if (onProbabilities) t.differs(factorName + " · " + call + ", which clips ŷ");
    else t.same(factorName + " · " + call);
    t.factor = 1;
    t.differs(call);
  }

  private void penalty(RosettaSetting setting) {
    Training t = new Training(setting);
    float lambda = (float) RosettaSetting.LAMBDA;
    switch (setting.here()) {
      case "l2 λ, weights" -> {
        t.penalty = (tf, w) -> new L1L2(0, lambda).call(tf, w);
        t.same("`L2(λ)` of the weights");
        t.penalty = (tf, w) -> tf.math.mul(tf.constant((double) lambda), tf.nn.l2Loss(w));
        t.differs("λ · `l2_loss(w)`, which is ½Σw²");
      }
      case "l1 λ, weights" -> {
        t.penalty = (tf, w) -> new L1L2(lambda, 0).call(tf, w);
        t.same("`L1(λ)` of the weights");
      }
      case "l2 λ, weights and biases" -> {
        t.penalty = (tf, w) -> new L1L2(0, lambda).call(tf, w);
        t.same("`L2(λ)` of the weights and biases");
      }
      case "l2 λ, weights and biases, with adam" -> {
        t.penalty = (tf, w) -> new L1L2(0, lambda).call(tf, w);
        t.update(adam(true)).same("`L2(λ)` of the weights and biases, ε as for adam");
      }
      default -> throw new IllegalStateException(setting.here());
    }
  }

  private void initializations() {
    differs(Initialization.XAVIER_UNIFORM, "`Glorot(UNIFORM)`" + FROM_ZERO, new Glorot<>(Distribution.UNIFORM, 1));
    differs(Initialization.XAVIER_NORMAL, "`Glorot(TRUNCATED_NORMAL)`: the same σ, but truncated",
        new Glorot<>(Distribution.TRUNCATED_NORMAL, 1));
    same(Initialization.XAVIER_NORMAL, "`Glorot(NORMAL)`", new Glorot<>(Distribution.NORMAL, 1));
    differs(Initialization.HE_UNIFORM, "`He(UNIFORM)`" + FROM_ZERO, new He<>(Distribution.UNIFORM, 1));
    differs(Initialization.HE_NORMAL, "`He(TRUNCATED_NORMAL)`: the same σ, but truncated",
        new He<>(Distribution.TRUNCATED_NORMAL, 1));
    same(Initialization.HE_NORMAL, "`He(NORMAL)`", new He<>(Distribution.NORMAL, 1));
    same(Initialization.ZEROS, "`Zeros`", new Zeros<>());
  }

  private void same(Initialization here, String there, Initializer<TFloat64> initializer) {
    RosettaInitialization.same(report, here, there, weights(initializer));
  }

  private void differs(Initialization here, String there, Initializer<TFloat64> initializer) {
    RosettaInitialization.differs(report, here, there, weights(initializer));
  }

  private static double[] weights(Initializer<TFloat64> initializer) {
    try (EagerSession session = EagerSession.create()) {
      Ops tf = Ops.create(session);
      long in = RosettaInitialization.FAN_IN, out = RosettaInitialization.FAN_OUT;
      return values(initializer.call(tf, tf.array(in, out), TFloat64.class).asTensor());
    }
  }
}
