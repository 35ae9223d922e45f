// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An engine of the tables, and how to start its process.
 *
 * @param name the name in the tables
 * @param module the directory in {@code bench/peers} where it is built
 * @param main the class of the engine, or a Python script
 * @param options additional options of its JVM; it also gets those of the table's JVM
 * @param environment additional environment variables of its process
 */
record EngineConfig(String name, String module, String main, List<String> options, Map<String, String> environment) {
  /** Disables JavaCPP's tracking of objects by the garbage collector; scopes free them. Calls are twice as fast. */
  private static final String UNTRACKED = "-Dorg.bytedeco.javacpp.nopointergc=true";

  /** All engines of training steps. Chainrule is the first. */
  static final List<EngineConfig> ALL = List.of(
      java("chainrule", "common", "ChainruleEngine"),
      java("openblas", "blas", "OpenBlasEngine"),
      java("openblas-arrays", "blas", "OpenBlasArraysEngine"),
      java("mkl", "mkl", "MklEngine"),
      java("mkl-arrays", "mkl", "MklArraysEngine"),
      java("netlib", "blas", "NetlibEngine"),
      java("ejml", "ejml", "EjmlEngine"),
      python("numpy", "numpy", "steps.py"),
      java("pytorch", "pytorch", "TorchEngine", UNTRACKED),
      java("pytorch-script", "pytorch", "TorchScriptEngine", UNTRACKED),
      java("dl4j", "nd4j", "Dl4jEngine").withVariable("OMP_NUM_THREADS", "1"),
      java("tensorflow", "tensorflow", "TensorFlowEngine"),
      java("ojalgo", "ojalgo", "OjAlgoEngine"),
      java("smile", "smile", "SmileEngine"));

  /** The engines that train a {@link TrainingTask}. Chainrule is the first. */
  static final List<EngineConfig> TRAINING_ENGINES = List.of(
      java("chainrule", "common", "ChainruleTrainingEngine"),
      java("pytorch", "pytorch", "TorchTrainingEngine", UNTRACKED),
      java("pytorch-script", "pytorch", "TorchScriptTrainingEngine", UNTRACKED));

  /** The engines that serve predictions. Chainrule is the first. */
  static final List<EngineConfig> PREDICTION_ENGINES = List.of(
      java("chainrule", "common", "ChainrulePredictionEngine"),
      java("onnxruntime", "onnx", "OnnxDoubleEngine"),
      java("onnxruntime-float", "onnx", "OnnxFloatEngine"));

  private static EngineConfig java(String name, String module, String engine, String... options) {
    return new EngineConfig(name, module, "chainrule.bench.peers." + engine, List.of(options), Map.of());
  }

  /**
   * Returns this configuration with an environment variable. ND4J needs it: its OpenMP workers spin while they wait,
   * and so do those of its OpenBLAS. Two pools of two threads on two cores take ten times as long.
   */
  private EngineConfig withVariable(String variable, String value) {
    return new EngineConfig(name, module, main, options, Map.of(variable, value));
  }

  private static EngineConfig python(String name, String module, String script) {
    return new EngineConfig(name, module, script, List.of(), Map.of());
  }

  /** Returns the command that starts the engine. {@code directory} is {@code bench/peers}. */
  List<String> command(Path directory) throws IOException {
    return command(directory, EngineServer.class);
  }

  /** Returns the command that starts the engine with another main class. */
  List<String> command(Path directory, Class<?> process) throws IOException {
    if (main.endsWith(".py")) return List.of("python3", directory.resolve(module).resolve(main).toString());
    Path target = directory.resolve(module).resolve("target"), list = target.resolve("classpath");
    if (!Files.exists(list)) throw new IOException("not built: " + list + " is missing");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.add("--add-modules=jdk.incubator.vector");
    if (Runtime.version().feature() >= 22) command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(options);
    String classPath = target.resolve("classes") + java.io.File.pathSeparator + Files.readString(list).strip();
    command.addAll(List.of("-cp", classPath, process.getName(), main));
    return command;
  }
}
