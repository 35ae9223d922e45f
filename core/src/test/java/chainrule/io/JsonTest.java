// SPDX-License-Identifier: MIT
package chainrule.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.random.CounterRandom;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;

class JsonTest {

  // ---------------------------------------------------------------- round trips

  @Property
  void everyFiniteDoubleIsReadBackToTheBit(@ForAll long bits) {
    double d = Double.longBitsToDouble(bits);
    String text = Json.text(d);
    if (Double.isFinite(d)) assertEquals(bits, Double.doubleToRawLongBits((Double) Json.parse(text)), text);
    else assertEquals("null", text);
  }

  @Test
  void extremeDoublesAreReadBackToTheBit() {
    for (double d : new double[] {0.0, -0.0, Double.MIN_VALUE, -Double.MIN_VALUE, Double.MIN_NORMAL, Double.MAX_VALUE,
        -Double.MAX_VALUE, 1 / 3.0, 0.1, 1e22, 1e23, 0x1p53, 0x1p53 + 2, 2.2250738585072011e-308}) {
      assertEquals(Double.doubleToRawLongBits(d), Double.doubleToRawLongBits((Double) Json.parse(Json.text(d))),
          "" + d);
    }
  }

  @Property
  void everyStringIsReadBack(@ForAll("strings") String s) {
    String text = Json.text(s);
    assertEquals(s, Json.parse(text));
    String utf8 = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    assertEquals(s, Json.parse(utf8), "after encoding as UTF-8");
    assertTrue(text.chars().allMatch(c -> c >= 0x20), "control characters must be escaped: " + text);
  }

  @Provide
  Arbitrary<String> strings() {
    Arbitrary<Character> any = Arbitraries.chars().range((char) 0, Character.MAX_VALUE); // lone surrogates too
    Arbitrary<Character> odd = Arbitraries.of('"', '\\', '/', '\0', '\n', '\r', '\t', '\u007f', '\u2028', '\uD83D',
        '\uDE00', '\uFEFF', '\uFFFF');
    return Arbitraries.frequencyOf(Tuple.of(2, any), Tuple.of(1, odd)).list().ofMaxSize(12)
        .map(l -> l.stream().map(String::valueOf).reduce("", String::concat));
  }

  @Test
  void everyCharacterIsReadBack() {
    for (int c = 0; c <= Character.MAX_VALUE; c++) {
      String s = "a" + (char) c + "b";
      assertEquals(s, Json.parse(Json.text(s)));
    }
  }

  @Property
  void everyValueIsReadBackInOrder(@ForAll long seed) {
    Object value = value(new AtomicLong(), seed, 4);
    String text = Json.text(value);
    Object back = Json.parse(text);
    assertEquals(value, back);
    assertEquals(text, Json.text(back), "the order of names is kept");
  }

