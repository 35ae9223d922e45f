// SPDX-License-Identifier: MIT
package chainrule.spark;

import chainrule.io.Model;
import java.io.ByteArrayInputStream;
import java.lang.ref.SoftReference;
import java.util.LinkedHashMap;
import java.util.Map;

/** The models that this JVM has read last, as long as there is memory, so that the tasks of a job share one. */
final class ExecutorModels {
  private static final int MOST = 4;

  private static final Map<String, SoftReference<Model>> LAST = new LinkedHashMap<>(MOST, 1, true) {
    private static final long serialVersionUID = 1;

    @Override protected boolean removeEldestEntry(Map.Entry<String, SoftReference<Model>> eldest) {
      return size() > MOST;
    }
  };

  private ExecutorModels() {}

  /**
   * Returns a model for predictions on one thread per task.
   *
   * @param id differs for different bytes
   * @param file the bytes of the model's file
   */
  static synchronized Model get(String id, byte[] file) {
    SoftReference<Model> last = LAST.get(id);
    Model model = last == null ? null : last.get();
    if (model == null) {
      model = Model.read(new ByteArrayInputStream(file), SparkKernels.get().withThreads(1));
      LAST.put(id, new SoftReference<>(model));
    }
    return model;
  }
}
