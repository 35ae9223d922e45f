// SPDX-License-Identifier: MIT
package chainrule.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class SmokeTest {
  @Test void twoThreadsOfThisJvm() {
    try (LocalSession s = LocalSession.start()) {
      assertEquals(List.of(2, 4, 6), s.context().parallelize(List.of(1, 2, 3), 3).map(i -> 2 * i).collect());
      assertEquals(10, s.spark().range(10).count());
    }
  }

  @Test void twoExecutorsChooseTheKernelsOfThisJvm() {
    try (LocalCluster c = LocalCluster.start(2)) {
      String here = SparkKernels.get().name();
      assertEquals(List.of(here, here),
          c.context().parallelize(List.of(1, 2), 2).map(i -> SparkKernels.get().name()).collect());
    }
  }
}
