// SPDX-License-Identifier: MIT
package chainrule.report;

import chainrule.data.Encoding;
import chainrule.format.Formatting;
import chainrule.train.ConfusionMatrix;
import chainrule.train.History;
import chainrule.train.MultilabelMetrics;
import java.util.Locale;

/** The top of the page: what the network predicts from what, how training ended, and the main metrics. */
final class ReportHeader {
  private ReportHeader() {}

  static void write(Html h, Report report, EvaluatedRows results) {
    h.open("header").raw("\n").element("p", "Chainrule · training report", "class", "kicker").raw("\n");
    h.element("h1", report.title()).raw("\n");
    h.element("p", sentence(report)).raw("\n").element("p", ending(report), "class", "ended").raw("\n");
    h.open("ul", "class", "figures").raw("\n");
    if (report.model().encoding().target().isClass()) ofClasses(h, results);
    else if (report.model().encoding().target().isMultilabel()) ofLabels(h, results);
    else ofNumbers(h, results);
    History.Epoch last = report.history().last();
    int epochs = last == null ? 0 : last.number();
    figure(h, null, Formatting.count(epochs), epochs == 1 ? "epoch" : "epochs", null);
    figure(h, null, Formatting.count(report.model().parameters()), "parameters", null);
    if (last != null) figure(h, null, Formatting.duration(last.seconds()), "to train", null);
    h.closeLine().closeLine();
  }

  private static String sentence(Report report) {
    Encoding e = report.model().encoding();
    String what = e.target().isClass() ? "one of " + Formatting.count(e.target().labels().size(), "class", "classes")
        : e.target().isMultilabel() ? Formatting.count(e.target().names().size(), "label", "labels")
        : e.target().names().size() == 1 ? "the number “" + Formatting.truncate(e.target().names().get(0), 60) + "”"
        : e.target().names().size() + " numbers";
    String from = e.imageSize().isPresent()
        ? "images of " + e.imageSize().get().height() + " × " + e.imageSize().get().width() + " pixels"
        : Formatting.count(e.inputColumns().size(), "column", "columns")
            + (e.inputs() == e.inputColumns().size() ? ""
                : " encoded as " + Formatting.count(e.inputs(), "input", "inputs"));
    int held = report.test() == null ? 0 : report.test().rows();
    return "Predicts " + what + " from " + from
        + ". Trained on " + Formatting.count(report.train().rows(), "row", "rows")
        + (held == 0 ? "; no rows were held out for testing."
            : ", tested on " + Formatting.count(held, "held-out row", "held-out rows") + ".");
  }

  private static String ending(Report report) {
    History h = report.history();
    int networks = report.model().networks().size();
    if (networks == 1 || h.last() == null) return ending(h);
    return (h.end() == History.End.INTERRUPTED ? "Interrupted; averages " : "Averages ") + networks
        + " networks, each trained for up to " + Formatting.count(h.last().number(), "epoch", "epochs")
        + " and with the weights of the lowest loss on its own fold of the training rows.";
  }

  /** Returns a sentence about how training ended and which weights the network has. */
  static String ending(History history) {
    if (history.last() == null) return "Training was interrupted during its first epoch.";
    int last = history.last().number(), kept = history.kept();
    String end = switch (history.end()) {
      case FINISHED -> last == 1 ? "Trained for 1 epoch" : "Trained for all " + Formatting.count(last) + " epochs";
      case STOPPED_EARLY -> "Stopped early after epoch " + Formatting.count(last)
          + " because the validation loss had not fallen for "
          + Formatting.count(last - kept, "epoch", "epochs");
      case INTERRUPTED -> "Interrupted after epoch " + Formatting.count(last);
    };
    if (kept == last) return end + ".";
    return end + "; the network has the weights of "
        + (kept == 0 ? "its initialization." : "epoch " + Formatting.count(kept) + ".");
  }

  private static void ofClasses(Html h, EvaluatedRows results) {
    int n = results.rows().rows();
    ConfusionMatrix confusion = results.model().confusion(results.rows());
    long right = Math.round(confusion.accuracy() * n);
    double[] likely = interval(confusion.accuracy(), n);
    figure(h, "first", Formatting.percent(confusion.accuracy(), n), results.heldOut() ? "test accuracy"
        : "training accuracy",
        Formatting.count(right) + " of " + Formatting.count(n) + " correct" + (results.heldOut()
            ? "; 95 % interval " + percentage(likely[0]) + " to " + percentage(likely[1]) + " %" : ""));
  }

  private static void ofLabels(Html h, EvaluatedRows results) {
    MultilabelMetrics m = results.labelMetrics();
    String rows = results.heldOut() ? "on the test rows" : "on the training rows";
    figure(h, "first", Formatting.percent(m.exactMatch(), m.rows()), "exact match " + rows,
        Formatting.count(m.exact()) + " of " + Formatting.count(m.rows()) + " rows have every label right");
    figure(h, null, Formatting.percent(m.meanAccuracy(), (long) m.rows() * m.labels().size()), "mean label accuracy",
        null);
  }

  /**
   * Returns Wilson's 95 % confidence interval (z = 1.96) of a fraction p observed in n rows:
   * <pre>(p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n)</pre>
   */
  static double[] interval(double p, int n) {
    double z2 = 1.96 * 1.96 / n;
    double middle = p + z2 / 2, room = Math.sqrt(p * (1 - p) * z2 + z2 * z2 / 4);
    return new double[] {Math.max(0, (middle - room) / (1 + z2)), Math.min(1, (middle + room) / (1 + z2))};
  }

  private static String percentage(double share) {
    String s = String.format(Locale.ROOT, "%.1f", 100 * share);
    return s.equals("100.0") ? "100" : s;
  }

  private static void ofNumbers(Html h, EvaluatedRows results) {
    EvaluatedRows.Errors e = results.errors();
    String rows = results.heldOut() ? "on the test rows" : "on the training rows";
    String r2 = Math.abs(e.r2()) < 1000 ? String.format(Locale.ROOT, "%.3f", e.r2()) : Formatting.value(e.r2());
    figure(h, "first", r2, "R² " + rows, Double.isNaN(e.r2()) ? "undefined because every row has the same target"
        : "1 is perfect, 0 is no better than predicting the mean");
    if (Double.isNaN(e.rmse()) && results.rows().outputs() > 1) return; // the targets have no unit in common
    figure(h, null, Formatting.value(e.rmse()), "RMSE", null);
    figure(h, null, Formatting.value(e.mae()), "MAE", null);
  }

  private static void figure(Html h, String style, String number, String name, String small) {
    h.open("li", "class", style).element("b", number).text(name);
    if (small != null) h.element("small", small);
    h.closeLine();
  }
}
