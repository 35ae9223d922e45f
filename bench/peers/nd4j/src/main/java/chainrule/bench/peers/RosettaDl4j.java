// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import chainrule.nn.Initialization;
import chainrule.nn.optimizer.Optimizers;
import chainrule.train.StepDecay;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.AdamUpdater;
import org.nd4j.linalg.learning.config.AdaDelta;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;

/**
 * Compares settings of DL4J with Chainrule's: {@code RosettaDl4j FILE} writes the lines for {@code bench/ROSETTA.md}.
 */
public final class RosettaDl4j {
  private static final double RATE = RosettaSetting.RATE, GAMMA = RosettaSetting.GAMMA, RHO = RosettaSetting.RHO,
      BETA1 = RosettaSetting.BETA1, BETA2 = RosettaSetting.BETA2, EPSILON = RosettaSetting.EPSILON;

  private static final String TWICE = ": this version applies it twice";

  private final RosettaReport report = new RosettaReport(name());

  private RosettaDl4j() {}

  private static String name() {
    String version = MultiLayerNetwork.class.getPackage().getImplementationVersion();
    return "DL4J" + (version == null ? " 1.0.0-M2.1" : " " + version);
  }

  public static void main(String[] args) throws IOException {
    Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
    Nd4j.getEnvironment().setMaxMasterThreads(1);
    RosettaDl4j program = new RosettaDl4j();
    for (RosettaSetting setting : RosettaSetting.all()) program.compare(setting);
    program.dropoutRate();
    program.initializations();
    program.schedules();
    program.report.write(Path.of(args[0]));
  }

  /** What differs from a training with softmax, MCXENT and Sgd at the rate here. */
  private final class Training extends RosettaComparison {
    IUpdater updater = new Sgd(RATE);
    Consumer<NeuralNetConfiguration.Builder> options = conf -> {};
    LossFunction loss = LossFunction.MCXENT;
    Activation output = Activation.SOFTMAX;
    boolean correctsEpsilon, comparesLoss;

    Training(RosettaSetting setting) {
      super(report, setting);
    }

    Training updater(IUpdater value) {
      updater = value;
      return this;
    }

    Training options(Consumer<NeuralNetConfiguration.Builder> value) {
      options = value;
      return this;
    }

    Training corrected(boolean value) {
      correctsEpsilon = value;
      return this;
    }

    @Override protected RosettaRun run() {
      int in = RosettaTraining.INPUTS, hidden = RosettaTraining.HIDDEN, out = RosettaTraining.OUTPUTS;
      NeuralNetConfiguration.Builder conf =
          new NeuralNetConfiguration.Builder().dataType(DataType.DOUBLE).updater(updater);
      if (setting.sums()) conf.miniBatch(false);
      options.accept(conf);
      MultiLayerNetwork network = new MultiLayerNetwork(conf.list()
          .layer(new DenseLayer.Builder().nIn(in).nOut(hidden).activation(Activation.TANH).build())
          .layer(new OutputLayer.Builder(loss).nIn(hidden).nOut(out).activation(output).build()).build());
      network.init();
      double[][] start = RosettaTraining.initialLayers();
      network.setParam("0_W", matrix(start[0], in, hidden));
      network.setParam("0_b", matrix(start[1], 1, hidden));
      network.setParam("1_W", matrix(start[2], hidden, out));
      network.setParam("1_b", matrix(start[3], 1, out));
      double[][] theta = new double[RosettaTraining.STEPS + 1][];
      double[] losses = new double[RosettaTraining.STEPS];
      theta[0] = flat(network);
      for (int t = 0; t < RosettaTraining.STEPS; t++) {
        if (correctsEpsilon) correct(network, t + 1);
        network.fit(matrix(RosettaTraining.x(t), RosettaTraining.BATCH, in),
            matrix(RosettaTraining.y(setting, t), RosettaTraining.BATCH, out));
        losses[t] = network.score();
        theta[t + 1] = flat(network);
      }
      return new RosettaRun(theta, comparesLoss ? losses : null);
    }
  }

  private static double[] flat(MultiLayerNetwork network) {
    return RosettaTraining.flat(values(network, "0_W"), values(network, "0_b"), values(network, "1_W"),
        values(network, "1_b"));
  }

  private static double[] values(MultiLayerNetwork network, String parameter) {
    return network.getParam(parameter).dup('c').ravel().toDoubleVector();
  }

  /** Sets Adam's ε for step t, since DL4J adds it before the bias correction. */
  private static void correct(MultiLayerNetwork network, int t) {
    double epsilon = EPSILON * Math.sqrt(1 - Math.pow(BETA2, t));
    ((BaseMultiLayerUpdater<?>) network.getUpdater()).getUpdaterBlocks()
        .forEach(block -> ((AdamUpdater) block.getGradientUpdater()).getConfig().setEpsilon(epsilon));
  }

