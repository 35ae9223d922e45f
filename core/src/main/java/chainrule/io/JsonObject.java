// SPDX-License-Identifier: MIT
package chainrule.io;

import chainrule.data.DataException;
import chainrule.text.Excerpt;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A JSON object in a file, read field by field. A missing field or one of another type is an error that names its
 * place.
 */
final class JsonObject {

  private final String file;
  private final String place;
  private final Map<?, ?> map;

  private JsonObject(String file, String place, Object value) {
    this.file = file;
    this.place = place;
    if (!(value instanceof Map<?, ?> m)) throw new DataException(file + ": " + place + ": expected a JSON object");
    this.map = m;
  }

  static JsonObject parse(String file, String place, String json) {
    try {
      return new JsonObject(file, place, Json.parse(json));
    } catch (IllegalArgumentException e) {
      throw new DataException(file + ": " + place + ": " + e.getMessage());
    }
  }

  DataException error(String name, String expected) {
    return new DataException(file + ": " + place + ": '" + name + "': expected " + expected + ", found " + found(name));
  }

  private String found(String name) {
    Object value = map.get(name);
    if (value == null) return map.containsKey(name) ? "null" : "nothing";
    if (value instanceof Map) return "an object";
    if (value instanceof List) return "a list";
    if (value instanceof Double d && d == d.longValue()) return Long.toString(d.longValue());
    return value instanceof String s ? "'" + Excerpt.of(s) + "'" : value.toString();
  }

  boolean has(String name) {
    return map.containsKey(name);
  }

  String string(String name) {
    if (map.get(name) instanceof String s) return s;
    throw error(name, "a string");
  }

  double number(String name) {
    if (map.get(name) instanceof Double d) return d;
    throw error(name, "a number");
  }

  /** Returns a number, or NaN or ∞ from the string that represents it, which JSON does not allow. */
  double anyNumber(String name) {
    if (!(map.get(name) instanceof String s)) return number(name);
    return switch (s) {
      case "NaN" -> Double.NaN;
      case "Infinity" -> Double.POSITIVE_INFINITY;
      case "-Infinity" -> Double.NEGATIVE_INFINITY;
      default -> throw error(name, "a number");
    };
  }

  int whole(String name) {
    return (int) whole(name, map.get(name), Integer.MAX_VALUE);
  }

  /** Returns a whole number up to 2^53, the range in which JSON's numbers are exact. */
  long longWhole(String name) {
    return whole(name, map.get(name), 1L << 53);
  }

  private long whole(String name, Object value, long most) {
    if (value instanceof Double d && d >= 0 && d <= most && d == Math.rint(d)) return d.longValue();
    throw error(name, "a whole number ≥ 0");
  }

  JsonObject object(String name) {
    return new JsonObject(file, place + ", " + name, map.get(name));
  }

  private List<?> values(String name) {
    if (map.get(name) instanceof List<?> list) return list;
    throw error(name, "a list");
  }

  List<JsonObject> objects(String name) {
    List<JsonObject> list = new ArrayList<>();
    for (Object o : values(name)) list.add(new JsonObject(file, place + ", " + name + " " + list.size(), o));
    return list;
  }

  List<String> stringList(String name) {
    List<String> list = new ArrayList<>();
    for (Object o : values(name)) {
      if (!(o instanceof String s)) throw error(name, "a list of strings");
      list.add(s);
    }
    return List.copyOf(list);
  }

  List<List<String>> stringLists(String name) {
    List<List<String>> lists = new ArrayList<>();
    for (Object o : values(name)) {
      if (!(o instanceof List<?> inner) || !inner.stream().allMatch(String.class::isInstance)) {
        throw error(name, "a list of lists of strings");
      }
      lists.add(inner.stream().map(String.class::cast).toList());
    }
    return lists;
  }

  List<Double> numberList(String name) {
    List<Double> list = new ArrayList<>();
    for (Object o : values(name)) {
      if (!(o instanceof Double d)) throw error(name, "a list of numbers");
      list.add(d);
    }
    return List.copyOf(list);
  }

  boolean bool(String name) {
    if (map.get(name) instanceof Boolean b) return b;
    throw error(name, "true or false");
  }

  int[] wholeList(String name) {
    List<?> values = values(name);
    int[] list = new int[values.size()];
    for (int i = 0; i < list.length; i++) list[i] = (int) whole(name, values.get(i), Integer.MAX_VALUE);
    return list;
  }

  /** Returns all fields, which must be strings. */
  Map<String, String> strings() {
    Map<String, String> strings = new LinkedHashMap<>();
    for (Object name : map.keySet()) strings.put((String) name, string((String) name));
    return strings;
  }
}
