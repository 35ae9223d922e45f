// SPDX-License-Identifier: MIT
package chainrule.bench.peers.speed;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The tables that the points need. Each runs at most once, when it is first needed. */
final class Measurements {
  /** What the tables measure, or the start of it. */
  static final String STEPS = "steps of ", PRODUCTS = "matrix products",
      NARROW_PRODUCTS = "matrix products on 16 registers", COLD_START = "cold start ", PREDICTIONS = "predictions",
      PROCESSES = "whole processes";

  /** The kernels of OpenBLAS that have 16 registers of four lanes. */
  private static final String CORE = "Haswell";
  private static final List<String> SIXTEEN_REGISTERS = List.of("-XX:UseAVX=2");

  final MachineKind machine;
  final boolean quick;
  private final TableProcess process;
  private final String engines;
  private final Map<String, TableSamples> done = new LinkedHashMap<>();

  /** @param engines the engines of training steps, separated by commas */
  Measurements(MachineKind machine, boolean quick, TableProcess process, String engines) {
    this.machine = machine;
    this.quick = quick;
    this.process = process;
    this.engines = engines;
  }

  private TableSamples once(String what, Supplier<TableSamples> table) {
    TableSamples known = done.get(what);
    if (known != null) return known;
    System.out.println("measuring " + what);
    TableSamples samples = table.get();
    if (!samples.failure().isEmpty()) System.out.println("- " + samples.failure());
    done.put(what, samples);
    return samples;
  }

  /** Returns the tables that have run so far, by what they measured. */
  Map<String, TableSamples> done() {
    return done;
  }

  /** Runs training steps or predictions of a workload, with one thread and two. */
  TableSamples steps(String work) {
    return once(STEPS + work, () -> process.run("common", "peers.StepTable", List.of(), Map.of(),
        "--works", work, "--engines", engines, "--turns", quick ? "5" : "11"));
  }

  /** Runs training steps with one thread on 16 registers of four lanes. */
  TableSamples narrowSteps(String work) {
    return once("16 registers, steps of " + work, () -> process.run("common", "peers.StepTable",
        SIXTEEN_REGISTERS, Map.of(), "--works", work, "--engines", "chainrule,openblas", "--threads", "1", "--turns",
        quick ? "5" : "11", "--openblas-core", CORE));
  }

  /** Runs matrix products of these shapes with one thread. */
  TableSamples products(List<String> shapes) {
    return once(PRODUCTS, () -> process.run("blas", "peers.MatmulTable", List.of(), Map.of(), "1",
        String.join(",", shapes), quick ? "7" : "15"));
  }

  /** Runs matrix products of these shapes with one thread on 16 registers of four lanes. */
  TableSamples narrowProducts(List<String> shapes) {
    return once(NARROW_PRODUCTS, () -> process.run("blas", "peers.MatmulTable", SIXTEEN_REGISTERS,
        Map.of("OPENBLAS_CORETYPE", CORE), "1", String.join(",", shapes), quick ? "7" : "15"));
  }

  /** Runs predictions of all workloads with these numbers of callers. */
  TableSamples predictions(List<String> callers) {
    return once(PREDICTIONS, () -> process.run("common", "peers.PredictionTable", List.of(), Map.of(), "--callers",
        String.join(",", callers), "--turns", quick ? "3" : "7"));
  }

  /** Runs elementary functions of these names and sizes. */
  TableSamples elementary(List<String> rows) {
    return once("elementary functions",
        () -> process.run("common", "ElementaryTable", List.of(), Map.of(), String.join(",", rows)));
  }

  /** Runs the first second of a JVM several times; {@code task} is step or matmul. */
  List<TableSamples> coldStarts(String task) {
    List<TableSamples> starts = new ArrayList<>();
    for (int s = 1; s <= (quick ? 1 : 5); s++) {
      starts.add(once(COLD_START + s + ", " + task,
          () -> process.run("common", "ColdStart", List.of(), Map.of(), task)));
    }
    return starts;
  }

  /** Runs trainings as whole processes. */
  TableSamples processes() {
    return once(PROCESSES,
        () -> process.run("common", "peers.ProcessTable", List.of(), Map.of(), quick ? "2" : "5"));
  }

  /** Runs the reference step in fresh JVMs. */
  TableSamples starts() {
    String count = quick ? "8" : "50";
    return once(count + " starts", () -> process.run("common", "peers.StartTable", List.of(), Map.of(), count));
  }
}
