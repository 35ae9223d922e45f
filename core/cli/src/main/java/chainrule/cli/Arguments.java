package chainrule.cli;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A command line, taken apart: words, and options with their values. Every value is read here, with a clear error. */
final class Arguments {
  private final List<String> words = new ArrayList<>();
  private final Map<Option, String> options = new EnumMap<>(Option.class);

  /** What stands behind a command; options that it does not take are refused. */
  static Arguments parse(Command command, List<String> args) {
    Arguments a = new Arguments();
    for (int i = 0; i < args.size(); i++) {
      String arg = args.get(i);
      if (!arg.startsWith("--")) {
        if (arg.startsWith("-") && arg.length() > 1) throw unknown(command, arg);
        a.words.add(arg);
        continue;
      }
      int equals = arg.indexOf('=');
      String flag = equals < 0 ? arg : arg.substring(0, equals);
      Option option = byFlag(command, flag);
      if (a.options.containsKey(option)) throw new UsageException(flag + " is given twice; give it once");
      if (!option.takesValue()) {
        if (equals >= 0) throw new UsageException(flag + " takes no value, got '" + arg.substring(equals + 1) + "'");
        a.options.put(option, "");
      } else if (equals >= 0) {
        a.options.put(option, arg.substring(equals + 1));
      } else if (i + 1 < args.size() && !args.get(i + 1).startsWith("--")) {
        a.options.put(option, args.get(++i));
      } else {
        throw new UsageException(flag + " needs a value: " + flag + " " + option.value);
      }
    }
    return a;
  }

  private static Option byFlag(Command command, String flag) {
    for (Option o : Option.values()) {
      if (!o.flag.equals(flag)) continue;
      if (command.options.contains(o)) return o;
      throw new UsageException(flag + " does not go with " + command.word() + "; leave it out ('./chainrule help "
          + command.word() + "' lists what does)");
    }
    throw unknown(command, flag);
  }

  private static UsageException unknown(Command command, String flag) {
    List<String> known = command.options.stream().map(o -> o.flag).toList();
    return new UsageException(
        "no option " + flag + SpellingHint.hint(flag, known) + " ('./chainrule help " + command.word() + "' lists them)");
  }

  List<String> words() {
    return words;
  }

  /** The words, which must be so many: {@code names} says what each is. */
  List<String> words(Command command, String... names) {
    if (words.size() > names.length) {
      throw new UsageException(command.word() + " takes " + (names.length == 0 ? "nothing" : String.join(" and ", names))
          + ", got also '" + words.get(names.length) + "'");
    }
    if (words.size() < names.length) {
      throw new UsageException(command.word() + " needs " + names[words.size()] + ": ./chainrule " + command.usage);
    }
    return words;
  }

  boolean has(Option option) {
    return options.containsKey(option);
  }

  Optional<String> text(Option option) {
    return Optional.ofNullable(options.get(option));
  }

  /** A whole number from least to most. */
  long whole(Option option, long otherwise, long least, long most) {
    String s = options.get(option);
    if (s == null) return otherwise;
    try {
      long value = Long.parseLong(s.strip());
      if (value >= least && value <= most) return value;
    } catch (NumberFormatException e) {
      // answered below, like a number out of range
    }
    String range = least == Long.MIN_VALUE ? "" : most >= Integer.MAX_VALUE ? " from " + least + " on"
        : " from " + least + " to " + most;
    throw new UsageException(option.flag + ": expected a whole number" + range + ", got '" + s + "'");
  }

  /** A number with least &lt; value, or least ≤ value where {@code orEqual}, and value &lt; limit. */
  double number(Option option, double otherwise, double least, boolean orEqual, double limit) {
    String s = options.get(option);
    if (s == null) return otherwise;
    try {
      double value = Double.parseDouble(s.strip());
      if ((orEqual ? value >= least : value > least) && value < limit) return value;
    } catch (NumberFormatException e) {
      // answered below, like a number out of range
    }
    boolean limited = limit < Double.POSITIVE_INFINITY;
    throw new UsageException(option.flag + ": expected a number " + (orEqual ? "from " : "above ") + plain(least)
        + (limited ? " and below " + plain(limit) : orEqual ? " on" : "") + ", got '" + s + "'");
  }

  private static String plain(double v) {
    return v == Math.rint(v) ? Long.toString((long) v) : Double.toString(v);
  }
}
