package chainrule.cli;

import chainrule.kernels.Kernels;
import chainrule.train.Evaluation;
import chainrule.train.History;
import chainrule.train.Trainer;
import chainrule.train.TrainingListener;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** {@code train [DATA] [options]}: reads or draws the data, builds the network, trains it, says how it does. */
final class TrainCommand {
  private final PrintStream out;
  private final boolean terminal;

  TrainCommand(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  void run(List<String> args) {
    Request request = Request.of("train", args, Runtime.getRuntime().availableProcessors());
    Arguments a = request.arguments();
    Blueprint plan = request.plan();
    boolean quiet = a.has(Option.QUIET);
    if (!quiet) introduce(request);
    Trainer trainer = Trainer.of(plan.network()).loss(plan.loss()).regularization(plan.regularization())
        .optimizer(plan.optimizer()).batch(plan.batch()).seed(request.seed())
        .listener(quiet ? new TrainingListener() {} : new Progress(out, terminal, plan.epochs(), plan.train().rows()));
    History history = trainer.fit(plan.train(), plan.test().rows() == 0 ? null : plan.test(), plan.epochs());
    conclude(request, history);
  }

  private void introduce(Request request) {
    Blueprint plan = request.plan();
    Kernels kernels = request.kernels();
    request.introduce(out);
    out.printf(Locale.ROOT, "training  %s, %s at rate %s, batches of %d, %d epochs, seed %d%n",
        plan.loss().name(), plan.optimizer().name(), plan.optimizer().rate(), plan.batch(), plan.epochs(), request.seed());
    out.printf(Locale.ROOT, "machine   %s kernels, %d thread%s, Java %s%n%n",
        kernels.name(), kernels.threads(), kernels.threads() == 1 ? "" : "s", System.getProperty("java.version"));
  }

  private void conclude(Request request, History history) {
    Arguments a = request.arguments();
    Blueprint plan = request.plan();
    Kernels kernels = request.kernels();
    History.Epoch last = history.last();
    Evaluation test = last.test();
    boolean classify = plan.train().isClassification();
    double rmse = test == null ? Double.NaN : test.rmse() * request.source().targetUnit();
    if (!a.has(Option.QUIET)) out.println();
    if (test == null) {
      out.printf(Locale.ROOT, "training loss %s after %d epochs; nothing was held out to test on%n",
          Progress.loss(last.trainLoss()), last.number());
    } else if (classify) {
      int n = plan.test().rows();
      out.printf(Locale.ROOT, "test accuracy %.4f (%,d of %,d right), loss %s%n",
          test.accuracy(), Math.round(test.accuracy() * n), n, Progress.loss(test.loss()));
    } else {
      out.printf(Locale.ROOT, "test R² %.4f, root mean squared error %.6g in the target's unit%n", test.r2(), rmse);
    }
    if (!a.has(Option.QUIET)) suggest(request.data());
    if (a.has(Option.JSON)) {
      Json json = new Json().put("task", classify ? "classify" : "regress").put("train_loss", last.trainLoss())
          .put("test_loss", test == null ? Double.NaN : test.loss());
      if (classify) json.put("test_accuracy", test == null ? Double.NaN : test.accuracy());
      else json.put("test_rmse", rmse).put("test_r2", test == null ? Double.NaN : test.r2());
      out.println(json.put("epochs", last.number()).put("seconds", last.seconds()).put("kernels", kernels.name())
          .put("threads", kernels.threads()).put("seed", request.seed()));
    }
  }

  private void suggest(String data) {
    out.println();
    out.println("try next");
    if (data.equals("spirals")) {
      out.println("  ./chainrule train moons --layers 16:tanh      other built-in data: circles, xor, digits");
      out.println("  ./chainrule train yours.csv --target COLUMN   your own table");
    } else {
      out.println("  --seed 2             another split and other first weights: how much is luck?");
      out.println("  --layers 128:relu    another network; --epochs, --rate and --batch change its training");
    }
    out.println("  ./chainrule help train                        every option");
  }
}
