package chainrule.io;

import chainrule.data.DataException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A JSON object in a file, read field by field: what is missing or of another kind is an error that names its place. */
final class Fields {
  private final Path file;
  private final String place;
  private final Map<?, ?> map;

  private Fields(Path file, String place, Object value) {
    this.file = file;
    this.place = place;
    if (!(value instanceof Map<?, ?> m)) throw new DataException(file + ": " + place + ": expected a JSON object");
    this.map = m;
  }

  static Fields parse(Path file, String place, String text) {
    try {
      return new Fields(file, place, Json.parse(text));
    } catch (IllegalArgumentException e) {
      throw new DataException(file + ": " + place + ": " + e.getMessage());
    }
  }

  DataException error(String name, String expected) {
    String got = map.containsKey(name) ? "something else" : "nothing";
    return new DataException(file + ": " + place + ": expected " + expected + " at '" + name + "', got " + got);
  }

  boolean has(String name) {
    return map.containsKey(name);
  }

  String text(String name) {
    if (map.get(name) instanceof String s) return s;
    throw error(name, "a text");
  }

  double number(String name) {
    if (map.get(name) instanceof Double d) return d;
    throw error(name, "a number");
  }

  /** A number, or the text that stands for one that JSON has not. */
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

  /** Up to 2^53, as far as JSON's numbers are exact. */
  long longWhole(String name) {
    return whole(name, map.get(name), 1L << 53);
  }

  private long whole(String name, Object value, long most) {
    if (value instanceof Double d && d >= 0 && d <= most && d == Math.rint(d)) return d.longValue();
    throw error(name, "a whole number from 0 on");
  }

  Fields fields(String name) {
    return new Fields(file, place + ", " + name, map.get(name));
  }

  private List<?> values(String name) {
    if (map.get(name) instanceof List<?> list) return list;
    throw error(name, "a list");
  }

  List<Fields> list(String name) {
    List<Fields> list = new ArrayList<>();
    for (Object o : values(name)) list.add(new Fields(file, place + ", " + name + " " + list.size(), o));
    return list;
  }

  List<String> textList(String name) {
    List<String> list = new ArrayList<>();
    for (Object o : values(name)) {
      if (!(o instanceof String s)) throw error(name, "a list of texts");
      list.add(s);
    }
    return List.copyOf(list);
  }

  int[] wholeList(String name) {
    List<?> values = values(name);
    int[] list = new int[values.size()];
    for (int i = 0; i < list.length; i++) list[i] = (int) whole(name, values.get(i), Integer.MAX_VALUE);
    return list;
  }

  /** All fields, which are texts. */
  Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    for (Object name : map.keySet()) texts.put((String) name, text((String) name));
    return texts;
  }
}
