// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import static org.bytedeco.pytorch.global.torch.binary_cross_entropy;
import static org.bytedeco.pytorch.global.torch.binary_cross_entropy_with_logits;
import static org.bytedeco.pytorch.global.torch.clip_grad_norm_;
import static org.bytedeco.pytorch.global.torch.cross_entropy_loss;
import static org.bytedeco.pytorch.global.torch.dropout;
import static org.bytedeco.pytorch.global.torch.huber_loss;
import static org.bytedeco.pytorch.global.torch.kaiming_normal_;
import static org.bytedeco.pytorch.global.torch.kaiming_uniform_;
import static org.bytedeco.pytorch.global.torch.l1_loss;
import static org.bytedeco.pytorch.global.torch.manual_seed;
import static org.bytedeco.pytorch.global.torch.mse_loss;
import static org.bytedeco.pytorch.global.torch.sigmoid;
import static org.bytedeco.pytorch.global.torch.smooth_l1_loss;
import static org.bytedeco.pytorch.global.torch.tanh;
import static org.bytedeco.pytorch.global.torch.xavier_normal_;
import static org.bytedeco.pytorch.global.torch.xavier_uniform_;
import static org.bytedeco.pytorch.global.torch.zeros_;

import chainrule.nn.Initialization;
import chainrule.nn.optimizer.Optimizers;
import chainrule.train.StepDecay;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Adagrad;
import org.bytedeco.pytorch.AdagradOptions;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.FanModeType;
import org.bytedeco.pytorch.Nonlinearity;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.RMSprop;
import org.bytedeco.pytorch.RMSpropOptions;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.StepLR;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.kFanIn;
import org.bytedeco.pytorch.kFanOut;
import org.bytedeco.pytorch.kReLU;

/**
 * Compares settings of PyTorch with Chainrule's: {@code RosettaTorch FILE} writes the lines for
 * {@code bench/ROSETTA.md}.
 */
public final class RosettaTorch {
  private static final int MEAN = 1, SUM = 2;
  private static final double RATE = RosettaSetting.RATE, GAMMA = RosettaSetting.GAMMA, RHO = RosettaSetting.RHO,
      BETA1 = RosettaSetting.BETA1, BETA2 = RosettaSetting.BETA2, EPSILON = RosettaSetting.EPSILON;

  private final RosettaReport report = new RosettaReport(TorchTensors.NAME);

  private RosettaTorch() {}

  public static void main(String[] args) throws IOException {
    TorchTensors.useOneThread();
    RosettaTorch program = new RosettaTorch();
    for (RosettaSetting setting : RosettaSetting.all()) program.compare(setting);
    program.dropoutRate();
    program.initializations();
    program.schedules();
    program.report.write(Path.of(args[0]));
  }

  /** What differs from a training with SGD at the rate here. */
  private final class Training extends RosettaComparison {
    Loss loss = (z, y, labels) -> cross_entropy_loss(z, labels);
    Maker optimizer = theta -> sgd(theta, RATE, 0, 0, false, 0);
    double clip = Double.POSITIVE_INFINITY, scaled = Double.POSITIVE_INFINITY, l1, l2;
    boolean comparesLoss;

    Training(RosettaSetting setting) {
      super(report, setting);
    }

    Training optimizer(Maker made) {
      optimizer = made;
      return this;
    }

