// SPDX-License-Identifier: MIT
package chainrule.spec;

import static org.junit.jupiter.api.Assertions.assertThrows;

import chainrule.nn.loss.Reduction;
import chainrule.nn.optimizer.AdaDelta;
import chainrule.nn.optimizer.AdaGrad;
import chainrule.nn.optimizer.Adam;
import chainrule.nn.optimizer.GradientDescent;
import chainrule.nn.optimizer.Nesterov;
import chainrule.nn.optimizer.Optimizer;
import chainrule.spec.OptimizerRules.Hyper;
import chainrule.spec.OptimizerRules.Rule;
import chainrule.spec.OptimizerSpec.Start;
import chainrule.spec.OptimizerTrajectorySpec.Gradients;
import chainrule.spec.TrainerUpdateSpec.Part;
import chainrule.spec.ledger.Ledger;
import chainrule.spec.ledger.Ledger.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.DoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Common mistakes in optimizers: the specs that our optimizers pass must reject each of them. */
class OptimizerMuseumSpec {

  /** An exhibit's update of one parameter; p holds θ and then its slots. */
  private interface Update {
    void apply(long t, double rate, double g, double[] p);
  }

  /** An optimizer defined by its update of one parameter. */
  private record Exhibit(String name, int slots, Update rule) implements Optimizer {
    @Override public double rate() {
      return 0.1;
    }

    @Override public Optimizer withRate(double rate) {
      return this;
    }

    @Override public void update(
        long t, double rate, int from, int to, double[] theta, double[] g, double[][] state) {
      double[] p = new double[1 + slots];
      for (int i = from; i < to; i++) {
        p[0] = theta[i];
        for (int k = 0; k < slots; k++) p[k + 1] = state[k][i];
        rule.apply(t, rate, g[i], p);
        theta[i] = p[0];
        for (int k = 0; k < slots; k++) state[k][i] = p[k + 1];
      }
    }
  }

  /** An exhibit that calls a correct rule in a wrong way. */
  private interface Call {
    void update(long t, double rate, int from, int to, double[] theta, double[] g, double[][] state);
  }

  private static Optimizer called(String name, Optimizer inner, Call call) {
    return new Optimizer() {
      @Override public String name() {
        return name;
      }

      @Override public double rate() {
        return inner.rate();
      }

      @Override public Optimizer withRate(double rate) {
        return this;
      }

      @Override public int slots() {
        return inner.slots();
      }

      @Override public void update(
          long t, double rate, int from, int to, double[] theta, double[] g, double[][] state) {
        call.update(t, rate, from, to, theta, g, state);
      }
    };
  }

  /**
   * Many libraries call an optimizer once per tensor. This one is called for each half of the parameters and counts the
   * calls itself, so its t is 1 and 2 in the first step, and 3 and 4 in the second.
   */
  private static Optimizer countingCalls(Optimizer inner) {
    long[] calls = {0};
    return called("t counted per tensor", inner, (t, rate, from, to, theta, g, state) -> {
      for (int half = 0; half < 2; half++) {
        int middle = (from + to) / 2, begin = half == 0 ? from : middle, end = half == 0 ? middle : to;
        double[] th = java.util.Arrays.copyOfRange(theta, begin, end);
        double[] gr = java.util.Arrays.copyOfRange(g, begin, end);
        double[][] st = new double[state.length][];
        for (int k = 0; k < st.length; k++) st[k] = java.util.Arrays.copyOfRange(state[k], begin, end);
        inner.update(++calls[0], rate, end - begin, th, gr, st);
        System.arraycopy(th, 0, theta, begin, end - begin);
        for (int k = 0; k < st.length; k++) System.arraycopy(st[k], 0, state[k], begin, end - begin);
      }
    });
  }

  private static final double B1 = 0.9, B2 = 0.999, EPS = 1e-8;

  private static double[] adamMoments(double g, double[] p) {
    p[1] = B1 * p[1] + (1 - B1) * g;
    p[2] = B2 * p[2] + (1 - B2) * g * g;
    return p;
  }

  /** An exhibit with the rule that it violates. */
  private record Shown(Rule rule, Optimizer exhibit) {}

