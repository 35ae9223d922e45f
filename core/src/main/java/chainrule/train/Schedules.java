// SPDX-License-Identifier: MIT
package chainrule.train;

import chainrule.text.NamedNumbers;
import java.util.List;

/**
 * The built-in schedules as text, a name and optional parameters: {@code step:every=30,by=0.1},
 * {@code cosine:floor=0.01,warmup=5}. Each accepts {@code warmup}, in epochs. Defaults: every=10, by=0.5, floor=0,
 * warmup=0.
 */
public final class Schedules {
  private static final List<String> NAMES = List.of("constant", "step", "cosine");

  private Schedules() {}

  /** {@return all names} */
  public static List<String> names() {
    return NAMES;
  }

  /**
   * {@return the schedule that a text describes}
   *
   * @param spec a name and optional parameters, such as {@code step:every=30,by=0.1}
   * @throws IllegalArgumentException for an unknown name or parameter, listing the known ones
   */
  public static Schedule parse(String spec) {
    NamedNumbers p = NamedNumbers.parse(spec);
    Schedule schedule = switch (p.name()) {
      case "constant" -> new ConstantRate();
      case "step" -> new StepDecay(p.wholeNumber("every", 10), p.number("by", 0.5));
      case "cosine" -> new CosineDecay(p.number("floor", 0));
      default -> throw new IllegalArgumentException(
          "no schedule '" + p.name() + "'; expected one of " + String.join(", ", NAMES));
    };
    int warmup = p.wholeNumber("warmup", 0);
    p.refuseUnknown("none");
    return warmup == 0 ? schedule : new WarmUp(warmup, schedule);
  }
}
