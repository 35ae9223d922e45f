// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.DoubleBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** ONNX Runtime in double precision, with new tensors for each call, or with tensors that are created once. */
public final class OnnxDoubleEngine implements PredictionEngine {
  @Override public String name() {
    return OnnxSessions.name("double precision");
  }

  @Override public Map<String, CallerFactory> prepare(Workload work, int threads) throws Exception {
    OrtSession session = OnnxSessions.open(OnnxFile.of(work, false), threads);
    Map<String, CallerFactory> ways = new LinkedHashMap<>();
    ways.put("pinned-tensors", () -> new PinnedCaller(session, work));
    ways.put("new-tensors", () -> new NewTensorsCaller(session, work));
    OrtSession exported = OnnxSessions.open(OnnxSessions.export(work), threads);
    ways.put("exported-model", () -> new NewTensorsCaller(exported, work));
    return ways;
  }

  /** A request and its answer in Java arrays. */
  private abstract static class Caller implements PredictionCaller {
    final long[] shape, resultShape;
    final double[] x, y;

    Caller(Workload work) {
      shape = new long[] {work.batch(), work.inputs()};
      resultShape = new long[] {work.batch(), work.classes()};
      x = work.x();
      y = new double[work.batch() * work.classes()];
    }

    @Override public double[] probabilities() {
      return y.clone();
    }
  }

  private static final class PinnedCaller extends Caller {
    private final DoubleBuffer in, out;
    private final OnnxSessions.PinnedTensors tensors;

    PinnedCaller(OrtSession session, Workload work) throws OrtException {
      super(work);
      in = OnnxSessions.direct(8 * x.length).asDoubleBuffer();
      out = OnnxSessions.direct(8 * y.length).asDoubleBuffer();
      tensors = new OnnxSessions.PinnedTensors(session,
          OnnxTensor.createTensor(OnnxSessions.ENVIRONMENT, in, shape),
          OnnxTensor.createTensor(OnnxSessions.ENVIRONMENT, out, resultShape));
    }

    @Override public void call() throws OrtException {
      in.put(0, x);
      tensors.run();
      out.get(0, y);
    }
  }

  private static final class NewTensorsCaller extends Caller {
    private final OrtSession session;
    private final Set<String> wanted = Set.of(OnnxFile.OUTPUT);

    NewTensorsCaller(OrtSession session, Workload work) {
      super(work);
      this.session = session;
    }

    @Override public void call() throws OrtException {
      try (OnnxTensor in = OnnxTensor.createTensor(OnnxSessions.ENVIRONMENT, DoubleBuffer.wrap(x), shape);
          OrtSession.Result result = session.run(Map.of(OnnxFile.INPUT, in), wanted)) {
        ((OnnxTensor) result.get(0)).getDoubleBuffer().get(y);
      }
    }
  }
}
