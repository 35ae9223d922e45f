// SPDX-License-Identifier: MIT
package chainrule.spec.witness;

/**
 * The update rule of an optimizer for one parameter, as its document prints it (corrected where the catalogue says so),
 * in 50 digits and with a bound of the rounding error of double arithmetic. The letters are those of the documents.
 */
@FunctionalInterface
public interface Recurrence {
  /** Performs one step: updates the state and returns the new θ. t is 1 at the first update. */
  Bounded step(long t, Bounded eta, Bounded theta, Bounded g, Bounded[] state);

  /** 003-sgd: θ ← θ − η∇. */
  static Recurrence gradientDescent() {
    return (t, eta, theta, g, s) -> theta.minus(eta.times(g));
  }

  /** 003-momentum: v ← γ·v + (1 − γ)∇; θ ← θ − η·v. */
  static Recurrence momentum(double gamma) {
    return (t, eta, theta, g, s) -> {
      s[0] = mean(gamma, s[0], g);
      return theta.minus(eta.times(s[0]));
    };
  }

  /** v ← γ·v + (1 − γ)∇; θ ← θ − η·(γ·v + (1 − γ)∇), with the new v on the right. */
  static Recurrence nesterov(double gamma) {
    return (t, eta, theta, g, s) -> {
      s[0] = mean(gamma, s[0], g);
      return theta.minus(eta.times(mean(gamma, s[0], g)));
    };
  }

  /** 003-adagrad: v ← v + ∇²; θ ← θ − η/(√v + ε) ∇. */
  static Recurrence adaGrad(double epsilon) {
    return (t, eta, theta, g, s) -> {
      s[0] = s[0].plus(g.times(g));
      return theta.minus(eta.over(s[0].sqrt().plus(Bounded.of(epsilon))).times(g));
    };
  }

  /** 003-rmsprop: v ← ρv + (1 − ρ)∇²; θ ← θ − η/(√v + ε) ∇. */
  static Recurrence rmsProp(double rho, double epsilon) {
    return (t, eta, theta, g, s) -> {
      s[0] = mean(rho, s[0], g.times(g));
      return theta.minus(eta.over(s[0].sqrt().plus(Bounded.of(epsilon))).times(g));
    };
  }

  /** 003-adadelta: v ← ρv + (1 − ρ)∇²; Δ ← −(√u + ε)/(√v + ε) ∇; u ← ρu + (1 − ρ)Δ²; θ ← θ + η·Δ, there with η = 1. */
  static Recurrence adaDelta(double rho, double epsilon) {
    return (t, eta, theta, g, s) -> {
      Bounded eps = Bounded.of(epsilon);
      s[0] = mean(rho, s[0], g.times(g));
      Bounded delta = s[1].sqrt().plus(eps).over(s[0].sqrt().plus(eps)).times(g).negate();
      s[1] = mean(rho, s[1], delta.times(delta));
      return theta.plus(eta.times(delta));
    };
  }

  /** Zeiler 2012, algorithm 1: RMS[x] = √(E[x²] + ε); Δ = −RMS[Δ]/RMS[g]·g; θ ← θ + η·Δ. */
  static Recurrence adaDeltaZeiler(double rho, double epsilon) {
    return (t, eta, theta, g, s) -> {
      Bounded eps = Bounded.of(epsilon);
      s[0] = mean(rho, s[0], g.times(g));
      Bounded delta = s[1].plus(eps).sqrt().over(s[0].plus(eps).sqrt()).times(g).negate();
      s[1] = mean(rho, s[1], delta.times(delta));
      return theta.plus(eta.times(delta));
    };
  }

  /**
   * 003-adam, t from 1: m̂ = m/(1 − β₁^t); v̂ = v/(1 − β₂^t); θ ← θ − η/(√v̂ + ε) m̂. The product η·m̂ is computed
   * first, so that the bound covers its underflow for a subnormal m̂. The value does not depend on the order.
   */
  static Recurrence adam(double beta1, double beta2, double epsilon) {
    return (t, eta, theta, g, s) -> {
      s[0] = mean(beta1, s[0], g);
      s[1] = mean(beta2, s[1], g.times(g));
      return theta.minus(eta.times(mHat(beta1, t, s)).over(rootVHat(beta2, t, s).plus(Bounded.of(epsilon))));
    };
  }

  /** Loshchilov and Hutter 2017: θ ← θ − η·(m̂/(√v̂ + ε) + λθ); m and v do not contain the decay. */
  static Recurrence adamW(double beta1, double beta2, double epsilon, double lambda) {
    return (t, eta, theta, g, s) -> {
      s[0] = mean(beta1, s[0], g);
      s[1] = mean(beta2, s[1], g.times(g));
      Bounded direction = mHat(beta1, t, s).over(rootVHat(beta2, t, s).plus(Bounded.of(epsilon)));
      return theta.minus(eta.times(direction.plus(Bounded.of(lambda).times(theta))));
    };
  }

  private static Bounded mHat(double beta1, long t, Bounded[] s) {
    return s[0].over(Bounded.ONE.minus(Bounded.of(beta1).power(t)));
  }

  private static Bounded rootVHat(double beta2, long t, Bounded[] s) {
    return s[1].over(Bounded.ONE.minus(Bounded.of(beta2).power(t))).sqrt();
  }

  /** k·mean + (1 − k)·x. A tiny mean gets a larger bound, because the code keeps it from becoming subnormal. */
  private static Bounded mean(double k, Bounded mean, Bounded x) {
    Bounded keep = Bounded.of(k), next = keep.times(mean).plus(Bounded.ONE.minus(keep).times(x));
    double magnitude = Math.abs(next.value());
    return magnitude < 0x1p-846 ? next.within(Math.max(0x1p-953, 2 * Math.ulp(magnitude))) : next;
  }
}
