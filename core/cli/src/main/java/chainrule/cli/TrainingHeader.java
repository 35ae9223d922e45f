// SPDX-License-Identifier: MIT
package chainrule.cli;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Optional;

/** The first lines that {@code train} prints: the data, the network, the settings and the machine. */
final class TrainingHeader {
  private TrainingHeader() {}

  /** @param position how far the resumed run had come; empty for a new run */
  static void print(PrintStream out, TrainingRequest request, Optional<String> position) {
    TrainingPlan plan = request.plan();
    request.introduce(out);
    if (plan.members() > 1) {
      out.printf(Locale.ROOT, "ensemble  %d such networks, each validating on its own fold, patience %d; averaged%n",
          plan.members(), plan.patience());
    }
    out.printf(Locale.ROOT, "training  %s, %s at rate %s%s, batches of %d%s, %d epochs, seed %d%n",
        plan.loss().name(), plan.optimizer().name(), plan.optimizer().rate(),
        plan.schedule().name().equals("constant") ? "" : " (" + plan.schedule().name() + ")", plan.batch(),
        plan.blocks() > 0 ? " in blocks of " + plan.blocks() : "", plan.epochs(), request.seed());
    out.printf(Locale.ROOT, "machine   %s kernels, %d thread%s, Java %s%n", request.kernels().name(),
        request.kernels().threads(), request.kernels().threads() == 1 ? "" : "s", System.getProperty("java.version"));
    if (request.arguments().has(Option.RESUME)) {
      String file = request.arguments().value(Option.CHECKPOINT).get();
      out.println(position.map(p -> "resuming from " + file + " after " + p)
          .orElse("checkpoint " + file + " does not exist yet: starting"));
    }
    out.println();
  }
}
