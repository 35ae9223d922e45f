// SPDX-License-Identifier: MIT
package chainrule.spark;

import chainrule.data.Target;
import chainrule.io.Predictions;
import chainrule.metrics.ConformalSet;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/**
 * The columns that {@code ./chainrule predict} writes, in its order: for a class {@code class} and {@code p(label)} for
 * each label; for numbers their names; for labels their names, then {@code p(name)} for each; and with intervals {@code
 * set}, or {@code lower(name)} and {@code upper(name)} for each number.
 *
 * @param quantiles the conformal quantile of each number, standardized; of classes, one; empty without intervals
 */
record PredictedColumns(List<Double> quantiles) implements Serializable {

  /** Returns the columns. */
  List<StructField> fields(Target t) {
    List<StructField> fields = new ArrayList<>();
    if (t.isClass()) {
      fields.add(field("class", DataTypes.StringType));
      for (String label : t.labels()) fields.add(field("p(" + label + ")", DataTypes.DoubleType));
    } else {
      DataType type = t.isMultilabel() ? DataTypes.StringType : DataTypes.DoubleType;
      for (String name : t.names()) fields.add(field(name, type));
      if (t.isMultilabel()) for (String name : t.names()) fields.add(field("p(" + name + ")", DataTypes.DoubleType));
    }
    if (quantiles.isEmpty()) return fields;
    if (t.isClass()) fields.add(field("set", DataTypes.StringType));
    else for (String name : t.names()) {
      fields.add(field("lower(" + name + ")", DataTypes.DoubleType));
      fields.add(field("upper(" + name + ")", DataTypes.DoubleType));
    }
    return fields;
  }

  private static StructField field(String name, DataType type) {
    return DataTypes.createStructField(name, type, false);
  }

  /** Writes the cells of a row to cells[to], cells[to + 1], …. */
  void put(Predictions p, int row, Object[] cells, int to) {
    Target t = p.target();
    int at = to;
    if (t.isClass()) {
      cells[at++] = p.label(row);
      for (int c = 0; c < t.labels().size(); c++) cells[at++] = p.probability(row, c);
    } else if (t.isMultilabel()) {
      for (int j = 0; j < t.names().size(); j++) cells[at++] = p.labelValue(row, j);
      for (int j = 0; j < t.names().size(); j++) cells[at++] = p.probability(row, j);
    } else {
      for (int j = 0; j < t.names().size(); j++) cells[at++] = p.value(row, j);
    }
    if (quantiles.isEmpty()) return;
    if (t.isClass()) {
      cells[at] = set(p, row);
      return;
    }
    for (int j = 0; j < quantiles.size(); j++) {
      double yhat = p.yhat()[row * p.outputs() + j];
      cells[at++] = t.decode(j, yhat - quantiles.get(j));
      cells[at++] = t.decode(j, yhat + quantiles.get(j));
    }
  }

  /** Returns the set of classes of a row, separated by |. A | or \ in a label is preceded by a backslash. */
  private String set(Predictions p, int row) {
    boolean[] in = ConformalSet.of(p.outputs(), p.yhat(), row * p.outputs(), p.classOf(row), quantiles.get(0));
    List<String> labels = new ArrayList<>();
    for (int c = 0; c < in.length; c++) {
      if (in[c]) labels.add(p.target().labels().get(c).replace("\\", "\\\\").replace("|", "\\|"));
    }
    return String.join("|", labels);
  }
}