    @Override protected RosettaRun run() {
      int in = RosettaTraining.INPUTS, hidden = RosettaTraining.HIDDEN, out = RosettaTraining.OUTPUTS;
      int rows = RosettaTraining.BATCH;
      double[][] start = RosettaTraining.initialLayers();
      Tensor[] theta = {TorchTensors.matrix(start[0], in, hidden), TorchTensors.matrix(start[1], 1, hidden),
          TorchTensors.matrix(start[2], hidden, out), TorchTensors.matrix(start[3], 1, out)};
      for (Tensor t : theta) t.set_requires_grad(true);
      Optimizer steps = optimizer.make(theta);
      double[][] after = new double[RosettaTraining.STEPS + 1][];
      double[] losses = new double[RosettaTraining.STEPS];
      after[0] = flat(theta);
      for (int t = 0; t < RosettaTraining.STEPS; t++) {
        try (PointerScope scope = new PointerScope()) {
          Tensor a = tanh(TorchTensors.matrix(RosettaTraining.x(t), rows, in).matmul(theta[0]).add(theta[1]));
          if (setting.dropped() > 0) {
            a = a.mul(TorchTensors.matrix(RosettaTraining.mask(setting, t), rows, hidden));
          }
          Tensor z = a.matmul(theta[2]).add(theta[3]);
          Tensor y = TorchTensors.matrix(RosettaTraining.y(setting, t), rows, out);
          Tensor value = loss.value(z, y, TorchTensors.classes(RosettaTraining.labels(t)));
          if (l1 > 0) value = value.add(theta[0].abs().sum().add(theta[2].abs().sum()).mul(new Scalar(l1)));
          if (l2 > 0) value = value.add(theta[0].square().sum().add(theta[2].square().sum()).mul(new Scalar(l2)));
          steps.zero_grad();
          value.backward();
          if (clip < Double.POSITIVE_INFINITY) clip_grad_norm_(new TensorVector(theta), clip);
          if (scaled < Double.POSITIVE_INFINITY) scale(theta, scaled);
          steps.step();
          losses[t] = value.item_double();
          after[t + 1] = flat(theta);
        }
      }
      return new RosettaRun(after, comparesLoss ? losses : null);
    }
  }

  private static void scale(Tensor[] theta, double limit) {
    double square = 0;
    for (Tensor t : theta) square += t.grad().square().sum().item_double();
    for (Tensor t : theta) t.grad().mul_(new Scalar(Math.min(1, limit / Math.sqrt(square))));
  }

  private interface Loss {
    Tensor value(Tensor z, Tensor y, Tensor labels);
  }

  private interface Maker {
    Optimizer make(Tensor[] theta);
  }

  private static double[] flat(Tensor[] theta) {
    double[][] parts = new double[theta.length][];
    for (int p = 0; p < parts.length; p++) parts[p] = values(theta[p].detach());
    return RosettaTraining.flat(parts);
  }

  private void compare(RosettaSetting setting) {
    switch (setting.topic()) {
      case RosettaSetting.OPTIMIZERS -> optimizer(setting);
      case RosettaSetting.LOSSES -> loss(setting);
      case RosettaSetting.PENALTIES -> penalty(setting);
      case RosettaSetting.CLIPPING -> {
        Training training = new Training(setting);
        training.scaled = RosettaSetting.LIMIT;
        training.same("`g *= min(1, c/‖g‖)`, by hand");
        training.scaled = Double.POSITIVE_INFINITY;
        training.clip = RosettaSetting.LIMIT;
        training.differs("`clip_grad_norm_(θ, c)`, which scales by min(1, c/(‖g‖ + 1e-6))");
      }
      case RosettaSetting.DROPOUT -> new Training(setting).same("a·mask/(1 − p) with the same mask, by hand");
      default -> throw new IllegalStateException(setting.topic());
    }
  }

