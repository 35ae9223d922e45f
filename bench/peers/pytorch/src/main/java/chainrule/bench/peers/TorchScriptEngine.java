package chainrule.bench.peers;

import static org.bytedeco.pytorch.global.torch.compile;
import static org.bytedeco.pytorch.global.torch.set_num_threads;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.CompilationUnit;
import org.bytedeco.pytorch.Function;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.QualifiedName;
import org.bytedeco.pytorch.Tensor;

/**
 * PyTorch at what seems to be its limit from Java: the whole step is one TorchScript function, so one call, without
 * autograd; the formulas are written out, SGD is folded into the products of the gradients (W ← W − η/n·aᵀδ is one
 * {@code addmm_}), and Adam is its fused one.
 */
public final class TorchScriptEngine implements Engine {
  private CompilationUnit unit; // its functions live no longer than it does

  @Override public String name() {
    return Torch.NAME + ", TorchScript, gradients written out";
  }

  @Override public Steps prepare(Work work, int threads) {
    set_num_threads(threads);
    new InferenceMode(); // holds for this thread until it is closed, and it never is
    boolean training = work.task() != Work.Task.PREDICT;
    int n = training ? work.batch() : 1;
    unit = compile(list(work.layers()) + script(work));
    IValueVector arguments = new IValueVector();
    arguments.push_back(new IValue(Torch.matrix(Arrays.copyOf(work.x(), n * work.inputs()), n, work.inputs())));
    arguments.push_back(new IValue(Torch.classes(Arrays.copyOf(work.labels(), n))));
    arguments.push_back(new IValue(Torch.matrix(Arrays.copyOf(work.oneHot(), n * work.classes()), n, work.classes())));
    arguments.push_back(list(Torch.parameters(work, work.parameters(), false)));
    if (work.task() == Work.Task.ADAM) {
      Tensor[] counters = new Tensor[2 * work.layers()];
      for (int p = 0; p < counters.length; p++) counters[p] = Torch.matrix(new double[1], 1, 1);
      arguments.push_back(list(Torch.parameters(work, new double[work.size()], false)));
      arguments.push_back(list(Torch.parameters(work, new double[work.size()], false)));
      arguments.push_back(list(counters));
    }
    Function run = unit.get_function(new QualifiedName("run"));
    return new Steps() {
      @Override public double step() {
        try (PointerScope scope = new PointerScope()) {
          return run.apply(arguments).toTensor().item_double();
        }
      }

      @Override public void predict(double[] probabilities) {
        try (PointerScope scope = new PointerScope()) {
          run.apply(arguments).toTensor().data_ptr_double().get(probabilities);
        }
      }
    };
  }

  /** A list of tensors as TorchScript wants it, which only TorchScript makes. */
  private IValue list(Tensor[] tensors) {
    IValueVector arguments = new IValueVector();
    for (Tensor t : tensors) arguments.push_back(new IValue(t));
    return unit.get_function(new QualifiedName("list")).apply(arguments);
  }

  private static String list(int layers) {
    String names = parameters("p", layers);
    return "def list(" + names.replace(",", ": Tensor,") + ": Tensor) -> List[Tensor]:\n  return [" + names + "]\n";
  }

  /** {@code p0, p1, …}: one for each weight and each bias. */
  private static String parameters(String prefix, int layers) {
    return IntStream.range(0, 2 * layers).mapToObj(p -> prefix + p).collect(Collectors.joining(", "));
  }

  /** The step, or the prediction, of this work: p are weights and biases in turn, g their gradients. */
  private static String script(Work work) {
    int last = work.layers() - 1;
    boolean adam = work.task() == Work.Task.ADAM;
    StringBuilder s = new StringBuilder("def run(a0: Tensor, labels: Tensor, y: Tensor, p: List[Tensor]"
        + (adam ? ", m: List[Tensor], v: List[Tensor], t: List[Tensor]" : "") + ") -> Tensor:\n");
    s.append("  ").append(parameters("p", work.layers())).append(" = p\n");
    for (int l = 0; l < last; l++) s.append(lines(l, "a{out} = torch.relu(torch.addmm({b}, {a}, {w}))"));
    s.append(lines(last, "z = torch.addmm({b}, {a}, {w})"));
    if (work.task() == Work.Task.PREDICT) return s + "  return torch.softmax(z, 1)\n";

    double scale = (adam ? 1 : -work.task().rate) / work.batch(); // δ carries −η/n, or 1/n
    s.append(lines(last, "ln = torch.log_softmax(z, 1)", "loss = torch.nll_loss(ln, labels)",
        "{d} = torch.exp(ln).sub_(y).mul_(" + scale + ")"));
    for (int l = last; l >= 0; l--) {
      if (l > 0) s.append(lines(l, "d{in} = torch.threshold_backward(torch.mm({d}, {w}.t()), {a}, 0.0)"));
      if (adam) s.append(lines(l, "g{iw} = torch.mm({a}.t(), {d})", "g{ib} = torch.sum({d}, 0)"));
      else s.append(lines(l, "{w}.addmm_({a}.t(), {d})", "{b}.add_(torch.sum({d}, 0))"));
    }
    if (adam) {
      s.append("  for i in t:\n    i.add_(1.0)\n  torch._fused_adam_(p, [").append(parameters("g", work.layers()))
          .append("], m, v, [], t, lr=" + work.task().rate + ", beta1=" + Work.BETA1 + ", beta2=" + Work.BETA2
              + ", weight_decay=0.0, eps=" + Work.EPSILON + ", amsgrad=False, maximize=False)\n");
    }
    return s + "  return loss\n";
  }

  /** Lines of the script for layer l: {a} comes in, {d} is its δ, {w} and {b} are its parameters. */
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
