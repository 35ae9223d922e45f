// SPDX-License-Identifier: MIT
package chainrule.bench.peers.speed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MachineKindTest {
  private static MachineKind of(String vendor, int family, int model) {
    return MachineKind.of(List.of("processor\t: 0", "vendor_id\t: " + vendor, "cpu family\t: " + family,
        "model\t\t: " + model, "model name\t: any"), "amd64", 512, 2, 17);
  }

  @ParameterizedTest
  @CsvSource({"AuthenticAMD,25,17,AMD Zen 4", "AuthenticAMD,25,1,AMD Zen 3", "AuthenticAMD,26,2,AMD Zen 5",
      "AuthenticAMD,23,49,AMD Zen 2", "GenuineIntel,6,143,Intel Sapphire Rapids", "GenuineIntel,6,85,Intel Skylake",
      "GenuineIntel,6,1,Intel family 6 model 1"})
  void processorsAreKnownByTheirMicroarchitecture(String vendor, int family, int model, String expected) {
    MachineKind kind = of(vendor, family, model);
    assertEquals(expected, kind.maker() + " " + kind.family());
  }

  @Test void theStoredRunIsThatOfTheKind() {
    assertEquals("amd-zen4-512-2cores-jdk17", of("AuthenticAMD", 25, 17).id());
    assertEquals(Path.of("runs/amd-zen4-512-2cores-jdk17.tsv"),
        SpeedReport.storedRun(Path.of("runs"), of("AuthenticAMD", 25, 17).id()));
    assertEquals("aarch64-unknown-scalar-8cores-jdk25", MachineKind.of(List.of(), "aarch64", 0, 8, 25).id());
  }

  @Test void goalsForAMakerApplyToItsProcessors() {
    assertTrue(Goal.atLeast(1).on("Intel", of("GenuineIntel", 6, 143)).applies());
    assertFalse(Goal.atLeast(1).on("Intel", of("AuthenticAMD", 25, 17)).applies());
  }
}
