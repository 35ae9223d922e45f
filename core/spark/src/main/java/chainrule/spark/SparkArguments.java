// SPDX-License-Identifier: MIT
package chainrule.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The arguments of {@link Main}.
 *
 * @param command train, cv, tune or predict
 * @param others the command and what follows it, without the options below
 * @param options the values of {@code --key} and {@code --format}, and for predict of {@code --out} and
 *     {@code --interval}
 */
record SparkArguments(String command, List<String> others, Map<String, String> options) {
  private static final List<String> TRAINING = List.of("train", "cv", "tune");
  private static final String HINT = " (--help explains the options)";

  /** A command line that cannot be carried out. The message is one line. */
  static final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UsageException(String message) {
      super(message);
    }
  }

  /** @throws UsageException for an unknown command, and for options that are missing or wrong */
  static SparkArguments parse(List<String> args) {
    String command = args.get(0);
    boolean predict = command.equals("predict");
    if (!predict && !TRAINING.contains(command)) {
      throw new UsageException("unknown command '" + command + "'; expected train, cv, tune or predict" + HINT);
    }
    Map<String, String> options = new TreeMap<>();
    List<String> others = new ArrayList<>();
    for (int i = 0; i < args.size(); i++) {
      String arg = args.get(i), flag = arg.contains("=") ? arg.substring(0, arg.indexOf('=')) : arg;
      boolean own = List.of("--key", "--format").contains(flag)
          || predict && List.of("--out", "--interval").contains(flag);
      if (!own) {
        others.add(arg);
        continue;
      }
      boolean follows = flag.equals(arg) && i + 1 < args.size() && !args.get(i + 1).startsWith("--");
      if (flag.equals(arg) && !follows) throw new UsageException(flag + " requires a value" + HINT);
      String value = follows ? args.get(++i) : arg.substring(flag.length() + 1);
      if (options.put(flag, value) != null) throw new UsageException(flag + " is given twice; give it once");
    }
    SparkArguments a = new SparkArguments(command, others, options);
    a.require();
    return a;
  }

  private void require() {
    boolean predict = command.equals("predict");
    if (!options.containsKey("--key")) {
      throw new UsageException(command + " requires --key COLUMN, because the rows of a DataFrame have no order: "
          + (predict ? "a column to copy next to the predictions" : "a column with a different value in each row")
          + HINT);
    }
    if (options.containsKey("--format") && !DataFiles.FORMATS.contains(format())) {
      throw new UsageException("--format: expected csv, parquet, json or orc, found '" + format() + "'");
    }
    if (others.size() < 2 || others.get(1).startsWith("--")) {
      throw new UsageException(command + " requires " + (predict ? "MODEL and DATA" : "DATA") + HINT);
    }
    if (!predict) return;
    if (others.size() != 3) throw new UsageException("predict takes MODEL and DATA, found " + others + HINT);
    if (!options.containsKey("--out")) throw new UsageException("predict requires --out DIRECTORY" + HINT);
  }

  String key() {
    return options.get("--key");
  }

  /** Returns the format of files; empty to take it from their names. */
  String format() {
    return options.getOrDefault("--format", "");
  }
}