  private void optimizer(RosettaSetting setting) {
    Training t = new Training(setting);
    switch (setting.here()) {
      case "sgd" -> t.same("`SGD(lr=η)`");
      case "momentum" -> {
        t.optimizer(p -> sgd(p, RATE * (1 - GAMMA), GAMMA, 0, false, 0)).same("`SGD(lr=η·(1 − γ), momentum=γ)`");
        t.optimizer(p -> sgd(p, RATE, GAMMA, 0, false, 0)).differs("`SGD(lr=η, momentum=γ)`");
        t.optimizer(p -> sgd(p, RATE, GAMMA, GAMMA, false, 0))
            .differs("`SGD(lr=η, momentum=γ, dampening=γ)`, whose first step is not dampened");
      }
      case "nesterov" -> {
        t.optimizer(p -> sgd(p, RATE * (1 - GAMMA), GAMMA, 0, true, 0))
            .same("`SGD(lr=η·(1 − γ), momentum=γ, nesterov=True)`");
        t.optimizer(p -> sgd(p, RATE, GAMMA, 0, true, 0)).differs("`SGD(lr=η, momentum=γ, nesterov=True)`");
      }
      case "adagrad" -> {
        t.optimizer(p -> adagrad(p, EPSILON)).same("`Adagrad(lr=η, eps=ε)`");
        t.optimizer(p -> adagrad(p, 1e-10)).differs("`Adagrad(lr=η)`, whose ε is 1e-10");
      }
      case "adagrad, ε → 0" -> t.optimizer(p -> adagrad(p, 0)).same("`Adagrad(lr=η, eps=0)`");
      case "rmsprop, ε → 0" -> t.optimizer(p -> rmsprop(p, RHO, 0)).same("`RMSprop(lr=η, alpha=ρ, eps=0)`");
      case "rmsprop" -> {
        t.optimizer(p -> rmsprop(p, RHO, EPSILON)).same("`RMSprop(lr=η, alpha=ρ, eps=ε)`");
        t.optimizer(p -> rmsprop(p, 0.99, EPSILON)).differs("`RMSprop(lr=η, eps=ε)`, whose ρ is 0.99");
      }
      case "adam" -> t.optimizer(p -> adam(p, 0)).same("`Adam(lr=η, betas=(β₁, β₂), eps=ε)`");
      case "adamw" -> {
        t.optimizer(p -> adamw(p)).same("`AdamW(lr=η, betas=(β₁, β₂), eps=ε, weight_decay=λ)`");
        t.optimizer(p -> adam(p, RosettaSetting.DECAY)).differs("`Adam(…, weight_decay=λ)`, which is an L2 penalty");
      }
      default -> {
        if (!Optimizers.names().contains(setting.here())) throw new IllegalStateException(setting.here());
        report.none(setting.topic(), setting.here(), "not run: PyTorch's C++ library lacks Adadelta");
      }
    }
  }

  private void loss(RosettaSetting setting) {
    int reduction = setting.sums() ? SUM : MEAN;
    double outputs = setting.sums() ? 1 : RosettaTraining.OUTPUTS;
    switch (setting.plainLoss()) {
      case "mse", "sse" -> elements(setting, outputs, "mse_loss", (z, y, c) -> mse_loss(z, y, reduction));
      case "half-mse", "half-sse" ->
          elements(setting, outputs / 2, "mse_loss", (z, y, c) -> mse_loss(z, y, reduction));
      case "mae" -> elements(setting, outputs, "l1_loss", (z, y, c) -> l1_loss(z, y, reduction));
      case "huber" -> {
        elements(setting, outputs, "huber_loss", (z, y, c) -> huber_loss(z, y, reduction, 1));
        elements(setting, outputs, "smooth_l1_loss", (z, y, c) -> smooth_l1_loss(z, y, reduction, 1));
      }
      case "bce" -> elements(setting, outputs, "binary_cross_entropy",
          (z, y, c) -> binary_cross_entropy(sigmoid(z), y, new TensorOptional(), reduction));
      case "sigmoid-cross-entropy" -> elements(setting, outputs, "binary_cross_entropy_with_logits",
          (z, y, c) -> binary_cross_entropy_with_logits(z, y, new TensorOptional(), new TensorOptional(), reduction));
      case "cce", "softmax-cross-entropy", "cce-offset" -> elements(setting, 1, "cross_entropy",
          (z, y, c) -> cross_entropy_loss(z, c, new TensorOptional(), reduction, -100, 0));
      default -> throw new IllegalStateException(setting.here());
    }
  }