  private static List<Shown> exhibits() {
    List<Shown> all = new ArrayList<>();
    all.add(new Shown(OptimizerRules.SGD, new Exhibit("SGD uphill", 0, (t, rate, g, p) -> p[0] += rate * g)));
    all.add(new Shown(OptimizerRules.MOMENTUM, new Exhibit("momentum without 1 − γ", 1, (t, rate, g, p) -> {
      p[1] = 0.9 * p[1] + g;
      p[0] -= rate * p[1];
    })));
    all.add(new Shown(OptimizerRules.MOMENTUM, new Exhibit("momentum one step late", 1, (t, rate, g, p) -> {
      p[0] -= rate * p[1];
      p[1] = 0.9 * p[1] + 0.1 * g;
    })));
    all.add(new Shown(OptimizerRules.NESTEROV, new Exhibit("Nesterov with the sign flipped", 1, (t, rate, g, p) -> {
      p[1] = 0.9 * p[1] + 0.1 * g;
      p[0] -= rate * (0.1 * g - 0.9 * p[1]);
    })));
    all.add(new Shown(OptimizerRules.NESTEROV, new Exhibit("Nesterov that is momentum", 1, (t, rate, g, p) -> {
      p[1] = 0.9 * p[1] + 0.1 * g;
      p[0] -= rate * p[1];
    })));
    all.add(new Shown(OptimizerRules.ADAGRAD, new Exhibit("AdaGrad with ε inside the root", 1, (t, rate, g, p) -> {
      p[1] += g * g;
      p[0] -= rate / Math.sqrt(p[1] + EPS) * g;
    })));
    all.add(new Shown(OptimizerRules.RMSPROP, new Exhibit("RMSProp adding g² twice", 1, (t, rate, g, p) -> {
      p[1] = 0.9 * p[1] + 0.1 * g * g + g * g;
      p[0] -= rate / (Math.sqrt(p[1]) + EPS) * g;
    })));
    all.add(new Shown(OptimizerRules.RMSPROP, new Exhibit("RMSProp with ε inside the root", 1, (t, rate, g, p) -> {
      p[1] = 0.9 * p[1] + 0.1 * g * g;
      p[0] -= rate / Math.sqrt(p[1] + EPS) * g;
    })));
    all.add(new Shown(OptimizerRules.ADADELTA, new Exhibit("AdaDelta without its update of u", 2, (t, rate, g, p) -> {
      p[1] = 0.95 * p[1] + (1 - 0.95) * g * g;
      p[0] -= rate * (Math.sqrt(p[2]) + 1e-3) / (Math.sqrt(p[1]) + 1e-3) * g;
    })));
    all.add(new Shown(OptimizerRules.ADADELTA, OptimizerRules.ADADELTA_ZEILER.subject().apply(
        OptimizerRules.usual(OptimizerRules.ADADELTA, 1)))); // ε inside the roots; the document has it outside
    all.add(new Shown(OptimizerRules.ADADELTA_ZEILER, new AdaDelta(1, 0.95, 1e-6)));
    all.add(new Shown(OptimizerRules.ADAM, new Exhibit("Adam multiplying by the second moment", 2, (t, rate, g, p) -> {
      adamMoments(g, p);
      p[0] -= rate * p[1] / (1 - Math.pow(B1, t)) * (Math.sqrt(p[2] / (1 - Math.pow(B2, t))) + EPS);
    })));
    all.add(new Shown(OptimizerRules.ADAM, new Exhibit("Adam without bias correction", 2, (t, rate, g, p) -> {
      adamMoments(g, p);
      p[0] -= rate * p[1] / (Math.sqrt(p[2]) + EPS);
    })));
    all.add(new Shown(OptimizerRules.ADAM, new Exhibit("Adam with ε inside the root", 2, (t, rate, g, p) -> {
      adamMoments(g, p);
      p[0] -= rate * p[1] / (1 - Math.pow(B1, t)) / Math.sqrt(p[2] / (1 - Math.pow(B2, t)) + EPS);
    })));
    Adam adam = new Adam(0.001);
    all.add(new Shown(OptimizerRules.ADAM, countingCalls(adam)));
    all.add(new Shown(OptimizerRules.ADAM, called("Adam with t advanced twice a step", adam,
        (t, rate, from, to, theta, g, state) -> adam.update(2 * t, rate, from, to, theta, g, state))));
    all.add(new Shown(OptimizerRules.ADAM, called("Adam with t off by one from the second step", adam,
        (t, rate, from, to, theta, g, state) -> adam.update(Math.max(1, t - 1), rate, from, to, theta, g, state))));
    all.add(new Shown(OptimizerRules.ADAMW, new Exhibit("AdamW decaying through the gradient", 2, (t, rate, g, p) -> {
      adamMoments(g + 0.01 * p[0], p);
      p[0] -= rate * p[1] / (1 - Math.pow(B1, t)) / (Math.sqrt(p[2] / (1 - Math.pow(B2, t))) + EPS);
    })));
    all.add(new Shown(OptimizerRules.ADAMW, new Adam(0.001))); // no decay at all
    return all;
  }

