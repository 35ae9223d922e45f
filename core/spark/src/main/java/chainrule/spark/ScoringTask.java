// SPDX-License-Identifier: MIT
package chainrule.spark;

import chainrule.data.CellEncoder;
import chainrule.data.DataException;
import chainrule.io.Model;
import chainrule.io.Predictions;
import chainrule.nn.Predictor;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Scores the rows of a partition in batches, on one thread. The cells of a row are first the kept ones, then those of
 * the input columns in the model's order.
 *
 * @param id identifies the model
 * @param file the model's file
 * @param data the name of the data, for messages
 * @param key the name of the first kept column, for messages
 * @param kept the number of kept columns
 * @param decimals by name, the decimal marks of columns of numbers that are strings
 */
record ScoringTask(String id, Broadcast<byte[]> file, String data, String key, int kept,
    Map<String, Character> decimals, PredictedColumns predicted, ScoringCounts counts)
    implements MapPartitionsFunction<Row, Row> {
  private static final int MOST_ROWS = 4096, MOST_NUMBERS = 1 << 20, ROWS_AT_ONCE = 256;

  @Override public Iterator<Row> call(Iterator<Row> rows) {
    return new Batches(rows, ExecutorModels.get(id, file.value()));
  }

  private final class Batches implements Iterator<Row>, Cells.Receiver {
    private final Iterator<Row> rows;
    private final Model model;
    private final CellEncoder encoder;
    private final Predictor predictor;
    private final Row[] batch;
    private final double[] x; // [batch × inputs]
    private final Predictions predictions;
    private final int columns; // of the result
    private int size;
    private int next;
    private boolean ended;

    Batches(Iterator<Row> rows, Model model) {
      this.rows = rows;
      this.model = model;
      int inputs = model.encoding().inputs(), outputs = model.architecture().outputs();
      int most = Math.max(1, Math.min(MOST_ROWS, MOST_NUMBERS / Math.max(inputs, outputs)));
      encoder = new CellEncoder(model.encoding(), decimals);
      predictor = model.predictor(Math.min(most, ROWS_AT_ONCE));
      batch = new Row[most];
      x = new double[most * inputs];
      predictions = new Predictions(
          model.encoding().target(), outputs, new double[most * outputs], model.calibration().threshold());
      columns = kept + predicted.fields(model.encoding().target()).size();
    }

    @Override public boolean hasNext() {
      if (next == size && !ended) score();
      return next < size;
    }

    @Override public Row next() {
      if (!hasNext()) throw new NoSuchElementException();
      Object[] cells = new Object[columns];
      for (int k = 0; k < kept; k++) cells[k] = batch[next].get(k);
      predicted.put(predictions, next++, cells, kept);
      return RowFactory.create(cells);
    }

    private void score() {
      size = next = 0;
      int inputs = model.encoding().inputs();
      for (; size < batch.length && rows.hasNext(); size++) {
        Row row = rows.next();
        batch[size] = row;
        encoder.start(x, size * inputs);
        try {
          for (int c = 0; c < model.encoding().inputColumns().size(); c++) Cells.read(row.get(kept + c), c, this);
        } catch (IllegalArgumentException e) {
          throw error(row, e.getMessage());
        }
      }
      predictor.predict(size, x, 0, predictions.yhat(), 0);
      requireFinite();
      if (size == batch.length) return;
      ended = true;
      counts.add(encoder.counts());
    }

    private void requireFinite() {
      int outputs = predictions.outputs();
      for (int i = 0; i < size * outputs; i++) {
        double yhat = predictions.yhat()[i];
        if (Double.isFinite(yhat)) continue;
        throw error(batch[i / outputs], "the network's output is " + (Double.isNaN(yhat) ? "NaN" : "infinite")
            + "; its values are too far from the training data, or the weights are too large");
      }
    }

    private DataException error(Row row, String what) {
      return new DataException(data + ": the row with " + Words.shown(key) + " = "
          + Words.shown(String.valueOf(row.get(0))) + ": " + what);
    }

    @Override public void missing(int column) {
      encoder.missing(column);
    }

    @Override public void number(int column, double v) {
      encoder.number(column, v);
    }

    @Override public void text(int column, String cell) {
      encoder.text(column, cell);
    }
  }
}
