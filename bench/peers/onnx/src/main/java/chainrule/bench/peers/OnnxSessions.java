// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import chainrule.data.Encoding;
import chainrule.io.Model;
import chainrule.io.Onnx;
import chainrule.kernels.Kernels;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Sessions of ONNX Runtime with the fastest settings, and direct buffers. */
final class OnnxSessions {
  static final OrtEnvironment ENVIRONMENT =
      OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "chainrule");

  private OnnxSessions() {}

  /** Opens a file on this number of threads, with all optimizations. Workers spin while they wait, as by default. */
  static OrtSession open(byte[] file, int threads) throws OrtException {
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
    options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
    options.setIntraOpNumThreads(threads);
    options.addConfigEntry("session.intra_op.allow_spinning", "1");
    return ENVIRONMENT.createSession(file, options);
  }

  /** Returns the file that Chainrule exports: the network, with the handling of missing numbers, and the labels. */
  static byte[] export(Workload work) throws IOException {
    List<String> labels = IntStream.range(0, work.classes()).mapToObj(i -> "class " + i).toList();
    Model model = new Model(
        ChainruleEngine.network(work, Kernels.best()), Encoding.plain(work.inputs(), labels), Map.of());
    Path file = Files.createTempFile("chainrule", ".onnx");
    try {
      Onnx.write(model, file);
      return Files.readAllBytes(file);
    } finally {
      Files.delete(file);
    }
  }

  static String name(String precision) {
    return "ONNX Runtime " + ENVIRONMENT.getVersion() + ", " + precision;
  }

  static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }

  /** A call with a tensor that is created once, and another one that receives the result. */
  static final class PinnedTensors {
    private final OrtSession session;
    private final Map<String, OnnxTensor> inputs, outputs;

    PinnedTensors(OrtSession session, OnnxTensor x, OnnxTensor y) {
      this.session = session;
      inputs = Map.of(OnnxFile.INPUT, x);
      outputs = Map.of(OnnxFile.OUTPUT, y);
    }

    void run() throws OrtException {
      session.run(inputs, outputs).close();
    }
  }
}