  private static INDArray matrix(double[] values, long rows, long columns) {
    return Nd4j.create(values, new long[] {rows, columns}, 'c');
  }

  private void compare(RosettaSetting setting) {
    Training t = new Training(setting);
    switch (setting.topic()) {
      case RosettaSetting.OPTIMIZERS -> optimizer(t);
      case RosettaSetting.LOSSES -> loss(t);
      case RosettaSetting.PENALTIES -> penalty(t);
      case RosettaSetting.CLIPPING -> t.options(conf -> conf
          .gradientNormalization(GradientNormalization.ClipL2PerLayer)
          .gradientNormalizationThreshold(RosettaSetting.LIMIT))
          .differs("`ClipL2PerLayer`, `c`: the norm of each layer alone");
      default -> report.none(setting.topic(), setting.here(), "same mask: not run");
    }
  }

  private void optimizer(Training t) {
    switch (t.setting.here()) {
      case "sgd" -> t.same("`Sgd(η)`");
      case "nesterov" -> {
        t.updater(new Nesterovs(RATE * (1 - GAMMA), GAMMA)).same("`Nesterovs(η·(1 − γ), γ)`");
        t.updater(new Nesterovs(RATE, GAMMA)).differs("`Nesterovs(η, γ)`");
      }
      case "momentum" ->
          t.updater(new Nesterovs(RATE * (1 - GAMMA), GAMMA)).differs("`Nesterovs(η·(1 − γ), γ)`: no other momentum");
      case "adagrad" -> adagrad(t, EPSILON, "ε");
      case "adagrad, ε → 0" -> adagrad(t, RosettaSetting.NO_EPSILON, "1e-300");
      case "adadelta" -> t.updater(new AdaDelta(RHO, EPSILON)).differs("`AdaDelta(ρ, ε)`");
      case "adadelta-zeiler" -> t.updater(new AdaDelta(RHO, EPSILON)).same("`AdaDelta(ρ, ε)`");
      case "rmsprop" -> {
        t.updater(new RmsProp(RATE, RHO, EPSILON)).differs("`RmsProp(η, ρ, ε)`");
        t.updater(new RmsProp(RATE, RHO, EPSILON * EPSILON)).differs("`RmsProp(η, ρ, ε²)`");
      }
      case "rmsprop, ε → 0" ->
          t.updater(new RmsProp(RATE, RHO, RosettaSetting.NO_EPSILON)).same("`RmsProp(η, ρ, 1e-300)`");
      case "adam" -> {
        t.updater(adam()).corrected(true).same("`Adam(η, β₁, β₂, ε·√(1 − β₂ᵗ))`, with a new ε in each step");
        t.updater(adam()).corrected(false).differs("`Adam(η, β₁, β₂, ε)`, with ε before the bias correction");
      }
      case "adamw" -> {
        double decay = RosettaSetting.DECAY;
        t.updater(adam()).corrected(true);
        t.options(c -> c.weightDecay(decay / 2, true).weightDecayBias(decay / 2, true))
            .same("`Adam(…)` as for adam, `weightDecay(λ/2, true)`, `weightDecayBias(λ/2, true)`");
        t.options(c -> c.weightDecay(decay, true).weightDecayBias(decay, true))
            .differs("the same with λ" + TWICE);
      }
      default -> throw new IllegalStateException(t.setting.here() + " of " + Optimizers.names());
    }
  }

  /** DL4J's sum of squares does not start at 0. */
  private static void adagrad(Training t, double epsilon, String name) {
    t.updater(new AdaGrad(RATE, epsilon)).differs("`AdaGrad(η, " + name + ")`");
    t.initialState = AdaGrad.DEFAULT_ADAGRAD_EPSILON;
    t.same("`AdaGrad(η, " + name + ")`, if the state here starts at 1e-6");
  }

  private static Adam adam() {
    return new Adam(RATE, BETA1, BETA2, EPSILON);
  }

