// SPDX-License-Identifier: MIT
package chainrule.spark;

import java.io.Serializable;
import java.util.function.Consumer;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import scala.Function2;
import scala.collection.Iterator;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.runtime.BoxedUnit;

/** Runs the tasks of one step. */
final class StepJob {
  private StepJob() {}

  /** Runs the first {@code count} partitions and hands their only elements to the receiver, one at a time. */
  @SuppressWarnings("unchecked")
  static <T> void run(JavaRDD<T> rdd, int count, Consumer<T> receiver) {
    java.util.List<Object> partitions = new java.util.ArrayList<>();
    for (int i = 0; i < count; i++) partitions.add(i);
    Seq<Object> seq = CollectionConverters.asScala(partitions).toSeq();
    Function2<TaskContext, Iterator<T>, T> first =
        (Function2<TaskContext, Iterator<T>, T> & Serializable) (task, it) -> it.next();
    Function2<Object, T, BoxedUnit> handler = (index, value) -> {
      receiver.accept(value);
      return BoxedUnit.UNIT;
    };
    rdd.context().runJob(rdd.rdd(), first, seq, handler, (ClassTag<T>) ClassTag.Any());
  }
}