  private static Object value(AtomicLong at, long seed, int depth) {
    long bits = CounterRandom.bits(seed, 0, at.incrementAndGet());
    int size = (int) (bits >>> 8 & 3);
    switch ((int) (bits & 7) % (depth == 0 ? 5 : 8)) {
      case 0: return null;
      case 1: return bits < 0;
      case 2: return (double) (bits >> 11) * 0x1p-30;
      case 3: return (double) (bits >> 60);
      case 4: return new String(new char[] {(char) (bits >> 8), (char) (bits >> 24 & 127), '"'}, 0, size);
      case 5:
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < size; i++) list.add(value(at, seed, depth - 1));
        return list;
      default:
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) map.put("zyx\n\u0000".substring(i) + i, value(at, seed, depth - 1));
        return map;
    }
  }

  @Test
  void knownValuesAreWritten() {
    Map<String, Object> m = new LinkedHashMap<>();
    m.put("a", 1);
    m.put("b", List.of(1.5, "x\"y\\z\n", true));
    m.put("", null);
    m.put("e", Map.of());
    m.put("l", Arrays.asList(List.of(), List.of(List.of()), null));
    m.put("steps", 1L << 53);
    m.put("nan", Double.NaN);
    m.put("inf", Double.NEGATIVE_INFINITY);
    assertEquals("{\"a\":1,\"b\":[1.5,\"x\\\"y\\\\z\\u000a\",true],\"\":null,\"e\":{},\"l\":[[],[[]],null],"
        + "\"steps\":9007199254740992,\"nan\":null,\"inf\":null}", Json.text(m));
    assertEquals("\"\\ud83d\\ude00é\u007f\"", Json.text("\uD83D\uDE00é\u007f"));
    assertEquals("\"\\u001f !\"", Json.text("\u001f !"), "a space is not escaped");
  }

  @Test
  void knownTextsAreParsed() {
    assertEquals(Map.of("a", List.of(1.0, -0.5, 1200.0, 0.0)), Json.parse(" {\t\"a\" :\r\n[1, -0.5 ,1.2E+3,0e-9] } "));
    assertEquals("\"\\/\b\f\n\r\té\uD83D\uDE00", Json.parse("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00E9\\ud83D\\uDe00\""));
    assertEquals(List.of("", true, false), Json.parse("[\"\",true,false]"));
    assertNull(Json.parse("null"));
    assertEquals(0.0, Json.parse("1e-999"));
    assertEquals(5.0, Json.parse("5"));
  }

  @Test
  void whitespaceIsAllowedBetweenTokens() {
    String[] tokens = {"{", "\"a\"", ":", "[", "]", ",", "\"b\"", ":", "{", "}", ",", "\"c\"", ":", "[", "true", ",",
        "2", "]", "}"};
    Map<String, Object> value = Map.of("a", List.of(), "b", Map.of(), "c", List.of(true, 2.0));
    for (String space : new String[] {"", " ", "\t", "\r\n", " \n\t "}) {
      assertEquals(value, Json.parse(space + String.join(space, tokens) + space));
    }
  }

  // ---------------------------------------------------------------- invalid JSON

  @Test
  void errorMessagesGiveThePosition() {
    refused("not JSON: expected a value at character 1", "");
    refused("not JSON: expected a value at character 3", "  ");
    refused("not JSON: expected a value at character 2", "[");
    refused("not JSON: expected a value at character 4", "[1,");
    refused("not JSON: expected a value at character 4", "[1,]");
    refused("not JSON: expected a comma or ] at character 4", "[1 2]");
    refused("not JSON: expected a name in quotes at character 2", "{a:1}");
    refused("not JSON: expected a name in quotes at character 8", "{\"a\":1,}");
    refused("not JSON: expected a colon at character 6", "{\"a\" 1}");
    refused("not JSON: expected a value at character 6", "{\"a\":}");
    refused("not JSON: expected a comma or } at character 7", "{\"a\":1");
    refused("not JSON: expected the end of the text at character 3", "1 1");
    refused("not JSON: expected the end of the text at character 5", "nullx");
    refused("not JSON: expected a value at character 1", "nul");
    refused("not JSON: expected the end of a string at character 3", "\"a");
    refused("not JSON: expected the end of a string at character 3", "\"a\nb\"");
    refused("not JSON: expected the end of a string at character 2", "\"\0\"");
    refused("not JSON: expected an escape sequence at character 3", "\"\\x\"");
    refused("not JSON: expected an escape sequence at character 3", "\"\\");
    refused("not JSON: expected four hexadecimal digits at character 3", "\"\\u12\"");
    refused("not JSON: expected four hexadecimal digits at character 3", "\"\\u00e\uFF11\"");
    for (String cut : new String[] {"", "0", "00", "00e"}) { // the text ends inside the escape sequence
      refused("not JSON: expected four hexadecimal digits at character 3", "\"\\u" + cut);
    }
    refused("duplicate name in JSON at character 8", "{\"a\":1,\"a\":2}");
    refused("duplicate name in JSON at character 11", "{\"a\":null,\"a\":null}");
    for (String number : new String[] {"+1", "01", "-01", ".5", "1.", "-", "1e", "1e+", "--1", "1.e5", "0x1", "1_0",
        "NaN",
        "Infinity", "-Infinity", "1e999", "-1e309", "\u0661"}) {
      assertTrue(assertThrows(IllegalArgumentException.class, () -> Json.parse(number)).getMessage()
          .matches("not JSON: expected (a value|the end of the text) at character \\d"), number);
    }
    refused("not JSON: expected a value at character 4", "[0,1e999]");
    refused("not JSON: expected a value at character 1", "\uFEFF{}");
  }

  private static void refused(String message, String text) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, () -> Json.parse(text)).getMessage(), text);
  }

  @Test
  void nestingIsLimitedForReadingAndWriting() {
    Object deepest = 1.0;
    for (int i = 0; i < 32; i++) deepest = i % 2 == 0 ? List.of(deepest) : Map.of("a", deepest);
    assertEquals(deepest, Json.parse(Json.text(deepest)));
    Object deeper = List.of(deepest);
    assertThrows(IllegalArgumentException.class, () -> Json.text(deeper));
    refused("JSON nested deeper than 32 levels at character 34", "[".repeat(34) + "]".repeat(34));
    refused("JSON nested deeper than 32 levels at character 34", "[".repeat(1_000_000));
    refused("JSON nested deeper than 32 levels at character 166", "{\"a\":".repeat(1_000_000));
    List<Object> cycle = new ArrayList<>();
    cycle.add(cycle);
    assertThrows(IllegalArgumentException.class, () -> Json.text(cycle));
  }

  @Test
  void objectsWithoutAJsonFormAreRefused() {
    for (Object o : new Object[] {new Object(), 'c', new int[0], Map.of(1, 2), Float.NaN,
        List.of(new StringBuilder())}) {
      assertThrows(IllegalArgumentException.class, () -> Json.text(o), o.getClass().getName());
    }
  }

  @Test
  void longTextsAreParsedInLinearTime() {
    String numbers = "[" + "9".repeat(2_000_000) + "e-2000000]", text = "\"" + "\\n".repeat(2_000_000) + "\"";
    assertEquals(1.0, (Double) ((List<?>) Json.parse(numbers)).get(0), 1e-12);
    assertEquals(2_000_000, ((String) Json.parse(text)).length());
  }
}
