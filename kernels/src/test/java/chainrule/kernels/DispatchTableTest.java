// SPDX-License-Identifier: MIT
package chainrule.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks the tables of matrix products in the README and the package documentation against {@link VectorMatmul}. */
class DispatchTableTest {
  private static final Pattern ROW = Pattern.compile("[|*] +([A-Z_]{4,}) .*");
  private static final Pattern EXAMPLE = Pattern.compile("(AB|AᵀB|ABᵀ) (\\d+)×(\\d+)×(\\d+)");

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "src/main/java/chainrule/kernels/package-info.java"})
  void eachExampleTakesTheRouteOfItsRowAndRowsAreInOrderOfPrecedence(String file) throws IOException {
    List<String> routes = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of(file))) {
      Matcher row = ROW.matcher(line.strip());
      if (!row.matches()) continue;
      String route = row.group(1);
      if (routes.isEmpty() || !route.equals(routes.get(routes.size() - 1))) routes.add(route);
      Matcher example = EXAMPLE.matcher(line);
      int examples = 0;
      for (; example.find(); examples++) {
        int m = Integer.parseInt(example.group(2)), n = Integer.parseInt(example.group(3));
        String taken = route.equals("TRANSPOSED") && Lanes.REGISTERS < 32 ? "PACKED" : route;
        assertEquals(taken, route(example.group(1), m, n, Integer.parseInt(example.group(4))), example.group());
      }
      assertTrue(examples > 0, "a row without an example: " + line);
    }
    List<String> expected = new ArrayList<>(List.of("SCALAR"));
    Arrays.stream(VectorMatmul.Route.values()).forEach(r -> expected.add(r.name()));
    assertEquals(expected, routes);
  }

  /** Returns the route of a product of contiguous matrices. */
  private static String route(String form, int m, int n, int k) {
    if (!VectorMatmul.isWorthLanes(m, n, k)) return "SCALAR";
    boolean transposedB = form.equals("ABᵀ");
    return VectorMatmul.route(m, n, k, form.equals("AᵀB"), transposedB ? k : n, transposedB, n).name();
  }
}
