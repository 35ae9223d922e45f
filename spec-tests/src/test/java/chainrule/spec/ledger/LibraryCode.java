// SPDX-License-Identifier: MIT
package chainrule.spec.ledger;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Looks up the classes and members that {@link Proves#by} names. The forms are
 *
 * <pre>
 *   Sigmoid                    a class of kernels or core, by its simple name
 *   History.Epoch              a nested class
 *   HalfSquaredError(SUM)      a constructor with one parameter, whose type has the value SUM
 *   Dense#parameterGradient            a method (any overload) or a field
 *   Kernels#exp(double[], int) the overload with these parameters, each given by its type or by a value
 * </pre>
 *
 * <p>Inherited members count, except those of Object.
 */
final class LibraryCode {
  private static final String SOURCES = "/src/main/java/";

  private final Map<String, List<Class<?>>> classes = new HashMap<>();

  /** Searches these classes only. */
  LibraryCode(Class<?>... classes) {
    for (Class<?> c : classes) add(c);
  }

  /** Loads all classes that have a source file in kernels, core or core/cli. */
  static LibraryCode load() throws IOException {
    LibraryCode code = new LibraryCode();
    for (String module : new String[] {"kernels", "core", "core/cli"}) {
      List<String> names;
      try (Stream<Path> files = Files.walk(Path.of("..", module, "src"))) {
        names = files.map(f -> f.toString().replace('\\', '/')).filter(f -> f.contains(SOURCES) && f.endsWith(".java"))
            .map(f -> f.substring(f.indexOf(SOURCES) + SOURCES.length(), f.length() - 5).replace('/', '.'))
            .filter(f -> !f.endsWith("-info")).toList();
      }
      for (String name : names) {
        try {
          code.add(Class.forName(name, false, LibraryCode.class.getClassLoader()));
        } catch (ClassNotFoundException e) {
          throw new IOException(name + " has a source file but no class file: compile " + module, e);
        }
      }
    }
    return code;
  }

  private void add(Class<?> c) {
    classes.computeIfAbsent(c.getSimpleName(), k -> new ArrayList<>()).add(c);
  }

  /** Returns an empty string if the library has this name, and otherwise what is missing: "no class Sigmodi". */
  String missing(String name) {
    String[] parts = name.strip().split("#", 2);
    String start = parts[0].replaceFirst("\\(.*", "");
    List<Class<?>> named = named(start);
    if (named.isEmpty()) return "no class " + start;
    boolean constructor = parts.length == 1 && parts[0].contains("(");
    if (parts.length == 1 && !constructor) return "";
    String member = parts.length == 1 ? parts[0] : parts[1];
    String simple = member.replaceFirst("\\(.*", "").strip();
    List<String> arguments = arguments(member);
    for (Class<?> c : named) {
      if (constructor ? hasConstructor(c, arguments) : has(c, simple, arguments)) return "";
    }
    return constructor ? "no constructor " + member : "no method or field " + member + " in " + start;
  }

  private List<Class<?>> named(String name) {
    String[] names = name.split("\\.");
    List<Class<?>> found = classes.getOrDefault(names[0], List.of());
    for (int i = 1; i < names.length; i++) {
      String inner = names[i];
      found = found.stream().flatMap(c -> Arrays.stream(c.getDeclaredClasses()))
          .filter(c -> c.getSimpleName().equals(inner)).toList();
    }
    return found;
  }

  /** Returns the arguments, or null if there are no parentheses, which matches any overload. */
  private static List<String> arguments(String member) {
    int open = member.indexOf('(');
    if (open < 0) return null;
    String inside = member.substring(open + 1, member.endsWith(")") ? member.length() - 1 : member.length()).strip();
    return inside.isEmpty() ? List.of() : List.of(inside.split("\\s*,\\s*"));
  }

  private static boolean hasConstructor(Class<?> c, List<String> arguments) {
    for (Constructor<?> k : c.getDeclaredConstructors()) if (!k.isSynthetic() && takes(k, arguments)) return true;
    return false;
  }

  private static boolean has(Class<?> c, String member, List<String> arguments) {
    for (Class<?> owner : withSupertypes(c)) {
      for (Method m : owner.getDeclaredMethods()) {
        if (!m.isSynthetic() && m.getName().equals(member) && takes(m, arguments)) return true;
      }
      if (arguments != null) continue;
      for (Field f : owner.getDeclaredFields()) if (!f.isSynthetic() && f.getName().equals(member)) return true;
    }
    return false;
  }

  private static Set<Class<?>> withSupertypes(Class<?> c) {
    Set<Class<?>> all = new LinkedHashSet<>();
    for (Class<?> s = c; s != null && s != Object.class; s = s.getSuperclass()) {
      all.add(s);
      for (Class<?> i : s.getInterfaces()) all.addAll(withSupertypes(i));
    }
    return all;
  }

  private static boolean takes(Executable e, List<String> arguments) {
    if (arguments == null) return true;
    Class<?>[] types = e.getParameterTypes();
    if (types.length != arguments.size()) return false;
    for (int i = 0; i < types.length; i++) if (!fits(arguments.get(i), types[i])) return false;
    return true;
  }

  /** Returns whether an argument is the simple name of this type, or one of its values. */
  private static boolean fits(String argument, Class<?> type) {
    if (argument.equals(type.getSimpleName())) return true;
    if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants()).anyMatch(c -> ((Enum<?>) c).name().equals(argument));
    }
    if (type == double.class || type == float.class) return argument.matches("-?\\d+([.]\\d+)?(e-?\\d+)?");
    if (type == int.class || type == long.class) return argument.matches("-?\\d+");
    return type == boolean.class && argument.matches("true|false");
  }
}
