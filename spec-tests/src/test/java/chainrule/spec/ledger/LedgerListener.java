// SPDX-License-Identifier: MIT
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

/** Joins the results of a run with the comparisons in {@link Ledger}, and writes the ledger after the last test. */
public final class LedgerListener implements TestExecutionListener {

  /** The tests that ran for one formula, and whether all of them passed. */
  static final class Evidence {
    final Set<String> implementations = new LinkedHashSet<>();
    final Set<String> tests = new LinkedHashSet<>();
    boolean passed = true;
  }

  private final Map<String, Evidence> evidence = new TreeMap<>();

  @Override public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (!test.isTest() || !(test.getSource().orElse(null) instanceof MethodSource source)) return;
    Method method = source.getJavaMethod();
    for (Proves p : method.getAnnotationsByType(Proves.class)) {
      for (String id : p.value()) {
        Evidence found = evidence.computeIfAbsent(id, k -> new Evidence());
        if (!p.home().isEmpty()) found.implementations.add(p.home());
        if (!p.by().isEmpty()) found.implementations.add(p.by());
        found.tests.add(method.getDeclaringClass().getSimpleName() + "#" + method.getName());
        found.passed &= result.getStatus() == TestExecutionResult.Status.SUCCESSFUL;
      }
    }
  }

  @Override public void testPlanExecutionFinished(TestPlan plan) {
    if (evidence.isEmpty()) return;
    try {
      Path target = Files.createDirectories(Path.of("target"));
      LedgerWriter.write(target, evidence, Ledger.entries());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
