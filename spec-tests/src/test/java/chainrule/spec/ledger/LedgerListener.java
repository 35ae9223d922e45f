package chainrule.spec.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/** Watches the run, joins test results with findings, and writes the ledger when the last test has ended. */
public final class LedgerListener implements TestExecutionListener {

  /** What ran for one formula. */
  static final class Proof {
    final Set<String> implementations = new LinkedHashSet<>();
    final Set<String> tests = new LinkedHashSet<>();
    boolean passed = true;
  }

  private final Map<String, Proof> proofs = new TreeMap<>();

  @Override public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (!test.isTest() || !(test.getSource().orElse(null) instanceof MethodSource source)) return;
    Method method = source.getJavaMethod();
    for (Proves p : method.getAnnotationsByType(Proves.class)) {
      for (String id : p.value()) {
        Proof proof = proofs.computeIfAbsent(id, k -> new Proof());
        proof.implementations.add(p.by());
        proof.tests.add(method.getDeclaringClass().getSimpleName() + "#" + method.getName());
        proof.passed &= result.getStatus() == TestExecutionResult.Status.SUCCESSFUL;
      }
    }
  }

  @Override public void testPlanExecutionFinished(TestPlan plan) {
    if (proofs.isEmpty()) return;
    try {
      Path target = Files.createDirectories(Path.of("target"));
      LedgerWriter.write(target, proofs, Ledger.entries());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
