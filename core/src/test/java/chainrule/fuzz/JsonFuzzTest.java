// SPDX-License-Identifier: MIT
package chainrule.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chainrule.io.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Fuzzes JSON: the result is a value that survives a round trip, or an error with a position in the text. */
class JsonFuzzTest {
  private static final String[] SEEDS =
      {"{\"a\":[1,-2.5e-3,true,false,null],\"b\":{\"c\":\"x\\u00e9\\n\\\"\"},\"d\":[]}",
      "[[[[[[[[1]]]]]]]]", "\"text\\\\\"",
          "{\"epochs\":[{\"train_loss\":0.5,\"rate\":0.001},{\"train_loss\":0.25,\"rate\":0.001}],\"slots\":2}",
          "[0,0.0,-0,1e5]"};

  @Test
  void anyTextIsParsedOrRefusedWithAPosition() throws InterruptedException {
    FuzzRunner.run("JsonFuzzTest", 12_000, 11, new FuzzRunner.Subject<String>() {
      @Override public String make(FuzzRandom c) {
        if (c.oneIn(20)) return new String(c.bytes(c.fewBelow(60)), StandardCharsets.ISO_8859_1);
        if (c.oneIn(40)) return c.of("[", "{\"a\":", "[[", "\"\\u", "-", "1e").repeat(c.below(3_000));
        return Mutation.text(c, c.of(SEEDS));
      }

      @Override public long limit(String text) {
        return 20_000 + 1_000L * text.length();
      }

      @Override public String use(String text) {
        Object value;
        try {
          value = Json.parse(text);
        } catch (IllegalArgumentException e) {
          int position = Integer.parseInt(e.getMessage().substring(e.getMessage().lastIndexOf(' ') + 1));
          if (position < 1 || position > text.length() + 1) throw new AssertionError(e.getMessage());
          return e.getMessage();
        }
        String again = Json.text(value);
        assertEquals(value, Json.parse(again));
        assertEquals(again, Json.text(Json.parse(again)));
        return "";
      }
    });
  }
}