  private static String title(Shown s) {
    return s.exhibit.name() + ", shown as " + s.rule.id();
  }

  private static Entry scratch() {
    return Ledger.scratch("museum");
  }

  private static void onRecordedGradients(Shown s) {
    Hyper h = OptimizerRules.usual(s.rule, OptimizerRules.trajectoryRate(s.rule));
    OptimizerTrajectorySpec.trajectorySpec(
        scratch(), s.rule, h, s.exhibit, OptimizerTrajectorySpec.recorded(7), OptimizerTrajectorySpec.STEPS);
  }

  private static void onAQuadratic(Shown s) {
    Hyper h = OptimizerRules.usual(s.rule, OptimizerRules.trajectoryRate(s.rule));
    Gradients quadratic = OptimizerTrajectorySpec.quadratic(OptimizerRules.initialDistance(s.rule));
    OptimizerTrajectorySpec.trajectorySpec(
        scratch(), s.rule, h, s.exhibit, quadratic, OptimizerTrajectorySpec.STEPS);
  }

  private static void inOneStep(Shown s) {
    Hyper h = OptimizerRules.usual(s.rule, OptimizerRules.trajectoryRate(s.rule));
    OptimizerSpec.stepSpec(scratch(), s.rule, s.exhibit, h, new Start(0.7, -0.3, 0.2, 0.09, 0.04, 5));
  }

  /** Textbook versions of the rules without defects: an exhibit must fail because of its defect only. */
  private static List<Shown> replicas() {
    List<Shown> all = new ArrayList<>();
    all.add(new Shown(OptimizerRules.SGD, new Exhibit("SGD", 0, (t, rate, g, p) -> p[0] -= rate * g)));
    all.add(new Shown(OptimizerRules.MOMENTUM, new Exhibit("momentum", 1, (t, rate, g, p) -> {
      p[1] = 0.9 * p[1] + 0.1 * g;
      p[0] -= rate * p[1];
    })));
    all.add(new Shown(OptimizerRules.NESTEROV, new Exhibit("Nesterov", 1, (t, rate, g, p) -> {
      p[1] = 0.9 * p[1] + 0.1 * g;
      p[0] -= rate * (0.1 * g + 0.9 * p[1]);
    })));
    all.add(new Shown(OptimizerRules.ADAGRAD, new Exhibit("AdaGrad", 1, (t, rate, g, p) -> {
      p[1] += g * g;
      p[0] -= rate / (Math.sqrt(p[1]) + EPS) * g;
    })));
    all.add(new Shown(OptimizerRules.RMSPROP, new Exhibit("RMSProp", 1, (t, rate, g, p) -> {
      p[1] = 0.9 * p[1] + 0.1 * g * g;
      p[0] -= rate / (Math.sqrt(p[1]) + EPS) * g;
    })));
    all.add(new Shown(OptimizerRules.ADADELTA, new Exhibit("AdaDelta", 2, (t, rate, g, p) -> {
      p[1] = 0.95 * p[1] + (1 - 0.95) * g * g;
      double delta = (Math.sqrt(p[2]) + 1e-3) / (Math.sqrt(p[1]) + 1e-3) * g;
      p[2] = 0.95 * p[2] + (1 - 0.95) * delta * delta;
      p[0] -= rate * delta;
    })));
    all.add(new Shown(OptimizerRules.ADAM, new Exhibit("Adam", 2, (t, rate, g, p) -> {
      adamMoments(g, p);
      p[0] -= rate * p[1] / (1 - Math.pow(B1, t)) / (Math.sqrt(p[2] / (1 - Math.pow(B2, t))) + EPS);
    })));
    all.add(new Shown(OptimizerRules.ADAMW, new Exhibit("AdamW", 2, (t, rate, g, p) -> {
      adamMoments(g, p);
      p[0] -= rate * (p[1] / (1 - Math.pow(B1, t)) / (Math.sqrt(p[2] / (1 - Math.pow(B2, t))) + EPS) + 0.01 * p[0]);
    })));
    return all;
  }

