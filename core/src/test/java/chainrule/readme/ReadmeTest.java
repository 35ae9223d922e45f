package chainrule.readme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.Dataset;
import chainrule.data.Generators;
import chainrule.nn.Network;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Tanh;
import chainrule.nn.loss.BinaryCrossEntropy;
import chainrule.nn.optimizer.Adam;
import chainrule.train.History;
import chainrule.train.Trainer;
import java.io.IOException;
import java.io.PrintStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The README's example is the one below, and prints what the README says, digit for digit. */
class ReadmeTest {

  private static void example(PrintStream out) {
    // begin
    Dataset.Split moons = Generators.MOONS.generate(1).split(0.2, 1);
    Network net = Network.input(2).dense(16, new Tanh()).dense(1, new Sigmoid()).build(1);
    Trainer trainer = Trainer.of(net).loss(new BinaryCrossEntropy()).optimizer(new Adam(0.01)).batch(32);
    History history = trainer.fit(moons.train(), moons.test(), 100);
    out.println(net + ", " + net.parameters().length + " parameters");
    out.println("test accuracy " + history.last().test().accuracy());
    double[] p = net.predict(new double[] {-1.0, 0.5,   1.0, -0.5}); // two rows of two inputs
    out.println("class 1 with probability " + p[0] + " and " + p[1]);
    // end
  }

  @Test
  void theExampleIsTheOneThatRunsAndPrintsWhatTheReadmeSays() throws IOException {
    String readme = Files.readString(Path.of("..", "README.md"));
    String source = Files.readString(Path.of("src/test/java/chainrule/readme/ReadmeTest.java"));
    String code = source.substring(source.indexOf("// begin\n") + 9, source.indexOf("    // end\n"))
        .replace("out.println", "System.out.println").replaceAll("(?m)^    ", "");
    assertTrue(readme.contains("```java\n" + code + "```\n"), "the README should hold\n" + code);

    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    example(new PrintStream(printed, true, StandardCharsets.UTF_8));
    String expected = readme.substring(readme.indexOf("```text\n2 → 16") + 8);
    assertEquals(expected.substring(0, expected.indexOf("```")), printed.toString(StandardCharsets.UTF_8));
  }
}
