// SPDX-License-Identifier: MIT
package chainrule.io;

import chainrule.data.DataException;
import chainrule.io.ProtobufReader.DamagedException;
import chainrule.text.Excerpt;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * The content of an ONNX file: nodes, constants, inputs, outputs and metadata. The numbers of fields are those of
 * onnx.proto. Of what a network of dense layers does not have, such as subgraphs, nothing is read.
 */
final class OnnxFile {
  /**
   * An operation.
   *
   * @param inputs the names of its inputs; an optional one that is not given is empty
   */
  record Node(String name, String domain, String operator, List<String> inputs, List<String> outputs,
      Map<String, Attribute> attributes) {
    /** Returns the operator with its domain, such as {@code ai.onnx.ml.Scaler}. */
    String fullOperator() {
      return domain.isEmpty() || domain.equals("ai.onnx") ? operator : domain + "." + operator;
    }

    /** Returns the node for messages: its name, or the first value that it computes. */
    String shown() {
      String best = name.isEmpty() && !outputs.isEmpty() ? outputs.get(0) : name;
      return "node '" + Excerpt.of(best) + "' (" + Excerpt.of(fullOperator()) + ")";
    }

    /** Returns an integer attribute, or {@code otherwise}. */
    long integer(String attribute, long otherwise) {
      Attribute a = attributes.get(attribute);
      return a == null ? otherwise : a.integer;
    }

    /** Returns a float32 attribute, or {@code otherwise}. */
    float single(String attribute, float otherwise) {
      Attribute a = attributes.get(attribute);
      return a == null ? otherwise : a.single;
    }

    /** Returns what {@link #fingerprint} hashes. */
    private String line() {
      return line(domain, operator, inputs, outputs);
    }

    static String line(String domain, String operator, List<String> inputs, List<String> outputs) {
      return domain + ":" + operator + inputs + outputs + "\n";
    }
  }

  /** An attribute: the fields that its type does not use are 0, empty or null. */
  record Attribute(float single, long integer, String text, OnnxTensor tensor, List<Float> singles,
      List<Long> integers, List<String> strings) {

    /** Returns the constant of a node Constant whose attribute has this name; null for other names. */
    OnnxTensor constant(String name) {
      return switch (name) {
        case "value" -> tensor;
        case "value_float" -> OnnxTensor.of(new double[] {single});
        case "value_int" -> OnnxTensor.of(new long[] {integer});
        case "value_floats" -> OnnxTensor.of(
            singles.stream().mapToDouble(Float::doubleValue).toArray(), singles.size());
        case "value_ints" -> OnnxTensor.of(
            integers.stream().mapToLong(Long::longValue).toArray(), integers.size());
        default -> null;
      };
    }
  }

  /** An input or output, with the sizes of its dimensions; 0 where they are not known. */
  record Port(String name, long elementType, List<Long> shape) {}

  /** The most numbers and strings of an attribute that are read. */
  private static final int MOST_VALUES = 100_000;

  private final String source;
  private final Path directory;
  private final String producer;
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, OnnxTensor> constants = new LinkedHashMap<>();
  private final List<Port> inputs = new ArrayList<>();
  private final List<Port> outputs = new ArrayList<>();
  private final Map<String, String> metadata = new HashMap<>();
  private final long numbers;

  private OnnxFile(Path file, byte[] bytes) throws IOException {
    source = file.toString();
    directory = file.toAbsolutePath().getParent();
    ProtobufReader graph = null, in = new ProtobufReader(ByteBuffer.wrap(bytes));
    String name = "", version = "";
    while (in.next()) {
      switch (in.field()) {
        case 2 -> name = in.text();
        case 3 -> version = in.text();
        case 7 -> graph = in.message();
        case 14 -> {
          String[] entry = OnnxTensor.entry(in.message());
          metadata.put(entry[0], entry[1]);
        }
        default -> { }
      }
    }
    if (graph == null) throw new DamagedException("it has no graph");
    readGraph(graph);
    producer = Excerpt.of((name + " " + version).strip());
    long size = bytes.length;
    for (Path other : externalFiles()) size += Files.size(other);
    numbers = size / FloatFormat.FLOAT16.bytes;
  }

  /** @throws DataException naming the file and what is wrong with it */
  static OnnxFile read(Path file) {
    try {
      if (Files.size(file) > Integer.MAX_VALUE - 8) {
        throw new DataException(file + ": larger than 2 GiB, the limit of an ONNX file. Export it with the weights in "
            + "a second file.");
      }
      return new OnnxFile(file, Files.readAllBytes(file));
    } catch (DamagedException e) {
      throw new DataException(file + ": not an ONNX file, or damaged (" + e.getMessage() + ")");
    } catch (NoSuchFileException e) {
      throw new DataException(file + ": no such file" + (file.toString().equals(e.getFile()) ? ""
          : " '" + e.getFile() + "', which has its weights. Copy both files."));
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read (" + e.getMessage() + ")");
    }
  }

  // ---------------------------------------------------------------- reading

