// SPDX-License-Identifier: MIT
package chainrule.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import chainrule.io.Model;
import chainrule.io.Onnx;
import java.io.IOException;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A model exported to a file and opened in ONNX Runtime, with its default optimizations. The Java API of ONNX Runtime
 * passes strings as modified UTF-8, which breaks characters beyond U+FFFF. The exported file is correct: see OnnxTest.
 */
final class OnnxRuntimeModel implements AutoCloseable {
  private static final OrtEnvironment ENVIRONMENT =
      OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "chainrule");

  static {
    System.out.println("ONNX Runtime " + ENVIRONMENT.getVersion() + ", Java " + System.getProperty("java.version"));
  }

  final Onnx.Signature signature;
  final OrtSession session;

  OnnxRuntimeModel(Model model) {
    this(model, false);
  }

  OnnxRuntimeModel(Model model, boolean float32) {
    try {
      Path file = Files.createTempFile("chainrule", ".onnx");
      try {
        signature = float32 ? Onnx.writeFloat32(model, file) : Onnx.write(model, file);
        session = ENVIRONMENT.createSession(file.toString(), new OrtSession.SessionOptions());
      } finally {
        Files.delete(file);
      }
    } catch (IOException | OrtException e) {
      throw new AssertionError(e);
    }
  }

  /** The outputs by name: numbers as double[], also those of float32, whole numbers as long[], strings as String[]. */
  record Result(Map<String, Object> outputs) {
    double[] numbers(String name) {
      return (double[]) outputs.get(name);
    }

    long[] whole(String name) {
      return (long[]) outputs.get(name);
    }

    String[] strings(String name) {
      return (String[]) outputs.get(name);
    }
  }

  /** Runs the model on numbers x [rows × columns]. */
  Result run(int rows, double[] x) {
    return run(rows, x, Map.of());
  }

  /** Runs the model on numbers (none if x is null) and on strings, one array of rows for each text column. */
  Result run(int rows, double[] x, Map<String, String[]> strings) {
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    try {
      if (x != null) {
        long[] shape = {rows, x.length / rows};
        inputs.put("x", signature.inputs().get(0).type().equals("float32")
            ? OnnxTensor.createTensor(ENVIRONMENT, FloatBuffer.wrap(floats(x)), shape)
            : OnnxTensor.createTensor(ENVIRONMENT, DoubleBuffer.wrap(x), shape));
      }
      for (Map.Entry<String, String[]> e : strings.entrySet()) {
        inputs.put(e.getKey(), OnnxTensor.createTensor(ENVIRONMENT, e.getValue(), new long[] {rows, 1}));
      }
      Map<String, Object> outputs = new LinkedHashMap<>();
      try (OrtSession.Result result = session.run(inputs)) {
        for (Map.Entry<String, OnnxValue> e : result) outputs.put(e.getKey(), plain((OnnxTensor) e.getValue()));
      }
      return new Result(outputs);
    } catch (OrtException e) {
      throw new AssertionError(e);
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  private static float[] floats(double[] x) {
    float[] rounded = new float[x.length];
    for (int i = 0; i < x.length; i++) rounded[i] = (float) x[i];
    return rounded;
  }

  private static Object plain(OnnxTensor tensor) throws OrtException {
    if (tensor.getInfo().type == OnnxJavaType.FLOAT) {
      FloatBuffer buffer = tensor.getFloatBuffer();
      double[] widened = new double[buffer.remaining()];
      for (int i = 0; i < widened.length; i++) widened[i] = buffer.get(i);
      return widened;
    }
    if (tensor.getInfo().type == OnnxJavaType.STRING) return tensor.getValue();
    if (tensor.getInfo().type == OnnxJavaType.INT64) {
      LongBuffer buffer = tensor.getLongBuffer();
      long[] values = new long[buffer.remaining()];
      buffer.get(values);
      return values;
    }
    DoubleBuffer buffer = tensor.getDoubleBuffer();
    double[] values = new double[buffer.remaining()];
    buffer.get(values);
    return values;
  }

  @Override public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new AssertionError(e);
    }
  }
}