  @TestFactory
  Stream<DynamicTest> replicasWithoutADefectPassEverySpec() {
    return replicas().stream().map(s -> DynamicTest.dynamicTest(title(s), () -> {
      onRecordedGradients(s);
      onAQuadratic(s);
      inOneStep(s);
    }));
  }

  private static Stream<DynamicTest> eachRejected(Consumer<Shown> spec) {
    return exhibits().stream().map(s -> DynamicTest.dynamicTest(title(s), () -> rejected(() -> spec.accept(s))));
  }

  @TestFactory
  Stream<DynamicTest> theTrajectorySpecRejectsEachExhibit() {
    return eachRejected(OptimizerMuseumSpec::onRecordedGradients);
  }

  @TestFactory
  Stream<DynamicTest> theTrajectorySpecOnAQuadraticRejectsEachExhibit() {
    return eachRejected(OptimizerMuseumSpec::onAQuadratic);
  }

  @TestFactory
  Stream<DynamicTest> theSpecOfOneStepRejectsEachExhibit() {
    return eachRejected(OptimizerMuseumSpec::inOneStep);
  }

  private static void rejected(Runnable spec) {
    assertThrows(AssertionError.class, spec::run);
  }

  @Test
  void theSpecsOfInterpretationsRejectTheOtherInterpretation() {
    Optimizer unaveraged = new Exhibit("momentum without 1 − γ", 1, (t, rate, g, p) -> {
      p[1] = 0.9 * p[1] + g;
      p[0] -= rate * p[1];
    });
    rejected(() -> OptimizerInterpretationSpec.classicMomentumSpec(scratch(), unaveraged, 0.1, 0.9));
    rejected(() -> OptimizerInterpretationSpec.epsilonSpec(scratch(), new AdaGrad(1, 1e8)));
    Optimizer uncorrected = new Exhibit("Adam without bias correction", 2, (t, rate, g, p) -> {
      adamMoments(g, p);
      p[0] -= rate * p[1] / (Math.sqrt(p[2]) + EPS);
    });
    rejected(() -> OptimizerInterpretationSpec.firstAdamStepSpec(scratch(), uncorrected));
    Optimizer withoutU = new Exhibit("AdaDelta without its update of u", 2, (t, rate, g, p) -> {
      p[1] = 0.95 * p[1] + (1 - 0.95) * g * g;
      p[0] -= rate * (Math.sqrt(p[2]) + 1e-3) / (Math.sqrt(p[1]) + 1e-3) * g;
    });
    rejected(() -> OptimizerInterpretationSpec.updateOfUSpec(scratch(), withoutU));
    rejected(() -> OptimizerInterpretationSpec.firstAdaDeltaStepSpec(scratch(), new AdaDelta(1, 0, 0.125), -1 / 3.0));
    Optimizer flipped = new Exhibit("Nesterov with the sign flipped", 1, (t, rate, g, p) -> {
      p[1] = 0.9 * p[1] + 0.1 * g;
      p[0] -= rate * (0.1 * g - 0.9 * p[1]);
    });
    rejected(() -> OptimizerTrajectorySpec.lookAheadSpec(scratch(), flipped, 0.1, 0.9));
    OptimizerTrajectorySpec.lookAheadSpec(scratch(), new Nesterov(0.1, 0.9), 0.1, 0.9); // the correct one passes
  }

