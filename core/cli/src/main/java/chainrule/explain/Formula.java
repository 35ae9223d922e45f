// SPDX-License-Identifier: MIT
package chainrule.explain;

import java.util.Map;

/**
 * A formula of the library, with the fields of a block in {@code formulas.txt}.
 *
 * @param fields the values by key; optional fields are absent
 */
public record Formula(Map<String, String> fields) {
  public Formula {
    fields = Map.copyOf(fields);
  }

  /** Returns a field; empty if the formula lacks it. */
  public String field(String key) {
    return fields.getOrDefault(key, "");
  }

  /** The key of the formula: the number of its document, or "beyond", a hyphen and a short name. */
  public String id() {
    return field("id");
  }

  /** What the field calls it. */
  public String name() {
    return field("name");
  }

  /** The member that implements it: {@code Sigmoid#value}. */
  public String home() {
    return field("home");
  }

  /** Where the member is declared: {@code core/…/Sigmoid.java:23}. */
  public String source() {
    return field("source");
  }

  @Override public String toString() {
    return id() + " " + name();
  }
}
