// SPDX-License-Identifier: MIT
package chainrule.nn.optimizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Checks parsing, defaults, {@code withRate} and rejected values. The specs test the formulas. */
class OptimizersTest {

  @Test
  void everyNameCreatesItsOptimizerWithTheDefaultParameters() {
    assertEquals(List.of("sgd", "momentum", "nesterov", "adagrad", "adadelta", "adadelta-zeiler", "rmsprop", "adam",
        "adamw"), Optimizers.names());
    assertEquals(new GradientDescent(0.1), Optimizers.parse("sgd"));
    assertEquals(new Momentum(0.1, 0.9), Optimizers.parse("momentum"));
    assertEquals(new Nesterov(0.1, 0.9), Optimizers.parse("nesterov"));
    assertEquals(new AdaGrad(0.02, 1e-8), Optimizers.parse("adagrad"));
    assertEquals(new AdaDelta(1, 0.95, 1e-3), Optimizers.parse("adadelta"));
    assertEquals(new AdaDeltaZeiler(1, 0.95, 1e-6), Optimizers.parse("adadelta-zeiler"));
    assertEquals(new RmsProp(0.001, 0.9, 1e-8), Optimizers.parse("rmsprop"));
    assertEquals(new Adam(0.002, 0.9, 0.999, 1e-8), Optimizers.parse("adam"));
    assertEquals(new AdamW(0.002, 0.9, 0.999, 1e-8, 0.01), Optimizers.parse("adamw"));
    for (String name : Optimizers.names()) assertEquals(name, Optimizers.parse(name).name());
  }

  @Test
  void parametersMayBeGivenInAnyOrder() {
    assertEquals(new Momentum(0.1, 0.5), Optimizers.parse("momentum:gamma=0.5"));
    assertEquals(new Nesterov(0.1, 0), Optimizers.parse("nesterov:gamma=0"));
    assertEquals(new AdaGrad(0.02, 1e-6), Optimizers.parse("adagrad:epsilon=1e-6"));
    assertEquals(new AdaDelta(1, 0.9, 0.01), Optimizers.parse("adadelta:epsilon=0.01,rho=0.9"));
    assertEquals(new AdaDeltaZeiler(1, 0.9, 1e-8), Optimizers.parse("adadelta-zeiler:rho=0.9,epsilon=1e-8"));
    assertEquals(new RmsProp(0.001, 0.99, 1e-7), Optimizers.parse("rmsprop:rho=0.99,epsilon=1e-7"));
    assertEquals(new Adam(0.002, 0.8, 0.99, 1e-7), Optimizers.parse("adam:epsilon=1e-7,beta2=0.99,beta1=0.8"));
    assertEquals(new AdamW(0.002, 0.8, 0.99, 1e-7, 0),
        Optimizers.parse("adamw:beta1=0.8,beta2=0.99,epsilon=1e-7,decay=0"));
    assertEquals(new GradientDescent(0.1), Optimizers.parse("sgd:"));
  }

  @Test
  void shortConstructorsUseTheSameDefaults() {
    assertEquals(new Momentum(0.3, 0.9), new Momentum(0.3));
    assertEquals(new Nesterov(0.3, 0.9), new Nesterov(0.3));
    assertEquals(new AdaGrad(0.3, 1e-8), new AdaGrad(0.3));
    assertEquals(new AdaDelta(1, 0.95, 1e-3), new AdaDelta());
    assertEquals(new AdaDeltaZeiler(1, 0.95, 1e-6), new AdaDeltaZeiler());
    assertEquals(new RmsProp(0.3, 0.9, 1e-8), new RmsProp(0.3));
    assertEquals(new Adam(0.3, 0.9, 0.999, 1e-8), new Adam(0.3));
    assertEquals(new AdamW(0.3, 0.9, 0.999, 1e-8, 0.01), new AdamW(0.3));
  }

  @Test
  void withRateChangesOnlyTheRate() {
    String[] specs = {"sgd", "momentum:gamma=0.5", "nesterov:gamma=0.5", "adagrad:epsilon=1e-6",
        "adadelta:rho=0.9,epsilon=0.01", "adadelta-zeiler:rho=0.9,epsilon=0.01", "rmsprop:rho=0.8,epsilon=0.01",
        "adam:beta1=0.8,beta2=0.9,epsilon=0.01", "adamw:beta1=0.8,beta2=0.9,epsilon=0.01,decay=0.5"};
    assertEquals(Optimizers.names().size(), specs.length);
    for (String spec : specs) {
      Optimizer first = Optimizers.parse(spec), other = first.withRate(0.25);
      assertEquals(0.25, other.rate(), spec);
      assertEquals(first, other.withRate(first.rate()), spec);
      assertEquals(first.name(), other.name(), spec);
      assertEquals(first.slots(), other.slots(), spec);
      refuses("rate: expected a finite number > 0, found 0.0", () -> first.withRate(0));
    }
  }

