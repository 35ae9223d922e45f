// SPDX-License-Identifier: MIT
package chainrule.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The value of {@code --time}: seconds, minutes or hours from now; no limit without the option. */
final class TimeLimit {
  private static final Pattern TIME = Pattern.compile("(\\d{1,6})(s|m|h)");

  private final long start = System.nanoTime();
  private final long nanos; // Long.MAX_VALUE for no limit

  TimeLimit(Arguments a) {
    nanos = a.value(Option.TIME).map(TimeLimit::nanos).orElse(Long.MAX_VALUE);
  }

  private static long nanos(String value) {
    Matcher m = TIME.matcher(value.strip());
    if (m.matches() && Integer.parseInt(m.group(1)) > 0) {
      long unit = switch (m.group(2)) {
        case "s" -> 1_000_000_000L;
        case "m" -> 60_000_000_000L;
        default -> 3_600_000_000_000L;
      };
      return Integer.parseInt(m.group(1)) * unit;
    }
    throw new UsageException("--time: expected a time such as 90s, 10m or 2h, found '" + value + "'");
  }

  boolean isOver() {
    return nanos < Long.MAX_VALUE && System.nanoTime() - start >= nanos;
  }
}
