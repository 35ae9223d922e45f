// SPDX-License-Identifier: MIT
package chainrule.spec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.ToolProvider;

/**
 * The program OneStep.java, compiled when the tests run. It is outside the tests' sources and in no package because
 * {@code java FILE} compiles the module-info.java of a file's source directory too, since JDK 22.
 */
final class OneStepProgram {
  static final Path FILE = Path.of("OneStep.java");
  private static final Class<?> PROGRAM = compile();

  static final int ROWS = (int) value("ROWS", null), IN = (int) value("IN", null);
  static final int HIDDEN = (int) value("HIDDEN", null), OUT = (int) value("OUT", null);
  static final double LAMBDA = (double) value("LAMBDA", null), RATE = (double) value("RATE", null);

  private final Object step = create();
  final double[][] x = matrix("x"), y = matrix("y"); // [rows][in], [rows][out]
  final double[][] w1 = matrix("w1"), w2 = matrix("w2"); // [in][hidden], [hidden][out]
  final double[] b1 = vector("b1"), b2 = vector("b2");
  final double[][] z1 = matrix("z1"), a1 = matrix("a1"), z2 = matrix("z2"), a2 = matrix("a2");
  final double[][] delta1 = matrix("delta1"), delta2 = matrix("delta2");
  final double[][] dw1 = matrix("dw1"), dw2 = matrix("dw2");
  final double[] db1 = vector("db1"), db2 = vector("db2");
  double loss, penalty;

  void forward() {
    call("forward");
  }

  void loss() {
    call("loss");
    loss = (double) value("loss", step);
    penalty = (double) value("penalty", step);
  }

  void backward() {
    call("backward");
  }

  void update() {
    call("update");
  }

  private double[][] matrix(String name) {
    return (double[][]) value(name, step);
  }

  private double[] vector(String name) {
    return (double[]) value(name, step);
  }

  private static Class<?> compile() {
    try {
      Path classes = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "one-step");
      int status = ToolProvider.getSystemJavaCompiler().run(null, null, null, "-d", classes.toString(),
          FILE.toString());
      if (status != 0) throw new IllegalStateException(FILE + " does not compile");
      try (URLClassLoader loader = new URLClassLoader(new URL[] {classes.toUri().toURL()}, null)) {
        return loader.loadClass("OneStep");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Object create() {
    try {
      Constructor<?> constructor = PROGRAM.getDeclaredConstructor();
      constructor.setAccessible(true);
      return constructor.newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Object value(String field, Object of) {
    try {
      Field f = PROGRAM.getDeclaredField(field);
      f.setAccessible(true);
      return f.get(of);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private void call(String method) {
    try {
      Method m = PROGRAM.getDeclaredMethod(method);
      m.setAccessible(true);
      m.invoke(step);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