  /** Compares a loss that is `factor` times PyTorch's, and shows the difference without the factor. */
  private void elements(RosettaSetting setting, double factor, String name, Loss loss) {
    String call = "`" + name + (setting.sums() ? "(…, reduction='sum')`" : "(…)`");
    Training t = new Training(setting);
    t.comparesLoss = true;
    double rate = setting.optimizer().rate();
    t.optimizer = p -> sgd(p, rate, 0, 0, false, 0);
    t.loss = (z, y, c) -> loss.value(z, y, c).mul(new Scalar(factor));
    t.same(factor == 1 ? call : factor(setting, factor) + " · " + call);
    if (factor == 1) return;
    t.loss = loss;
    t.differs(call);
  }

  static String factor(RosettaSetting setting, double factor) {
    if (factor == RosettaTraining.OUTPUTS) return "out";
    return factor == 0.5 ? "½" : "out/2";
  }

  private void penalty(RosettaSetting setting) {
    Training t = new Training(setting);
    double lambda = RosettaSetting.LAMBDA;
    switch (setting.here()) {
      case "l2 λ, weights" -> {
        t.l2 = lambda;
        t.same("`loss + λ·Σ w.square().sum()`");
        t.l2 = 0;
        t.optimizer(p -> sgd(p, RATE, 0, 0, false, 2 * lambda)).differs("`SGD(…, weight_decay=2λ)`, biases included");
      }
      case "l2 λ, weights and biases" -> {
        t.optimizer(p -> sgd(p, RATE, 0, 0, false, 2 * lambda)).same("`SGD(…, weight_decay=2λ)`");
        t.optimizer(p -> sgd(p, RATE, 0, 0, false, lambda)).differs("`SGD(…, weight_decay=λ)`");
      }
      case "l2 λ, weights and biases, with adam" -> {
        t.optimizer(p -> adam(p, 2 * lambda)).same("`Adam(…, weight_decay=2λ)`");
        t.optimizer(p -> adam(p, lambda)).differs("`Adam(…, weight_decay=λ)`");
      }
      case "l1 λ, weights" -> {
        t.l1 = lambda;
        t.same("`loss + λ·Σ w.abs().sum()`");
      }
      default -> throw new IllegalStateException(setting.here());
    }
  }

  private static SGD sgd(
      Tensor[] theta, double rate, double momentum, double dampening, boolean nesterov, double decay) {
    SGDOptions options = new SGDOptions(rate);
    options.momentum().put(momentum);
    options.dampening().put(dampening);
    options.nesterov().put(nesterov);
    options.weight_decay().put(decay);
    return new SGD(new TensorVector(theta), options);
  }

  private static Adagrad adagrad(Tensor[] theta, double epsilon) {
    AdagradOptions options = new AdagradOptions(RATE);
    options.eps().put(epsilon);
    return new Adagrad(new TensorVector(theta), options);
  }

  private static RMSprop rmsprop(Tensor[] theta, double alpha, double epsilon) {
    RMSpropOptions options = new RMSpropOptions(RATE);
    options.alpha().put(alpha);
    options.eps().put(epsilon);
    return new RMSprop(new TensorVector(theta), options);
  }

  private static Adam adam(Tensor[] theta, double decay) {
    AdamOptions options = new AdamOptions(RATE);
    options.betas().put(BETA2, BETA1); // a std::tuple: GCC stores its last element first
    options.eps().put(EPSILON);
    options.weight_decay().put(decay);
    return new Adam(new TensorVector(theta), options);
  }

  private static AdamW adamw(Tensor[] theta) {
    AdamWOptions options = new AdamWOptions(RATE);
    options.betas().put(BETA2, BETA1); // a std::tuple: GCC stores its last element first
    options.eps().put(EPSILON);
    options.weight_decay().put(RosettaSetting.DECAY);
    return new AdamW(new TensorVector(theta), options);
  }

  /** PyTorch's own mask: the share of zeros, and the factor of the rest. */
  private void dropoutRate() {
    int n = 1_000_000;
    double[] ones = new double[n];
    Arrays.fill(ones, 1);
    manual_seed(1);
    double[] z = values(dropout(TorchTensors.matrix(ones, 1, n), RosettaSetting.DROP, true));
    RosettaDropout.compare(report, "`Dropout(p)`: p is the drop rate", z);
  }

