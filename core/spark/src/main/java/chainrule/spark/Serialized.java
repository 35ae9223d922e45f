// SPDX-License-Identifier: MIT
package chainrule.spark;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;

/**
 * Objects as bytes of Java's serialization. Tables, tasks and results travel like this, so that records and exceptions
 * do not depend on {@code spark.serializer}.
 */
final class Serialized {
  private Serialized() {}

  /** @throws IOException if the object or one that it contains is not serializable */
  static byte[] toBytes(Object value) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    }
    return bytes.toByteArray();
  }

  /** @throws IllegalStateException if this JVM lacks a class of the object, or has another version of it */
  static Object fromBytes(byte[] bytes) {
    try (ObjectInputStream in = new ContextInput(new ByteArrayInputStream(bytes))) {
      return in.readObject();
    } catch (IOException | ClassNotFoundException e) {
      throw new IllegalStateException("a task or its result cannot be read: " + e, e);
    }
  }

  /** Finds classes as Spark does: with the class loader of the thread, which knows the jars of the application. */
  private static final class ContextInput extends ObjectInputStream {
    ContextInput(InputStream in) throws IOException {
      super(in);
    }

    @Override protected Class<?> resolveClass(ObjectStreamClass type) throws IOException, ClassNotFoundException {
      ClassLoader loader = Thread.currentThread().getContextClassLoader();
      if (loader != null) {
        try {
          return Class.forName(type.getName(), false, loader);
        } catch (ClassNotFoundException e) {
          // a primitive type, or a class that only our own loader knows
        }
      }
      return super.resolveClass(type);
    }
  }
}