  @Test
  void parseSetsTheDocumentedDefaultRates() {
    assertEquals(List.of(0.1, 0.1, 0.1, 0.02, 1.0, 1.0, 0.001, 0.002, 0.002),
        Optimizers.names().stream().map(Optimizers::defaultRate).toList());
    for (String name : Optimizers.names()) {
      assertEquals(Optimizers.defaultRate(name), Optimizers.parse(name).rate(), name);
    }
    refuses("no optimizer 'adamm'; expected one of " + String.join(", ", Optimizers.names()),
        () -> Optimizers.defaultRate("adamm"));
    assertEquals(new Adam(0.001, 0.9, 0.999, 1e-8), new Adam());
    assertEquals(new AdamW(0.001, 0.9, 0.999, 1e-8, 0.01), new AdamW());
  }

  @Test
  void unknownNamesAndInvalidParametersAreRejected() {
    refuses("no optimizer 'adamm'; expected one of sgd, momentum, nesterov, adagrad, adadelta, adadelta-zeiler, "
        + "rmsprop, adam, adamw", () -> Optimizers.parse("adamm"));
    refuses("adam: no parameter 'gamma'; it has beta1, beta2, epsilon", () -> Optimizers.parse("adam:gamma=0.9"));
    refuses("sgd: no parameter 'gamma'; it has none but the rate", () -> Optimizers.parse("sgd:gamma=0.9"));
    refuses("adam: expected name=value, found 'beta1'", () -> Optimizers.parse("adam:beta1"));
    refuses("adam: expected name=value, found ''", () -> Optimizers.parse("adam:beta1=0.9,"));
    refuses("adam: expected name=value, found '=0.9'", () -> Optimizers.parse("adam:=0.9"));
    refuses("adam: expected a number after 'beta1=', found 'high'", () -> Optimizers.parse("adam:beta1=high"));
    refuses("beta1: expected 0 ≤ value < 1, found 1.0",
        () -> Optimizers.parse("adam:beta1=1"));
  }

  @Test
  void ratesAndEpsilonsArePositiveAndFinite() {
    for (double bad : new double[] {0, -0.0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      String rate = "rate: expected a finite number > 0, found " + bad;
      refuses(rate, () -> new GradientDescent(bad));
      refuses(rate, () -> new Momentum(bad));
      refuses(rate, () -> new Nesterov(bad));
      refuses(rate, () -> new AdaGrad(bad));
      refuses(rate, () -> new AdaDelta(bad, 0.9, 1));
      refuses(rate, () -> new AdaDeltaZeiler(bad, 0.9, 1));
      refuses(rate, () -> new RmsProp(bad));
      refuses(rate, () -> new Adam(bad));
      refuses(rate, () -> new AdamW(bad));
      String epsilon = "epsilon: expected a finite number > 0, found " + bad;
      refuses(epsilon, () -> new AdaGrad(1, bad));
      refuses(epsilon, () -> new AdaDelta(1, 0.9, bad));
      refuses(epsilon, () -> new AdaDeltaZeiler(1, 0.9, bad));
      refuses(epsilon, () -> new RmsProp(1, 0.9, bad));
      refuses(epsilon, () -> new Adam(1, 0.9, 0.9, bad));
      refuses(epsilon, () -> new AdamW(1, 0.9, 0.9, bad, 0));
    }
  }

  @Test
  void decayRatesAreAtLeastZeroAndBelowOne() {
    for (double bad : new double[] {1, 1.5, -0.1, Double.NaN, Double.POSITIVE_INFINITY}) {
      String rest = ": expected 0 ≤ value < 1, found " + bad;
      refuses("gamma" + rest, () -> new Momentum(1, bad));
      refuses("gamma" + rest, () -> new Nesterov(1, bad));
      refuses("rho" + rest, () -> new AdaDelta(1, bad, 1));
      refuses("rho" + rest, () -> new AdaDeltaZeiler(1, bad, 1));
      refuses("rho" + rest, () -> new RmsProp(1, bad, 1));
      refuses("beta1" + rest, () -> new Adam(1, bad, 0.9, 1));
      refuses("beta2" + rest, () -> new Adam(1, 0.9, bad, 1));
      refuses("beta1" + rest, () -> new AdamW(1, bad, 0.9, 1, 0));
      refuses("beta2" + rest, () -> new AdamW(1, 0.9, bad, 1, 0));
    }
    for (double bad : new double[] {-0.01, Double.NaN, Double.POSITIVE_INFINITY}) {
      refuses("decay: expected a finite number ≥ 0, found " + bad, () -> new AdamW(1, 0.9, 0.9, 1, bad));
    }
  }

  private static void refuses(String message, Executable action) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, action).getMessage());
  }
}