  private void initializations() {
    manual_seed(1);
    Nonlinearity relu = new Nonlinearity(new kReLU());
    FanModeType in = new FanModeType(new kFanIn()), out = new FanModeType(new kFanOut());
    same(Initialization.XAVIER_UNIFORM, "`xavier_uniform_(w)`", w -> xavier_uniform_(w));
    differs(Initialization.XAVIER_UNIFORM, "`xavier_uniform_(w, gain=5/3)`, the gain that PyTorch suggests for tanh",
        w -> xavier_uniform_(w, 5.0 / 3));
    same(Initialization.XAVIER_NORMAL, "`xavier_normal_(w)`", w -> xavier_normal_(w));
    same(Initialization.HE_UNIFORM, "`kaiming_uniform_(w, nonlinearity='relu')`",
        w -> kaiming_uniform_(w, 0, in, relu));
    differs(Initialization.HE_UNIFORM, "`kaiming_uniform_(w, a=√5)`, the default of `Linear`: ±√(1/in)",
        w -> kaiming_uniform_(w, Math.sqrt(5), in, new Nonlinearity(new org.bytedeco.pytorch.kLeakyReLU())));
    same(Initialization.HE_NORMAL, "`kaiming_normal_(w, nonlinearity='relu')`",
        w -> kaiming_normal_(w, 0, in, relu));
    differs(Initialization.HE_NORMAL, "`kaiming_normal_(w, mode='fan_out', …)`",
        w -> kaiming_normal_(w, 0, out, relu));
    same(Initialization.ZEROS, "`zeros_(w)`", w -> zeros_(w));
  }

  private void same(Initialization here, String there, UnaryOperator<Tensor> fill) {
    RosettaInitialization.same(report, here, there, values(fill.apply(weights())));
  }

  private void differs(Initialization here, String there, UnaryOperator<Tensor> fill) {
    RosettaInitialization.differs(report, here, there, values(fill.apply(weights())));
  }

  /** W of PyTorch's Linear [out × in]; Chainrule's is [in × out]. */
  private static Tensor weights() {
    int in = RosettaInitialization.FAN_IN, out = RosettaInitialization.FAN_OUT;
    return TorchTensors.matrix(new double[in * out], out, in);
  }

  private static double[] values(Tensor t) {
    double[] values = new double[(int) t.numel()];
    t.data_ptr_double().get(values);
    return values;
  }

  private void schedules() {
    String here = "step:every=E,by=f", there = "`StepLR(o, step_size=E·S, gamma=f)`, stepped ";
    report.same(RosettaSetting.SCHEDULES, here, there + "before each batch", stepDecay(true));
    report.differs(RosettaSetting.SCHEDULES, here,
        there + "after each batch, as in Python: the C++ library lowers the rate one step late", stepDecay(false));
    report.none(RosettaSetting.SCHEDULES, "cosine", "not run: PyTorch's C++ library lacks CosineAnnealingLR");
  }

  /** Returns the largest relative difference of the rates, if the schedule is stepped before or after each batch. */
  private static double stepDecay(boolean before) {
    int stepsPerEpoch = 4, every = 5;
    double by = 0.5, worst = 0;
    SGD sgd = sgd(new Tensor[] {TorchTensors.matrix(new double[1], 1, 1)}, 1, 0, 0, false, 0);
    StepLR schedule = new StepLR(sgd, every * stepsPerEpoch, by);
    StepDecay ours = new StepDecay(every, by);
    for (int t = 1; t <= RosettaTraining.STEPS; t++) {
      if (before) schedule.step();
      double rate = sgd.param_groups().front().options().get_lr();
      double factor = ours.factor(t, stepsPerEpoch, 25);
      worst = Math.max(worst, Math.abs(rate - factor) / factor);
      sgd.step();
      if (!before) schedule.step();
    }
    return worst;
  }
}
