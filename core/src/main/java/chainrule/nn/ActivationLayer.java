package chainrule.nn;

import chainrule.nn.activation.Activation;

/**
 * An activation alone, without weights: <pre>z = x        a = φ(z)        dx = δ</pre>
 * As the first layer it is 000's a⁰ = φ(x); the other documents feed x in unchanged. Shapes: all [n × units].
 * Source: 000-4.1. Spec: ForwardSpec.
 */
public final class ActivationLayer extends Layer {
  private final int inputs;
  private final Activation activation;

  ActivationLayer(int inputs, Activation activation) {
    this.inputs = inputs;
    this.activation = activation;
  }

  @Override public int inputs() {
    return inputs;
  }

  @Override public Activation activation() {
    return activation;
  }

  @Override public int outputs() {
    return inputs;
  }

  @Override public String describe() {
    return activation.name();
  }

  @Override void forward(Pass pass, double[] x, int xo, double[] z) {
    System.arraycopy(x, xo, z, 0, pass.rows * inputs);
  }

  @Override void backward(Pass pass, double[] delta, double[] dx) {
    System.arraycopy(delta, 0, dx, 0, pass.rows * inputs);
  }
}
