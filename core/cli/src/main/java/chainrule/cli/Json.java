package chainrule.cli;

import java.util.Locale;

/** One flat JSON object, field by field. */
final class Json {
  private final StringBuilder s = new StringBuilder("{");

  private Json field(String name, String value) {
    if (s.length() > 1) s.append(',');
    s.append('"').append(name).append("\":").append(value);
    return this;
  }

  Json put(String name, String value) {
    StringBuilder q = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') q.append('\\').append(c);
      else if (c < 0x20) q.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      else q.append(c);
    }
    return field(name, q.append('"').toString());
  }

  Json put(String name, long value) {
    return field(name, Long.toString(value));
  }

  /** JSON has no NaN and no ∞: they are null. */
  Json put(String name, double value) {
    return field(name, Double.isNaN(value) || Double.isInfinite(value) ? "null" : Double.toString(value));
  }

  @Override public String toString() {
    return s + "}";
  }
}
