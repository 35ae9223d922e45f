// SPDX-License-Identifier: MIT
package chainrule.spec.published;

import chainrule.spec.ledger.Ledger;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The numbers of one source, read from {@code NAME.txt}:
 *
 * <pre>
 * title       who, what, when
 * link        where the numbers are printed
 * what        what they are
 * spec        the test that reproduces them
 * arithmetic  double            or: float32, 4 roundings
 * decimals    8                 if the source drops trailing zeros: .1406 means .14060000
 * settings    how its settings translate to ours
 * // a comment
 * &#64; 003-momentum: next w       the formula on the ledger, and a label
 * .1406 .20738947               the numbers as printed
 * ! 001-mse: error after a step
 * printed .291027924            a number that is wrong
 * correct .291027774            what it should be
 * why     how the wrong number comes about
 * </pre>
 *
 * <p>A number agrees within ½ unit of its last digit, as {@link PrintedNumber} says. The arithmetic of the source may
 * add n roundings, each of at most 2⁻²⁴ (float32) or 2⁻⁵³ (double) times the number.
 */
final class PublishedSource {
  /** All sources, in the order of PUBLISHED.md. */
  static final List<String> NAMES = List.of(
      "mazur", "cs231n", "pytorch", "keras", "tensorflow", "onnx", "optax", "burn", "d2l", "sklearn", "torchmetrics",
      "goodfellow", "nielsen", "micrograd");

  private static final Pattern HEADER = Pattern.compile("(title|link|what|spec|arithmetic|decimals|settings) +(.+)");
  private static final Pattern BLOCK = Pattern.compile("([@!]) ((?:\\d{3}|beyond)-[a-z0-9.-]+): (.+)");
  private static final Pattern ARITHMETIC = Pattern.compile("(double|float32)(?:, (\\d+) roundings)?");

  /** Numbers that belong together. */
  record Block(String id, String label, List<PrintedNumber> numbers) {}

  /** A number that is wrong. */
  record Wrong(String id, String label, PrintedNumber printed, PrintedNumber correct, String why) {}

  private final String name;
  private final Function<String, Ledger.Entry> ledger;
  private final Map<String, List<String>> header = new LinkedHashMap<>();
  private final Map<String, Block> blocks = new LinkedHashMap<>();
  private final Map<String, Wrong> wrong = new LinkedHashMap<>();
  private final double relative;

  private PublishedSource(String name, String text, Function<String, Ledger.Entry> ledger) {
    this.name = name;
    this.ledger = ledger;
    Block block = null;
    String[] error = null;
    Map<String, String> fields = new LinkedHashMap<>();
    for (String line : (text + "\n! 000-0: end").split("\n")) {
      Matcher start = BLOCK.matcher(line), head = HEADER.matcher(line);
      if (start.matches()) {
        if (error != null) addWrong(error[0], error[1], fields);
        boolean right = start.group(1).equals("@");
        block = right ? new Block(start.group(2), start.group(3), new ArrayList<>()) : null;
        error = right ? null : new String[] {start.group(2), start.group(3)};
        if (right && blocks.put(block.label, block) != null) throw bad("two blocks are called " + block.label);
      } else if (error != null && line.matches("(printed|correct|why) +.+")) {
        fields.merge(line.split(" +", 2)[0], line.split(" +", 2)[1], (a, b) -> a + " " + b);
      } else if (block == null && error == null && head.matches()) {
        header.computeIfAbsent(head.group(1), k -> new ArrayList<>()).add(head.group(2));
      } else if (block != null && !line.isBlank() && !line.startsWith("//")) {
        for (String number : line.strip().split("\\s+")) block.numbers.add(printed(number));
      } else if (!line.isBlank() && !line.startsWith("//")) {
        throw bad("expected a header, a block or a number, found: " + line);
      }
    }
    for (String key : List.of("title", "link", "what", "spec", "arithmetic")) {
      if (!header.containsKey(key)) throw bad("no line starts with " + key);
    }
    Matcher m = ARITHMETIC.matcher(first("arithmetic"));
    if (!m.matches()) throw bad("unknown arithmetic: " + first("arithmetic"));
    double rounding = m.group(1).equals("double") ? 0x1p-53 : 0x1p-24;
    relative = m.group(2) == null ? 0 : Integer.parseInt(m.group(2)) * rounding;
  }