  private void readGraph(ProtobufReader in) {
    while (in.next()) {
      switch (in.field()) {
        case 1 -> nodes.add(node(in.message()));
        case 5 -> {
          OnnxTensor t = OnnxTensor.read(in.message());
          constants.put(t.name(), t);
        }
        case 11 -> inputs.add(port(in.message()));
        case 12 -> outputs.add(port(in.message()));
        case 15 -> throw error("a constant is stored as a sparse tensor; expected dense weights");
        default -> { }
      }
    }
    inputs.removeIf(p -> constants.containsKey(p.name)); // files of before 2019 list constants as inputs
  }

  private static Node node(ProtobufReader in) {
    String name = "", domain = "", operator = "";
    List<String> inputs = new ArrayList<>(), outputs = new ArrayList<>();
    Map<String, Attribute> attributes = new HashMap<>();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> inputs.add(in.text());
        case 2 -> outputs.add(in.text());
        case 3 -> name = in.text();
        case 4 -> operator = in.text();
        case 5 -> attribute(in.message(), attributes);
        case 7 -> domain = in.text();
        default -> { }
      }
    }
    return new Node(name, domain, operator, inputs, outputs, attributes);
  }

  private static void attribute(ProtobufReader in, Map<String, Attribute> to) {
    String name = "", text = "";
    float single = 0;
    long integer = 0;
    OnnxTensor tensor = null;
    List<ByteBuffer> packed = new ArrayList<>();
    List<Long> integers = new ArrayList<>();
    List<String> strings = new ArrayList<>();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> name = in.text();
        case 2 -> single = in.single();
        case 3 -> integer = in.number();
        case 4 -> text = StandardCharsets.UTF_8.decode(in.bytes()).toString();
        case 5 -> tensor = OnnxTensor.read(in.message());
        case 7 -> in.addFixed(packed);
        case 8 -> in.addNumbers(integers, MOST_VALUES);
        case 9 -> strings.add(StandardCharsets.UTF_8.decode(in.bytes()).toString());
        default -> { }
      }
    }
    List<Float> singles = new ArrayList<>();
    for (ByteBuffer p : packed) {
      for (int k = 0; k + 4 <= p.remaining() && singles.size() <= MOST_VALUES; k += 4) singles.add(p.getFloat(k));
    }
    to.put(name, new Attribute(single, integer, text, tensor, singles, integers, strings));
  }

  private static Port port(ProtobufReader in) {
    String name = "";
    long type = 0;
    List<Long> shape = new ArrayList<>();
    while (in.next()) {
      if (in.field() == 1) name = in.text();
      if (in.field() != 2) continue;
      ProtobufReader kinds = in.message();
      while (kinds.next()) {
        if (kinds.field() != 1) continue;
        ProtobufReader tensor = kinds.message();
        while (tensor.next()) {
          if (tensor.field() == 1) type = tensor.number();
          if (tensor.field() != 2) continue;
          ProtobufReader dims = tensor.message();
          while (dims.next()) if (dims.field() == 1) shape.add(dim(dims.message()));
        }
      }
    }
    return new Port(name, type, shape);
  }

  private static long dim(ProtobufReader in) {
    long size = 0;
    while (in.next()) if (in.field() == 1) size = in.number();
    return Math.max(0, size);
  }

  private Set<Path> externalFiles() throws IOException {
    Set<Path> files = new HashSet<>();
    for (OnnxTensor t : constants.values()) {
      if (t.external() == null || !files.add(t.externalFile(directory))) continue;
      Path other = t.externalFile(directory);
      if (!Files.exists(other)) throw new NoSuchFileException(other.toString());
      if (!Files.isRegularFile(other, LinkOption.NOFOLLOW_LINKS)) {
        throw new DamagedException(
            "'" + Excerpt.of(t.external().location()) + "', which has its weights, is not a file");
      }
    }
    return files;
  }

  // ---------------------------------------------------------------- content

  /** Returns the file's name for messages. */
  String source() {
    return source;
  }

  /** Returns the directory, in which files with further weights are. */
  Path directory() {
    return directory;
  }

  /** Returns the program that wrote the file, such as {@code pytorch 2.10.0}; empty if it is not named. */
  String producer() {
    return producer;
  }

  List<Node> nodes() {
    return nodes;
  }

  OnnxTensor constant(String name) {
    return constants.get(name);
  }

  List<Port> inputs() {
    return inputs;
  }

  List<Port> outputs() {
    return outputs;
  }

  /** Returns a metadata entry; null if there is none. */
  String metadata(String key) {
    return metadata.get(key);
  }

  /** Returns an upper bound of the numbers in all constants together, from the size of the files alone. */
  long mostNumbers() {
    return numbers;
  }

  /**
   * Returns a hash of the nodes and their connections, which does not depend on how a program writes them. It tells
   * whether another program has changed a graph.
   */
  String fingerprint() {
    CRC32 crc = new CRC32();
    for (Node n : nodes) crc.update(n.line().getBytes(StandardCharsets.UTF_8));
    return String.format("%08x", crc.getValue());
  }

  DataException error(String what) {
    return new DataException(source + ": " + what);
  }
}
