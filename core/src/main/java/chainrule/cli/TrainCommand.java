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
    Arguments a = Arguments.parse(args);
    if (a.words().size() > 1) {
      throw new UsageException("train takes one data set, got also '" + a.words().get(1) + "'");
    }
    String data = a.words().isEmpty() ? "spirals" : a.words().get(0);
    long seed = a.whole(Option.SEED, 1, Long.MIN_VALUE, Long.MAX_VALUE);
    int threads = (int) a.whole(Option.THREADS, Runtime.getRuntime().availableProcessors(), 1, 1024);
    Kernels kernels = kernels(threads);
    Source source = Source.of(data, a, seed);
    Blueprint plan = Blueprint.of(a, source, kernels, seed);

    boolean quiet = a.has(Option.QUIET);
    if (!quiet) introduce(source, plan, kernels, seed);
    Trainer trainer = Trainer.of(plan.network()).loss(plan.loss()).regularization(plan.regularization())
        .optimizer(plan.optimizer()).batch(plan.batch())
        .seed(seed)
        .listener(quiet ? new TrainingListener() {} : new Progress(out, terminal, plan.epochs(), plan.train().rows()));
    History history = trainer.fit(plan.train(), plan.test().rows() == 0 ? null : plan.test(), plan.epochs());
    conclude(a, source, plan, kernels, seed, history, data);
  }

  static Kernels kernels(int threads) {
    try {
      return Kernels.best().withThreads(threads);
    } catch (IllegalStateException e) {
      throw new UsageException(e.getMessage());
    }
  }

  private void introduce(Source source, Blueprint plan, Kernels kernels, long seed) {
    out.println("data      " + source.description());
    out.printf(Locale.ROOT, "network   %s, %,d parameters%n", plan.network(), plan.network().parameters().length);
    out.printf(Locale.ROOT, "training  %s, %s at rate %s, batches of %d, %d epochs, seed %d%n",
        plan.loss().name(), plan.optimizer().name(), plan.optimizer().rate(), plan.batch(), plan.epochs(), seed);
    out.printf(Locale.ROOT, "machine   %s kernels, %d thread%s, Java %s%n%n",
        kernels.name(), kernels.threads(), kernels.threads() == 1 ? "" : "s", System.getProperty("java.version"));
  }

  private void conclude(
      Arguments a, Source source, Blueprint plan, Kernels kernels, long seed, History history, String data) {
    History.Epoch last = history.last();
    Evaluation test = last.test();
    boolean classify = plan.train().isClassification();
    double rmse = test == null ? Double.NaN : test.rmse() * source.targetUnit();
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
    if (!a.has(Option.QUIET)) suggest(data);
    if (a.has(Option.JSON)) {
      Json json = new Json().put("task", classify ? "classify" : "regress").put("train_loss", last.trainLoss())
          .put("test_loss", test == null ? Double.NaN : test.loss());
      if (classify) json.put("test_accuracy", test == null ? Double.NaN : test.accuracy());
      else json.put("test_rmse", rmse).put("test_r2", test == null ? Double.NaN : test.r2());
      out.println(json.put("epochs", last.number()).put("seconds", last.seconds()).put("kernels", kernels.name())
          .put("threads", kernels.threads()).put("seed", seed));
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