  private void addWrong(String id, String label, Map<String, String> fields) {
    if (fields.size() != 3) throw bad(label + ": expected the lines printed, correct, why, found " + fields.keySet());
    wrong.put(label, new Wrong(id, label, printed(fields.get("printed")), printed(fields.get("correct")),
        fields.get("why")));
    fields.clear();
  }

  private PrintedNumber printed(String number) {
    return new PrintedNumber(number, header.containsKey("decimals") ? Integer.parseInt(first("decimals")) : 0);
  }

  private IllegalArgumentException bad(String what) {
    return new IllegalArgumentException(name + ".txt: " + what);
  }

  static PublishedSource load(String name) {
    try (InputStream in = PublishedSource.class.getResourceAsStream(name + ".txt")) {
      return new PublishedSource(name, new String(in.readAllBytes(), StandardCharsets.UTF_8), Ledger::of);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns a source that is not counted on the ledger. */
  static PublishedSource parse(String name, String text) {
    return new PublishedSource(name, text, Ledger::scratch);
  }

  String name() {
    return name;
  }

  /** Returns the lines of the header with this key. */
  List<String> lines(String key) {
    return header.getOrDefault(key, List.of());
  }

  String first(String key) {
    return header.get(key).get(0);
  }

  List<Block> blocks() {
    return List.copyOf(blocks.values());
  }

  List<Wrong> wrong() {
    return List.copyOf(wrong.values());
  }

  /** Returns how many numbers the source has, wrong ones included. */
  int count() {
    return blocks.values().stream().mapToInt(b -> b.numbers.size()).sum() + wrong.size();
  }

  /** Returns the numbers of a block as doubles, for use as inputs. */
  double[] values(String label) {
    return block(label).numbers.stream().mapToDouble(PrintedNumber::value).toArray();
  }

  private Block block(String label) {
    Block block = blocks.get(label);
    if (block == null) throw bad("no block is called " + label);
    return block;
  }

  private Wrong wrong(String label) {
    Wrong w = wrong.get(label);
    if (w == null) throw bad("no wrong number is called " + label);
    return w;
  }

  /** Checks that the computed numbers agree with a block's, and counts them on the ledger. */
  void reproduce(String label, double... computed) {
    Block block = block(label);
    if (computed.length != block.numbers.size()) {
      throw bad(label + " has " + block.numbers.size() + " numbers, " + computed.length + " were computed");
    }
    for (int i = 0; i < computed.length; i++) {
      PrintedNumber p = block.numbers.get(i);
      ledger.apply(block.id).published(
          name, p.error(computed[i]), bound(p), label, "number " + (i + 1), "printed " + p, "computed " + computed[i]);
    }
  }

  /** Returns ½ unit plus the roundings of the source's arithmetic, in units; 1e-9 is for the rounding of this bound. */
  private double bound(PrintedNumber p) {
    return (0.5 + relative * Math.abs(p.value()) / p.unit()) * (1 + 1e-9);
  }

  /**
   * Checks a wrong number: the computed one agrees with the correct one and not with the printed one.
   *
   * @param asPrinted the number that the mistake gives, which agrees with the printed one
   */
  void refute(String label, double computed, double asPrinted) {
    Wrong w = wrong(label);
    Ledger.Entry entry = ledger.apply(w.id);
    entry.published(name, w.correct.error(computed), bound(w.correct), label, "correct " + w.correct, computed);
    entry.holds(w.printed.error(computed) > bound(w.printed), label, "printed " + w.printed, computed);
    entry.holds(w.printed.error(asPrinted) <= bound(w.printed), label, "printed " + w.printed, asPrinted);
  }

  /** Checks a number that is wrong in its last digit because the source cuts the digits off instead of rounding. */
  void refuteCutOff(String label, double computed) {
    PrintedNumber printed = wrong(label).printed, cut = printed(printed + "...");
    if (cut.error(computed) > bound(cut)) throw new AssertionError(name + ", " + label + ": " + computed);
    refute(label, computed, printed.value());
  }
}
