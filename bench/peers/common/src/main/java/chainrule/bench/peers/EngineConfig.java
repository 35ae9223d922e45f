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
 * An engine and how its process is started.
 *
 * @param name what the table calls it
 * @param module the folder under {@code bench/peers} that it is built in
 * @param main the class of the engine, or a script for Python
 * @param options for its JVM, besides those that the table's own JVM was started with
 * @param environment variables for its process
 */
record EngineConfig(String name, String module, String main, List<String> options, Map<String, String> environment) {
  /** Keeps JavaCPP from tracking every object for the collector too; scopes free them. A call is twice as fast. */
  private static final String UNTRACKED = "-Dorg.bytedeco.javacpp.nopointergc=true";

  /** Every engine; ours is the first. */
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
      java("dl4j", "nd4j", "Dl4jEngine").with("OMP_NUM_THREADS", "1"),
      java("tensorflow", "tensorflow", "TensorFlowEngine"),
      java("ojalgo", "ojalgo", "OjAlgoEngine"),
      java("smile", "smile", "SmileEngine"));

  /** Those that take a {@link TrainingTask}; ours is the first. */
  static final List<EngineConfig> TRAINING_ENGINES = List.of(
      java("chainrule", "common", "ChainruleTrainingEngine"),
      java("pytorch", "pytorch", "TorchTrainingEngine", UNTRACKED),
      java("pytorch-script", "pytorch", "TorchScriptTrainingEngine", UNTRACKED));

  private static EngineConfig java(String name, String module, String engine, String... options) {
    return new EngineConfig(name, module, "chainrule.bench.peers." + engine, List.of(options), Map.of());
  }

  /**
   * The same with a variable in the environment of its process. ND4J's OpenMP workers spin while they wait, and so do
   * those of the OpenBLAS below it: two pools of two on two cores take ten times as long.
   */
  private EngineConfig with(String variable, String value) {
    return new EngineConfig(name, module, main, options, Map.of(variable, value));
  }

  private static EngineConfig python(String name, String folder, String script) {
    return new EngineConfig(name, folder, script, List.of(), Map.of());
  }

  /** What to start; {@code folder} is {@code bench/peers}. */
  List<String> command(Path folder) throws IOException {
    return command(folder, EngineServer.class);
  }

  /** The same for another main class of its process. */
  List<String> command(Path folder, Class<?> process) throws IOException {
    if (main.endsWith(".py")) return List.of("python3", folder.resolve(module).resolve(main).toString());
    Path target = folder.resolve(module).resolve("target"), list = target.resolve("classpath");
    if (!Files.exists(list)) throw new IOException("it is not built: " + list + " is missing");
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
