// SPDX-License-Identifier: MIT
package chainrule.cli;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A parsed command line: operands, and options with their values. The methods that convert a value check its range and
 * name the option in their error message.
 */
final class Arguments {
  private final List<String> operands = new ArrayList<>();
  private final Map<Option, String> options = new EnumMap<>(Option.class);

  /** Parses what follows a command. Options that the command does not take are refused. */
  static Arguments parse(Command command, List<String> args) {
    Arguments a = new Arguments();
    for (int i = 0; i < args.size(); i++) {
      String arg = args.get(i);
      if (!arg.startsWith("--")) {
        if (arg.startsWith("-") && arg.length() > 1) throw unknown(command, arg);
        a.operands.add(arg);
        continue;
      }
      int equals = arg.indexOf('=');
      String flag = equals < 0 ? arg : arg.substring(0, equals);
      Option option = byFlag(command, flag);
      if (a.options.containsKey(option)) throw new UsageException(flag + " is given twice; give it once");
      if (!option.takesValue()) {
        if (equals >= 0) throw new UsageException(flag + " takes no value, found '" + arg.substring(equals + 1) + "'");
        a.options.put(option, "");
      } else if (equals >= 0) {
        a.options.put(option, arg.substring(equals + 1));
      } else if (option.hasOptionalValue()) {
        boolean given = i + 1 < args.size() && args.get(i + 1).matches("\\d+");
        a.options.put(option, given ? args.get(++i) : "");
      } else if (i + 1 < args.size() && !args.get(i + 1).startsWith("--")) {
        a.options.put(option, args.get(++i));
      } else {
        throw new UsageException(flag + " requires a value: " + flag + " " + option.placeholder(command));
      }
    }
    return a;
  }

  private static Option byFlag(Command command, String flag) {
    for (Option o : Option.values()) {
      if (!o.flag.equals(flag)) continue;
      if (command.options.contains(o)) return o;
      throw new UsageException(flag + " does not apply to " + command.word() + "; remove it ('./chainrule help "
          + command.word() + "' lists its options)");
    }
    throw unknown(command, flag);
  }

  private static UsageException unknown(Command command, String flag) {
    List<String> known = command.options.stream().map(o -> o.flag).toList();
    return new UsageException("unknown option " + flag + SpellingHint.of(flag, known) + " ('./chainrule help "
        + command.word() + "' lists all options)");
  }

  /** Returns a copy in which these options have these values. */
  Arguments with(Map<Option, String> values) {
    Arguments a = new Arguments();
    a.operands.addAll(operands);
    a.options.putAll(options);
    a.options.putAll(values);
    return a;
  }

  /** Returns a copy without this option. */
  Arguments without(Option option) {
    Arguments a = with(Map.of());
    a.options.remove(option);
    return a;
  }

  /** Returns the words that {@link #parse} reads to the same arguments, with the options that a command takes. */
  List<String> words(Command command) {
    List<String> words = new ArrayList<>(operands);
    options.forEach((option, value) -> {
      if (command.options.contains(option)) words.add(option.takesValue() ? option.flag + "=" + value : option.flag);
    });
    return words;
  }

  List<String> operands() {
    return operands;
  }

  /** Returns the operands and checks their number; {@code names} describes each of them. */
  List<String> operands(Command command, String... names) {
    if (operands.size() > names.length) {
      throw unexpectedOperand(command, names.length == 0 ? "no arguments" : String.join(" and ", names), names.length);
    }
    if (operands.size() < names.length) {
      throw new UsageException(
          command.word() + " requires " + names[operands.size()] + ": ./chainrule " + command.usage);
    }
    return operands;
  }

  UsageException unexpectedOperand(Command command, String takes, int index) {
    return new UsageException(
        command.word() + " takes " + takes + "; unexpected argument '" + operands.get(index) + "'");
  }

  Set<Option> options() {
    return options.keySet();
  }

  boolean has(Option option) {
    return options.containsKey(option);
  }

  Optional<String> value(Option option) {
    return Optional.ofNullable(options.get(option));
  }

  /** Refuses options that do not apply to a kind of data. */
  void refuse(String kind, Option... inapplicable) {
    for (Option o : inapplicable) {
      if (has(o)) throw new UsageException(o.flag + " does not apply to " + kind + "; remove it");
    }
  }

  /** Returns an integer from {@code least} to {@code most}, or {@code otherwise} if the option is not given. */
  long integer(Option option, long otherwise, long least, long most) {
    String s = options.get(option);
    if (s == null) return otherwise;
    try {
      long value = Long.parseLong(s.strip());
      if (value >= least && value <= most) return value;
    } catch (NumberFormatException e) {
      // reported below, like a number out of range
    }
    String range = least == Long.MIN_VALUE ? "" : most >= Integer.MAX_VALUE ? " ≥ " + least
        : " from " + least + " to " + most;
    throw new UsageException(option.flag + ": expected an integer" + range + ", found '" + s + "'");
  }

  /**
   * Returns a number, or {@code otherwise} if the option is not given. The number must be &gt; {@code least} (≥ where
   * {@code orEqual}) and &lt; {@code limit}.
   */
  double number(Option option, double otherwise, double least, boolean orEqual, double limit) {
    String s = options.get(option);
    if (s == null) return otherwise;
    try {
      double value = Double.parseDouble(s.strip());
      if ((orEqual ? value >= least : value > least) && value < limit) return value;
    } catch (NumberFormatException e) {
      // reported below, like a number out of range
    }
    throw new UsageException(option.flag + ": expected a number " + (orEqual ? "≥ " : "> ") + shortest(least)
        + (limit < Double.POSITIVE_INFINITY ? " and < " + shortest(limit) : "") + ", found '" + s + "'");
  }

  private static String shortest(double v) {
    return v == Math.rint(v) ? Long.toString((long) v) : Double.toString(v);
  }
}
