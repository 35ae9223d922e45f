// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import static org.bytedeco.pytorch.global.torch.compile;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.CompilationUnit;
import org.bytedeco.pytorch.Function;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.QualifiedName;
import org.bytedeco.pytorch.Tensor;

/**
 * A training step or a prediction as one TorchScript function, without autograd. The gradients are explicit formulas.
 * SGD is part of the gradient products (W ← W − η/n·aᵀδ is one {@code addmm_}), and Adam is the fused operator.
 */
final class TorchScript {
  /** W and b of each layer, which {@link #run} updates. */
  final Tensor[] theta;

  private final CompilationUnit unit; // keeps its functions alive
  private final Function run;
  private final IValue[] state;

  TorchScript(Workload work, double[] parameters) {
    unit = compile(list(work.layers()) + script(work));
    run = unit.get_function(new QualifiedName("run"));
    theta = TorchTensors.parameters(work, parameters, false);
    if (work.task() != Workload.Task.ADAM) {
      state = new IValue[] {list(theta)};
      return;
    }
    Tensor[] counters = new Tensor[theta.length];
    for (int p = 0; p < counters.length; p++) counters[p] = TorchTensors.matrix(new double[1], 1, 1);
    double[] zeros = new double[parameters.length];
    state = new IValue[] {list(theta), list(TorchTensors.parameters(work, zeros, false)),
        list(TorchTensors.parameters(work, zeros, false)), list(counters)};
  }

  /** Returns the arguments of {@link #run}: x [n × in], the classes [n], and the one-hot classes [n × out]. */
  IValueVector arguments(Tensor x, Tensor labels, Tensor y) {
    IValueVector arguments = new IValueVector();
    for (Tensor t : new Tensor[] {x, labels, y}) arguments.push_back(new IValue(t));
    for (IValue s : state) arguments.push_back(s);
    return arguments;
  }

  /** Takes a step and returns the mean loss before it, or returns the probabilities. */
  Tensor run(IValueVector arguments) {
    return run.apply(arguments).toTensor();
  }

  /** Returns a TorchScript list of tensors, which only a TorchScript function can create. */
  private IValue list(Tensor[] tensors) {
    IValueVector arguments = new IValueVector();
    for (Tensor t : tensors) arguments.push_back(new IValue(t));
    return unit.get_function(new QualifiedName("list")).apply(arguments);
  }

  private static String list(int layers) {
    String names = parameters("p", layers);
    return "def list(" + names.replace(",", ": Tensor,") + ": Tensor) -> List[Tensor]:\n  return [" + names + "]\n";
  }

  /** Returns {@code p0, p1, …}: one name for each weight matrix and bias. */
  private static String parameters(String prefix, int layers) {
    return IntStream.range(0, 2 * layers).mapToObj(p -> prefix + p).collect(Collectors.joining(", "));
  }

  /** Returns the script of a step or a prediction. p are the weights and biases, g their gradients. */
  private static String script(Workload work) {
    int last = work.layers() - 1;
    boolean adam = work.task() == Workload.Task.ADAM;
    StringBuilder s = new StringBuilder("def run(a0: Tensor, labels: Tensor, y: Tensor, p: List[Tensor]"
        + (adam ? ", m: List[Tensor], v: List[Tensor], t: List[Tensor]" : "") + ") -> Tensor:\n");
    s.append("  ").append(parameters("p", work.layers())).append(" = p\n");
    for (int l = 0; l < last; l++) s.append(lines(l, "a{out} = torch.relu(torch.addmm({b}, {a}, {w}))"));
    s.append(lines(last, "z = torch.addmm({b}, {a}, {w})"));
    if (work.task() == Workload.Task.PREDICT) return s + "  return torch.softmax(z, 1)\n";

    double scale = adam ? 1 : -work.task().rate; // δ = scale·(p − y)/n
    s.append(lines(last, "ln = torch.log_softmax(z, 1)", "loss = torch.nll_loss(ln, labels)",
        "{d} = torch.exp(ln).sub_(y).mul_(" + scale + " / a0.size(0))"));
    for (int l = last; l >= 0; l--) {
      if (l > 0) s.append(lines(l, "d{in} = torch.threshold_backward(torch.mm({d}, {w}.t()), {a}, 0.0)"));
      if (adam) s.append(lines(l, "g{iw} = torch.mm({a}.t(), {d})", "g{ib} = torch.sum({d}, 0)"));
      else s.append(lines(l, "{w}.addmm_({a}.t(), {d})", "{b}.add_(torch.sum({d}, 0))"));
    }
    if (adam) {
      s.append("  for i in t:\n    i.add_(1.0)\n  torch._fused_adam_(p, [").append(parameters("g", work.layers()))
          .append("], m, v, [], t, lr=" + work.task().rate + ", beta1=" + Workload.BETA1 + ", beta2=" + Workload.BETA2
              + ", weight_decay=0.0, eps=" + Workload.EPSILON + ", amsgrad=False, maximize=False)\n");
    }
    return s + "  return loss\n";
  }

  /** Returns script lines for layer l: {a} is its input, {d} its δ, {w} and {b} are its parameters. */
  private static String lines(int l, String... texts) {
    StringBuilder s = new StringBuilder();
    for (String text : texts) {
      s.append("  ").append(text.replace("{a}", "a" + l).replace("{d}", "d" + l).replace("{w}", "p" + 2 * l)
          .replace("{b}", "p" + (2 * l + 1)).replace("{iw}", "" + 2 * l).replace("{ib}", "" + (2 * l + 1))
          .replace("{out}", "" + (l + 1)).replace("{in}", "" + (l - 1))).append("\n");
    }
    return s.toString();
  }
}
