// SPDX-License-Identifier: MIT
package chainrule.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.Encoding;
import chainrule.nn.Network;
import chainrule.nn.activation.Linear;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The version in the code, in every pom and in the files that Chainrule writes. */
class VersionTest {
  @TempDir Path directory;

  @Test
  void theVersionIsThatOfEveryPom() throws IOException {
    Path root = Path.of("").toAbsolutePath().getParent();
    Pattern version = Pattern.compile("<artifactId>chainrule-parent</artifactId>\\s*<version>([^<]+)</version>");
    for (String pom : List.of("pom.xml", "kernels/pom.xml", "core/pom.xml", "core/cli/pom.xml", "spec-tests/pom.xml",
        "bench/pom.xml")) {
      Matcher m = version.matcher(Files.readString(root.resolve(pom)));
      assertTrue(m.find(), pom);
      assertEquals(m.group(1), Version.CURRENT, pom);
    }
  }

  @Test
  void modelsAndOnnxFilesNameTheirProducer() throws IOException {
    Model model = new Model(Network.input(1).dense(1, new Linear()).build(1), Encoding.plain(1, 1), Map.of());
    Path npz = directory.resolve("m.npz"), onnx = directory.resolve("m.onnx");
    model.write(npz);
    try (Npz.Reader r = Npz.Reader.open(npz)) {
      assertEquals("chainrule " + Version.CURRENT, ((Map<?, ?>) Json.parse(r.text("model.json", 1 << 20)))
          .get("producer"));
    }
    Onnx.write(model, onnx);
    ProtobufMessage m = new ProtobufMessage(Files.readAllBytes(onnx));
    assertEquals("chainrule", m.text(2));
    assertEquals(Version.CURRENT, m.text(3));
  }
}
