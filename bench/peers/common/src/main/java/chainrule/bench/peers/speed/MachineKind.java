// SPDX-License-Identifier: MIT
package chainrule.bench.peers.speed;

import chainrule.kernels.Kernels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What a machine must share with another one so that their figures can be compared.
 *
 * @param maker AMD, Intel, or the architecture of another processor
 * @param family the microarchitecture, such as Zen 4
 * @param lanes the bits of a vector, or 0 for the scalar kernels
 * @param cores the number of processors of the JVM
 * @param jdk the feature version of Java
 */
record MachineKind(String maker, String family, int lanes, int cores, int jdk) {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  /** Returns the kind of this machine. */
  static MachineKind detect() {
    List<String> info;
    try {
      info = Files.exists(CPU_INFO) ? Files.readAllLines(CPU_INFO) : List.of();
    } catch (IOException e) {
      info = List.of();
    }
    String digits = Kernels.best().name().replaceAll("\\D", "");
    return of(info, System.getProperty("os.arch"), digits.isEmpty() ? 0 : Integer.parseInt(digits),
        Runtime.getRuntime().availableProcessors(), Runtime.version().feature());
  }

  /** Returns the kind of a machine with these lines in {@code /proc/cpuinfo}. */
  static MachineKind of(List<String> cpuInfo, String architecture, int lanes, int cores, int jdk) {
    String vendor = value(cpuInfo, "vendor_id");
    int family = number(value(cpuInfo, "cpu family")), model = number(value(cpuInfo, "model"));
    return switch (vendor) {
      case "AuthenticAMD" -> new MachineKind("AMD", amd(family, model), lanes, cores, jdk);
      case "GenuineIntel" -> new MachineKind("Intel", intel(family, model), lanes, cores, jdk);
      default -> new MachineKind(architecture, "unknown", lanes, cores, jdk);
    };
  }

  private static String value(List<String> cpuInfo, String key) {
    return cpuInfo.stream().filter(line -> line.replaceFirst("\\s*:.*", "").equals(key)).findFirst()
        .map(line -> line.replaceFirst("[^:]*:\\s*", "")).orElse("");
  }

  private static int number(String digits) {
    return digits.matches("\\d{1,9}") ? Integer.parseInt(digits) : -1;
  }

  private static String amd(int family, int model) {
    return switch (family) {
      case 23 -> model < 0x30 ? "Zen" : "Zen 2";
      case 25 -> model / 16 == 1 || model / 16 == 6 || model / 16 == 7 || model / 16 == 10 ? "Zen 4" : "Zen 3";
      case 26 -> "Zen 5";
      default -> "family " + family;
    };
  }

  private static String intel(int family, int model) {
    if (family != 6) return "family " + family;
    return switch (model) {
      case 0x55 -> "Skylake";
      case 0x6A, 0x6C -> "Ice Lake";
      case 0x8F -> "Sapphire Rapids";
      case 0xCF -> "Emerald Rapids";
      case 0xAD, 0xAE -> "Granite Rapids";
      default -> "family 6 model " + model;
    };
  }

  /** Returns the name of the stored run of this kind, without its ending, such as amd-zen4-512-2cores-jdk17. */
  String id() {
    String processor = (maker + "-" + family.replace(" ", "")).toLowerCase(Locale.ROOT);
    return processor + "-" + (lanes == 0 ? "scalar" : lanes) + "-" + cores + "cores-jdk" + jdk;
  }

  @Override public String toString() {
    return maker + " " + family + ", " + (lanes == 0 ? "scalar kernels" : lanes + "-bit lanes") + ", " + cores
        + (cores == 1 ? " core, JDK " : " cores, JDK ") + jdk;
  }
}
