package chainrule.cli;

import chainrule.data.Dataset;
import chainrule.random.CounterRandom;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What decides the bits that a training ends with, in words: stored in models for people, and in checkpoints for
 * comparing. Threads and kernels are not among them.
 */
final class TrainingSettings {
  private TrainingSettings() {}

  private static final String DATA = "data", FINGERPRINT = "fingerprint", EPOCHS = "epochs";

  static Map<String, String> of(TrainingRequest r) {
    TrainingPlan plan = r.plan();
    Map<String, String> s = new LinkedHashMap<>();
    s.put(DATA, r.source().description());
    if (isWritten(r.arguments())) { // it reads every number, which a run that leaves nothing need not wait for
      s.put(FINGERPRINT, String.format(Locale.ROOT, "%016x", fingerprint(plan.train(), plan.validation(), plan.test())));
    }
    s.put("network", plan.network().toString());
    s.put("loss", plan.loss().name());
    s.put("optimizer", plan.optimizer().toString());
    s.put("schedule", plan.schedule().name());
    s.put("l1", Double.toString(plan.regularization().l1()));
    s.put("l2", Double.toString(plan.regularization().l2()));
    s.put("clip", plan.clip() < Double.POSITIVE_INFINITY ? Double.toString(plan.clip()) : "none");
    s.put("batch", Integer.toString(plan.batch()));
    s.put(EPOCHS, Integer.toString(plan.epochs()) + (plan.schedule().dependsOnEpochs() ? "" : " at most"));
    s.put("patience", plan.patience() == 0 ? "none" : Integer.toString(plan.patience()));
    s.put("seed", Long.toString(r.seed()));
    return s;
  }

  private static boolean isWritten(Arguments a) {
    return a.has(Option.OUT) || a.has(Option.CHECKPOINT) || a.has(Option.REPORT);
  }

  /** Refuses to resume another run; more epochs are no other run, unless the schedule depends on them. */
  static void requireSame(Path file, Map<String, String> stored, Map<String, String> now) {
    for (Map.Entry<String, String> e : now.entrySet()) {
      String name = e.getKey(), was = stored.getOrDefault(name, "nothing");
      if (was.equals(e.getValue()) || name.equals(DATA) || name.equals(FINGERPRINT)) continue;
      if (name.equals(EPOCHS) && was.endsWith(" at most") && e.getValue().endsWith(" at most")) continue;
      throw new UsageException(file + ": a checkpoint of a run with " + name + " " + was + ", but now it is " + e.getValue()
          + "; give the same options, or another --checkpoint");
    }
    if (!now.get(FINGERPRINT).equals(stored.get(FINGERPRINT))) { // last: options such as the seed change the data too
      throw new UsageException(file + ": a checkpoint of other data (" + stored.getOrDefault(DATA, "unknown")
          + "); give the same data and options, or another --checkpoint");
    }
  }

  /** The command that repeats a run, for a shell. */
  static String command(List<String> args) {
    StringBuilder s = new StringBuilder("./chainrule train");
    for (String arg : args) s.append(' ').append(quoted(arg));
    return s.toString();
  }

  /** A word as a POSIX shell reads it. */
  static String quoted(String word) {
    boolean plain = !word.isEmpty() && word.chars().allMatch(c -> Character.isLetterOrDigit(c) || "-_=+:,./@%".indexOf(c) >= 0);
    return plain ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  /** Of every bit of the data, in its order. */
  private static long fingerprint(Dataset... parts) {
    long hash = 0;
    for (Dataset d : parts) {
      if (d == null) continue;
      for (double[] values : new double[][] {d.x(), d.y()}) {
        for (double v : values) hash = CounterRandom.bits(hash, 0, Double.doubleToRawLongBits(v));
        hash = CounterRandom.bits(hash, 1, values.length);
      }
    }
    return hash;
  }
}
