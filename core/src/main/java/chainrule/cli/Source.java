package chainrule.cli;

import chainrule.data.Csv;
import chainrule.data.Dataset;
import chainrule.data.Encoding;
import chainrule.data.Encoding.Task;
import chainrule.data.Generators;
import chainrule.data.Idx;
import chainrule.data.Table;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The examples that a command works on, read and divided as its arguments say.
 *
 * @param description for people: what they are and how many
 * @param targetUnit what one unit of a standardised target is in the data's own unit; 1 where nothing was standardised
 */
record Source(String description, Dataset train, Dataset test, double targetUnit) {

  static Source of(String data, Arguments a, long seed) {
    double fraction = a.number(Option.TEST_FRACTION, 0.2, 0, true, 1);
    if (a.has(Option.TEST) && a.has(Option.TEST_FRACTION)) {
      throw new UsageException("--test and --test-fraction exclude each other; give one");
    }
    Optional<Generators> generator = Generators.named(data);
    if (generator.isPresent()) return generated(generator.get(), a, fraction, seed);
    Path file = path(data);
    if (!Files.exists(file)) {
      throw new UsageException(data + ": no such file, and no built-in data of that name (there are "
          + names() + ")" + Nearest.hint(data, Set.of("spirals", "moons", "circles", "xor", "digits")));
    }
    requireReadable(file);
    return a.has(Option.LABELS) || looksLikeIdx(file) ? images(file, a, fraction, seed) : table(file, a, fraction, seed);
  }

  private static String names() {
    StringBuilder s = new StringBuilder();
    for (Generators g : Generators.values()) s.append(s.length() == 0 ? "" : ", ").append(g.label());
    return s.toString();
  }

  private static Path path(String name) {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw new UsageException("'" + name + "' is not a file name on this system: " + e.getReason());
    }
  }

  private static Path existing(Option option, String name) {
    Path file = path(name);
    if (!Files.exists(file)) throw new UsageException(option.flag + ": " + name + ": no such file");
    requireReadable(file);
    return file;
  }

  private static void requireReadable(Path file) {
    if (Files.isDirectory(file)) throw new UsageException(file + ": a folder; name a file in it");
    if (!Files.isReadable(file)) throw new UsageException(file + ": not readable; check its permissions");
  }

  /** gzip, or the two zero bytes that every IDX file begins with. */
  private static boolean looksLikeIdx(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] head = in.readNBytes(2);
      return head.length == 2 && (head[0] == 0 && head[1] == 0 || head[0] == 0x1f && (head[1] & 0xFF) == 0x8b);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void refuse(Arguments a, String kind, Option... options) {
    for (Option o : options) {
      if (a.has(o)) throw new UsageException(o.flag + " does not go with " + kind + "; leave it out");
    }
  }

  private static Source generated(Generators g, Arguments a, double fraction, long seed) {
    refuse(a, "built-in data", Option.LABELS, Option.TARGET, Option.DROP, Option.TEST, Option.TEST_LABELS);
    if (a.text(Option.TASK).isPresent()) requireClassify(a, "built-in data");
    Dataset.Split s = g.generate(seed).split(fraction, seed);
    return new Source(describe(g.label() + " (synthetic)", s.train(), s.test()), s.train(), s.test(), 1);
  }

  private static Source images(Path file, Arguments a, double fraction, long seed) {
    refuse(a, "IDX images", Option.TARGET, Option.DROP);
    if (a.text(Option.TASK).isPresent()) requireClassify(a, "IDX images");
    Path labels = existing(Option.LABELS, a.text(Option.LABELS).orElseThrow(() -> new UsageException(
        file + ": IDX images need their labels: add --labels FILE")));
    Dataset all = Idx.read(file, labels);
    if (a.has(Option.TEST)) {
      Path testLabels = existing(Option.TEST_LABELS, a.text(Option.TEST_LABELS).orElseThrow(() -> new UsageException(
          "--test: IDX images need their labels: add --test-labels FILE")));
      Path testFile = existing(Option.TEST, a.text(Option.TEST).get());
      Dataset test = Idx.read(testFile, testLabels);
      if (test.inputs() != all.inputs() || test.outputs() != all.outputs()) {
        throw new UsageException(testFile + ": images of " + test.inputs() + " pixels and " + test.labels().size()
            + " classes do not fit those of " + file + ": " + all.inputs() + " and " + all.labels().size());
      }
      return new Source(describe(file.toString(), all, test), all, test, 1);
    }
    refuse(a, "--test-fraction", Option.TEST_LABELS);
    Dataset.Split s = all.split(fraction, seed);
    return new Source(describe(file.toString(), s.train(), s.test()), s.train(), s.test(), 1);
  }

  private static void requireClassify(Arguments a, String kind) {
    if (task(a).orElseThrow() != Task.CLASSIFY) {
      throw new UsageException("--task regress does not go with " + kind + ", whose targets are classes");
    }
  }

  private static Optional<Task> task(Arguments a) {
    return a.text(Option.TASK).map(t -> switch (t) {
      case "classify" -> Task.CLASSIFY;
      case "regress" -> Task.REGRESS;
      default -> throw new UsageException("--task: expected classify or regress, got '" + t + "'");
    });
  }

  private static Source table(Path file, Arguments a, double fraction, long seed) {
    refuse(a, "a CSV file", Option.TEST_LABELS);
    Table table = Csv.read(file);
    int target = a.text(Option.TARGET).map(table::column).orElse(table.columns().size() - 1);
    Set<Integer> drop = new HashSet<>();
    if (a.has(Option.DROP)) for (String name : a.text(Option.DROP).get().split(",")) drop.add(table.column(name.strip()));
    if (drop.contains(target)) {
      throw new UsageException("--drop: '" + table.columns().get(target) + "' is the target; choose another with --target");
    }
    Task task = task(a).orElseGet(() -> Encoding.guessTask(table, target));

    int n = table.rows().size();
    if (a.has(Option.TEST)) {
      Path testFile = existing(Option.TEST, a.text(Option.TEST).get());
      Table testTable = Csv.read(testFile);
      if (!testTable.columns().equals(table.columns())) {
        throw new UsageException(testFile + ": its columns differ from those of " + file
            + "; expected " + String.join(", ", table.columns()));
      }
      int[] all = rows(n);
      Encoding e = Encoding.fit(table, target, drop, task, all);
      Dataset train = e.encode(all), test = e.encode(testTable, rows(testTable.rows().size()));
      return new Source(describe(file.toString(), train, test), train, test, e.targetDeviation());
    }
    int[][] parts = Dataset.splitRows(n, fraction, seed);
    Encoding e = Encoding.fit(table, target, drop, task, parts[0]);
    Dataset train = e.encode(parts[0]), test = e.encode(parts[1]);
    return new Source(describe(file + ", target '" + table.columns().get(target) + "'", train, test), train, test,
        e.targetDeviation());
  }

  /** 0 … n−1: the first n rows. */
  static int[] rows(int n) {
    int[] rows = new int[n];
    for (int i = 0; i < n; i++) rows[i] = i;
    return rows;
  }

  private static String describe(String what, Dataset train, Dataset test) {
    String targets = train.isClassification() ? train.labels().size() + " classes" : "a number to predict";
    return String.format(Locale.ROOT, "%s: %,d rows to train, %,d to test; %d inputs, %s",
        what, train.rows(), test.rows(), train.inputs(), targets);
  }
}