  @Test
  void theSpecsOfEdgeCasesRejectNaNSharedStateAndUpdatesBeyondTheRange() {
    Optimizer withoutEpsilon = new Exhibit("RMSProp without ε", 1, (t, rate, g, p) -> {
      p[1] = 0.9 * p[1] + 0.1 * g * g;
      p[0] -= rate / Math.sqrt(p[1]) * g;
    });
    rejected(() -> OptimizerEdgeCaseSpec.zeroGradientSpec(scratch(), withoutEpsilon));
    rejected(() -> OptimizerEdgeCaseSpec.extremeGradientSpec(scratch(), withoutEpsilon));
    GradientDescent sgd = new GradientDescent(0.1);
    Optimizer clipped = called("SGD clipped by the global norm", sgd, (t, rate, from, to, theta, g, state) -> {
      double sum = 0;
      for (int i = from; i < to; i++) sum += g[i] * g[i];
      sgd.update(t, rate / Math.max(1, Math.sqrt(sum)), from, to, theta, g, state);
    });
    rejected(() -> OptimizerEdgeCaseSpec.foreignGradientSpec(scratch(), clipped, Double.NaN));
    rejected(() -> OptimizerTrajectorySpec.togetherOrAloneSpec(scratch(), clipped));
    Optimizer beyond = called("SGD over whole arrays", sgd,
        (t, rate, from, to, theta, g, state) -> sgd.update(t, rate, theta.length, theta, g, state));
    rejected(() -> OptimizerEdgeCaseSpec.firstNSpec(scratch(), beyond));
  }

  @Test
  void theSpecOfTheMinimumRejectsOptimizersThatClimbOrStall() {
    Optimizer uphill = new Exhibit("SGD uphill", 0, (t, rate, g, p) -> p[0] += rate * g);
    rejected(() -> OptimizerMinimumSpec.minimumSpec(scratch(), uphill, t -> 0.1));
    rejected(() -> OptimizerMinimumSpec.stationarySpec(scratch(), uphill));
    rejected(() -> OptimizerMinimumSpec.minimumSpec(scratch(), new AdaGrad(1, 1e8), t -> 1));
    rejected(() -> OptimizerSpec.oneRoundingSpec(scratch(), uphill, 0.1, new Start(1, 1, 0, 0, 0, 1)));
  }

  @Test
  void theSpecOfAnEpochRejectsWrongMeansAndThePrintedUpdateOfTheBias() {
    // Indices of the biases in TrainerUpdateSpec's network are 6 … 8 and 15 … 16.
    rejectedEpochs("SGD uphill", (rate, m, theta, g, i) -> theta[i] + rate * g[i]);
    rejectedEpochs("divided by N instead of m", (rate, m, theta, g, i) -> theta[i] - rate * m / 6 * g[i]);
    rejectedEpochs("a sum instead of a mean", (rate, m, theta, g, i) -> theta[i] - rate * m * g[i]);
    rejectedEpochs("biases averaged twice",
        (rate, m, theta, g, i) -> theta[i] - rate * g[i] / (i >= 6 && i < 9 || i >= 15 ? m : 1));
    rejectedEpochs("b updated from w, as printed",
        (rate, m, theta, g, i) -> theta[i >= 6 && i < 9 || i >= 15 ? 0 : i] - rate * g[i]);
    // The correct one passes.
    TrainerUpdateSpec.epochSpec(scratch(), GradientDescent::new, 6, 2, Reduction.MEAN, Part.ALL, 1);
  }

  private interface Wrong {
    double next(double rate, int m, double[] theta, double[] g, int i);
  }

  private static void rejectedEpochs(String name, Wrong wrong) {
    Call call = (t, rate, from, to, theta, g, state) -> {
      double[] before = theta.clone();
      for (int i = from; i < to; i++) theta[i] = wrong.next(rate, 2, before, g, i);
    };
    DoubleFunction<Optimizer> subject = made -> called(name, new GradientDescent(made), call);
    rejected(() -> TrainerUpdateSpec.epochSpec(scratch(), subject, 6, 2, Reduction.MEAN, Part.ALL, 1));
  }
}