  private void loss(Training t) {
    t.updater = new Sgd(t.setting.optimizer().rate());
    t.comparesLoss = true;
    String batch = t.setting.sums() ? ", `miniBatch(false)`" : "";
    if (t.setting.isRegression()) t.output = Activation.IDENTITY;
    if (t.setting.isMultilabel()) t.output = Activation.SIGMOID;
    switch (t.setting.plainLoss()) {
      case "mse", "sse" -> {
        t.loss = LossFunction.L2;
        t.same("`L2`" + batch);
        t.loss = LossFunction.MSE;
        t.differs("`MSE`" + batch);
        t.loss = LossFunction.SQUARED_LOSS;
        t.differs("`SQUARED_LOSS`" + batch + ", which is `MSE`");
      }
      case "mae" -> {
        t.loss = LossFunction.L1;
        t.same("`L1`" + batch);
        t.loss = LossFunction.MEAN_ABSOLUTE_ERROR;
        t.differs("`MEAN_ABSOLUTE_ERROR`" + batch);
      }
      case "half-mse", "half-sse" -> {
        t.loss = LossFunction.L2;
        t.differs("`L2`" + batch);
        t.comparesLoss = false;
        t.updater = new Sgd(t.setting.optimizer().rate() / 2);
        t.same("`L2`" + batch + " at the rate η/2; its loss is twice as large");
      }
      case "huber" -> report.none(t.setting.topic(), t.setting.here(), "not run: DL4J lacks it");
      case "bce", "sigmoid-cross-entropy" -> {
        t.loss = LossFunction.XENT;
        t.same("`XENT`" + batch);
      }
      case "cce", "softmax-cross-entropy", "cce-offset" -> t.same("`MCXENT`" + batch);
      default -> throw new IllegalStateException(t.setting.here());
    }
  }

  private void penalty(Training t) {
    double lambda = RosettaSetting.LAMBDA;
    switch (t.setting.here()) {
      case "l2 λ, weights" -> {
        t.options(c -> c.l2(2 * lambda)).same("`l2(2λ)`");
        t.options(c -> c.l2(lambda)).differs("`l2(λ)`, which is ½λΣw²");
        t.options(c -> c.weightDecay(2 * lambda, true)).differs("`weightDecay(2λ, true)`" + TWICE);
        t.options(c -> c.weightDecay(lambda, true)).same("`weightDecay(λ, true)`");
      }
      case "l2 λ, weights and biases" -> t.options(c -> c.l2(2 * lambda).l2Bias(2 * lambda))
          .same("`l2(2λ)`, `l2Bias(2λ)`");
      case "l2 λ, weights and biases, with adam" -> t.updater(adam()).corrected(true)
          .options(c -> c.l2(2 * lambda).l2Bias(2 * lambda)).same("`l2(2λ)`, `l2Bias(2λ)`, ε as for adam");
      case "l1 λ, weights" -> t.options(c -> c.l1(lambda)).same("`l1(λ)`");
      default -> throw new IllegalStateException(t.setting.here());
    }
  }

  private void dropoutRate() {
    long n = 1_000_000;
    Nd4j.getRandom().setSeed(1);
    INDArray ones = Nd4j.ones(DataType.DOUBLE, 1, n), z = Nd4j.create(DataType.DOUBLE, 1, n);
    new Dropout(1 - RosettaSetting.DROP).applyDropout(ones, z, 0, 0, LayerWorkspaceMgr.noWorkspaces());
    RosettaDropout.compare(report, "`dropOut(1 − p)`: its argument is the share that is kept", z.toDoubleVector());
  }

  private void initializations() {
    same(Initialization.XAVIER_UNIFORM, WeightInit.XAVIER_UNIFORM);
    same(Initialization.XAVIER_NORMAL, WeightInit.XAVIER);
    same(Initialization.HE_UNIFORM, WeightInit.RELU_UNIFORM);
    same(Initialization.HE_NORMAL, WeightInit.RELU);
    same(Initialization.ZEROS, WeightInit.ZERO);
  }

  private void same(Initialization here, WeightInit there) {
    MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder().dataType(DataType.DOUBLE)
        .seed(1).weightInit(there).list().layer(new OutputLayer.Builder(LossFunction.SQUARED_LOSS)
            .nIn(RosettaInitialization.FAN_IN).nOut(RosettaInitialization.FAN_OUT).activation(Activation.IDENTITY)
            .build()).build());
    network.init();
    RosettaInitialization.same(report, here, "`" + there + "`", values(network, "0_W"));
  }

  private void schedules() {
    int stepsPerEpoch = 4, every = 5;
    double by = 0.5, worst = 0;
    StepSchedule schedule = new StepSchedule(ScheduleType.ITERATION, 1, by, every * stepsPerEpoch);
    StepDecay ours = new StepDecay(every, by);
    for (int t = 1; t <= RosettaTraining.STEPS; t++) {
      double factor = ours.factor(t, stepsPerEpoch, 25);
      worst = Math.max(worst, Math.abs(schedule.valueAt(t - 1, 0) - factor) / factor);
    }
    report.same(RosettaSetting.SCHEDULES, "step:every=E,by=f", "`StepSchedule(ITERATION, η, f, E·S)`", worst);
    report.none(RosettaSetting.SCHEDULES, "cosine", "not run");
  }
}
