package chainrule.nn;

import chainrule.kernels.Kernels;
import chainrule.nn.activation.Activation;

/**
 * An activation alone, without weights: <pre>z = x        a = φ(z)        dx = δ</pre>
 * As the first layer it is 000's a⁰ = φ(x); the other documents feed x in unchanged. Shapes: all [n × units].
 * Source: 000-4.1. Spec: ForwardSpec.
 */
public record ActivationLayer(int inputs, Activation activation) implements Layer {
  @Override public int outputs() {
    return inputs;
  }

  @Override public String describe() {
    return activation.name();
  }

  @Override public void forward(Pass pass, double[] x, int xo, double[] z) {
    System.arraycopy(x, xo, z, 0, pass.rows * inputs);
  }

  @Override public void backward(Pass pass, double[] delta, double[] dx) {
    System.arraycopy(delta, 0, dx, 0, pass.rows * inputs);
  }
}
