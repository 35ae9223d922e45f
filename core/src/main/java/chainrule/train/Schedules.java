package chainrule.train;

import chainrule.text.NamedNumbers;
import java.util.List;

/**
 * The schedules that come with Chainrule, by name, with their parameters as text: {@code step:every=30,by=0.1}, {@code
 * cosine:floor=0.01,warmup=5}. Each takes {@code warmup}.
 */
public final class Schedules {
  private static final List<String> NAMES = List.of("constant", "step", "cosine");

  private Schedules() {}

  /** All names. */
  public static List<String> names() {
    return NAMES;
  }

  /**
   * The schedule that {@code spec} describes.
   * @throws IllegalArgumentException naming what is not known, and what is
   */
  public static Schedule parse(String spec) {
    NamedNumbers p = NamedNumbers.parse(spec);
    Schedule schedule = switch (p.name()) {
      case "constant" -> new ConstantRate();
      case "step" -> new StepDecay(p.wholeNumber("every", 10), p.number("by", 0.5));
      case "cosine" -> new CosineDecay(p.number("floor", 0));
      default -> throw new IllegalArgumentException("no schedule '" + p.name() + "'; there are " + String.join(", ", NAMES));
    };
    int warmup = p.wholeNumber("warmup", 0);
    p.refuseUnknown("none");
    return warmup == 0 ? schedule : new WarmUp(warmup, schedule);
  }
}
