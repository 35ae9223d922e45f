// SPDX-License-Identifier: MIT
package chainrule.spec.published;

import chainrule.kernels.Elementary;
import chainrule.kernels.Kernels;
import chainrule.nn.activation.Activation;
import chainrule.nn.activation.Elu;
import chainrule.nn.activation.Gelu;
import chainrule.nn.activation.LeakyRelu;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Softmax;
import chainrule.nn.activation.Softplus;
import chainrule.nn.activation.Tanh;
import chainrule.spec.ledger.Proves;
import org.junit.jupiter.api.Test;

/** The numbers printed next to ONNX's node tests of activations. */
class OnnxNodeSpec {
  private static final PublishedSource ONNX = PublishedSource.load("onnx");
  private static final double[] Z = {-1, 0, 1};

  private static double[] outputs(Activation activation, int rows, double... z) {
    double[] a = new double[z.length];
    activation.forward(Kernels.best(), rows, z.length / rows, z, a);
    return a;
  }

  @Test
  @Proves(value = "001-softmax", by = "Softmax#forward")
  @Proves(value = "beyond-elu", by = "Elu#forward")
  @Proves(value = "beyond-gelu", by = "Gelu#forward")
  @Proves(value = "001-leaky-relu", by = "LeakyRelu#forward")
  @Proves(value = "beyond-softplus", by = "Softplus#forward")
  @Proves(value = "001-sigmoid", by = "Sigmoid#forward")
  @Proves(value = "001-tanh", by = "Tanh#forward")
  @Proves(value = "beyond-exp", by = "Elementary#exp")
  @Proves(value = "beyond-log", by = "Elementary#log")
  void activationsHaveThePrintedOutputs() {
    ONNX.reproduce("Softmax", outputs(new Softmax(), 1, Z));
    ONNX.reproduce("Softmax of 0, 1, 2, 3 and of 10000, 10001, 10002, 10003",
        outputs(new Softmax(), 2, 0, 1, 2, 3, 10000, 10001, 10002, 10003));
    ONNX.reproduce("Elu with alpha 2", outputs(new Elu(2), 1, Z));
    ONNX.reproduce("Gelu", outputs(new Gelu(), 1, Z));
    ONNX.reproduce("LeakyRelu with alpha 0.1", outputs(new LeakyRelu(0.1), 1, Z));
    ONNX.reproduce("Softplus", outputs(new Softplus(), 1, Z));
    ONNX.reproduce("Sigmoid", outputs(new Sigmoid(), 1, Z));
    ONNX.reproduce("Tanh", outputs(new Tanh(), 1, Z));
    ONNX.reproduce("Exp", Elementary.exp(-1), Elementary.exp(0), Elementary.exp(1));
    ONNX.reproduce("Log of 1 and 10", Elementary.log(1), Elementary.log(10));
  }
}
