// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.Dataset;
import chainrule.random.CounterRandom;
import java.io.File;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The settings that determine the bits of a trained network, as names and values. Models store them for the reader,
 * checkpoints to refuse a different run. Threads and kernels do not change any bits, so they are not included.
 */
final class TrainingSettings {
  private TrainingSettings() {}

  /** The setting that has the number of pieces of each number. */
  static final String BINS = "bins";

  private static final String DATA = "data", FINGERPRINT = "fingerprint", EPOCHS = "epochs", FROM = "from weights",
      FROM_DATA = "from data";
  private static final String NONE = "(none)", AT_MOST = " at most";

  static Map<String, String> of(TrainingRequest r) {
    TrainingPlan plan = r.plan();
    Map<String, String> s = new LinkedHashMap<>();
    s.put(DATA, r.data().description());
    if (writesFiles(r.arguments())) { // it reads every number, which a run that writes no file can skip
      s.put(FINGERPRINT, String.format(
          Locale.ROOT, "%016x", fingerprint(plan.train(), plan.validation(), plan.test())));
    }
    r.from().ifPresent(f -> {
      s.put(FROM, f.fingerprint());
      s.put(FROM_DATA, f.trainedOn());
    });
    s.put("network", plan.network().toString());
    s.put("loss", plan.loss().name());
    s.put("optimizer", plan.optimizer().toString());
    s.put("schedule", plan.schedule().name());
    s.put("l1", Double.toString(plan.regularization().l1()));
    s.put("l2", r.arguments().has(Option.L2) ? Double.toString(plan.regularization().l2())
        : TrainingPlan.defaultL2(r.arguments()) + "/n"); // n changes with the data, which is compared last
    s.put("clip", plan.clip() < Double.POSITIVE_INFINITY ? Double.toString(plan.clip()) : "none");
    s.put("batch", Integer.toString(plan.batch()));
    if (plan.blocks() > 0) s.put("blocks", Integer.toString(plan.blocks()));
    s.put(EPOCHS, Integer.toString(plan.epochs()) + (plan.schedule().dependsOnEpochs() ? "" : AT_MOST));
    s.put("patience", plan.patience() == 0 ? "none" : Integer.toString(plan.patience()));
    if (plan.members() > 1) s.put("ensemble", plan.members() + " networks");
    s.putAll(r.data().settings());
    s.put("seed", Long.toString(r.seed()));
    return s;
  }

  /** Returns the name of the kind of target, as --task takes it. */
  static String task(Dataset data) {
    return data.isClassification() ? "classify" : data.isMultilabel() ? "multilabel" : "regress";
  }

  private static boolean writesFiles(Arguments a) {
    return a.has(Option.OUT) || a.has(Option.CHECKPOINT) || a.has(Option.REPORT);
  }

  /** Refuses the checkpoint of a different run. The number of epochs may differ unless the schedule depends on it. */
  static void requireSame(Path file, Map<String, String> stored, Map<String, String> current) {
    Set<String> names = new LinkedHashSet<>(List.of(FROM, BINS)); // first, because they decide others
    names.addAll(current.keySet());
    names.addAll(stored.keySet());
    names.removeAll(List.of(DATA, FINGERPRINT, FROM_DATA));
    for (String name : names) {
      String before = stored.getOrDefault(name, NONE), now = current.getOrDefault(name, NONE);
      if (before.equals(now)) continue;
      if (name.equals(EPOCHS) && before.endsWith(AT_MOST) && now.endsWith(AT_MOST)) continue;
      throw new UsageException(file + ": the checkpoint was written with "
          + (name.equals(FROM) ? "starting weights" : name) + " " + before + ", but this run has " + now
          + remedy(name, before));
    }
    // Compared last, since options such as the seed also change the data.
    if (!current.get(FINGERPRINT).equals(stored.get(FINGERPRINT))) {
      throw new UsageException(
          file + ": the checkpoint was written with other data (" + stored.getOrDefault(DATA, "unknown")
          + "); use the same data and options, or another --checkpoint");
    }
  }

  private static String remedy(String name, String before) {
    if (name.equals(EPOCHS) && !before.endsWith(AT_MOST)) {
      return ", and the schedule depends on it; pass --epochs " + before
          + ". Only a run with --schedule constant or step can be extended";
    }
    if (name.equals(FROM)) return "; pass --from with the same model, or use another --checkpoint";
    return "; use the same options or another --checkpoint";
  }

  /** Returns the shell command that repeats a run. */
  static String rerunCommand(List<String> args) {
    StringBuilder s = new StringBuilder(LauncherName.in("./chainrule train"));
    for (String arg : args) s.append(' ').append(quoted(arg));
    return s.toString();
  }

  /** Quotes a word, if necessary, for a POSIX shell or for those of Windows. */
  static String quoted(String word) {
    return quoted(word, File.separatorChar == '\\');
  }

  /** PowerShell would take a comma for the separator of an array. */
  static String quoted(String word, boolean windows) {
    String further = windows ? "-_=+:./\\" : "-_=+:,./@%";
    boolean plain = !word.isEmpty()
        && word.chars().allMatch(c -> Character.isLetterOrDigit(c) || further.indexOf(c) >= 0);
    if (plain) return word;
    if (!windows) return "'" + word.replace("'", "'\\''") + "'";
    // backslashes before a quotation mark are doubled
    return '"' + word.replaceAll("(\\\\*)\"", "$1$1\\\\\"").replaceAll("(\\\\+)$", "$1$1") + '"';
  }

  /** Hashes every bit of the data, in order. */
  private static long fingerprint(Dataset... parts) {
    long hash = 0;
    for (Dataset d : parts) {
      if (d == null) continue;
      for (double[] values : d.weights() == null ? new double[][] {d.x(), d.y()}
          : new double[][] {d.x(), d.y(), d.weights()}) {
        for (double v : values) hash = CounterRandom.bits(hash, 0, Double.doubleToRawLongBits(v));
        hash = CounterRandom.bits(hash, 1, values.length);
      }
    }
    return hash;
  }
}
