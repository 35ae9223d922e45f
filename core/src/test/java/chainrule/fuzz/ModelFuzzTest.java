// SPDX-License-Identifier: MIT
package chainrule.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.data.DataException;
import chainrule.data.Dataset;
import chainrule.data.Generators;
import chainrule.data.InputColumn;
import chainrule.data.Target;
import chainrule.io.Calibration;
import chainrule.io.Checkpoint;
import chainrule.io.EnsembleCheckpoint;
import chainrule.io.Model;
import chainrule.io.Predictions;
import chainrule.io.RandomModel;
import chainrule.metrics.ConformalScores;
import chainrule.nn.Network;
import chainrule.nn.activation.Sigmoid;
import chainrule.nn.activation.Tanh;
import chainrule.nn.loss.BinaryCrossEntropy;
import chainrule.nn.optimizer.Adam;
import chainrule.train.DivergedException;
import chainrule.train.EnsembleTrainer;
import chainrule.train.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fuzzes models and checkpoints: each works or gives a one-line refusal, in memory bounded by the file's size. */
class ModelFuzzTest {
  @TempDir Path directory;

  private final List<byte[]> models = new ArrayList<>(), checkpoints = new ArrayList<>(),
      ensembles = new ArrayList<>();
  private final Dataset data = Generators.XOR.generate(1).select(new int[] {0, 1, 2, 3, 4, 5, 6, 7});

  private Network network() {
    return Network.input(2).dense(3, new Tanh()).dropout(0.5).dense(1, new Sigmoid()).build(1);
  }

  private Trainer trainer(Network n, boolean early) {
    Trainer t = Trainer.of(n).loss(new BinaryCrossEntropy()).optimizer(new Adam(0.01)).batch(3);
    return early ? t.stopEarly(data, 5) : t;
  }

  private EnsembleTrainer ensemble() {
    return EnsembleTrainer.of(data.folds(2, 1), (m, seed) -> trainer(network(), false));
  }

  /** A threshold for two classes, and the scores of 1 to 40 held-out rows, of which some are not kept. */
  private static Calibration calibration(Target t, int i) {
    ConformalScores scores = ConformalScores.of(new SplittableRandom(i).doubles(1 + 3 * i % 40).toArray()).thinned(20);
    int sets = t.isMultilabel() ? 0 : t.isClass() ? 1 : t.names().size();
    return new Calibration(t.labels().size() == 2 ? 0.3 : Double.NaN, Collections.nCopies(sets, scores));
  }

  @BeforeEach
  void samples() throws IOException {
    Path file = directory.resolve("sample");
    for (int i = 0; i < 30; i++) {
      RandomModel.of(i).write(file);
      models.add(Files.readAllBytes(file));
      Model one = RandomModel.of(i);
      one.withCalibration(calibration(one.encoding().target(), i)).write(file);
      models.add(Files.readAllBytes(file));
      if (i % 3 > 0) continue;
      new Model(Collections.nCopies(2 + i % 4, one.network()), one.encoding(), one.training()).write(file);
      models.add(Files.readAllBytes(file));
    }
    for (int stop : new int[] {0, 5, 100}) {
      int[] steps = new int[1];
      Model two = new Model(List.of(network(), network()), Generators.XOR.encoding(), Map.of());
      ensemble().stopWhen(() -> steps[0]++ == stop)
          .checkpoint(s -> EnsembleCheckpoint.write(file, two, Map.of("seed", "1"), s)).fit(data, 3);
      ensembles.add(Files.readAllBytes(file));
    }
    for (boolean early : new boolean[] {false, true}) {
      Network n = network();
      Model m = new Model(n, Generators.XOR.encoding(), Map.of("seed", "1"));
      trainer(n, early).checkpoint(s -> Checkpoint.write(file, m, Map.of("seed", "1"), s)).fit(data, data, 2);
      checkpoints.add(Files.readAllBytes(file));
    }
  }

  private abstract class Damaged implements FuzzRunner.Subject<byte[]> {
    final List<byte[]> samples;

    Damaged(List<byte[]> samples) {
      this.samples = samples;
    }

    @Override public byte[] make(FuzzRandom c) {
      return NpzDamage.damaged(c, samples.get(c.below(samples.size())));
    }

    @Override public long limit(byte[] file) {
      return 2_000_000 + 150L * file.length;
    }

    abstract void useFile(Path file);

    @Override public String use(byte[] file) throws IOException {
      try {
        useFile(Files.write(directory.resolve("f"), file));
        return "";
      } catch (DataException e) {
        FuzzRunner.requireLine(e.getMessage());
        return e.getMessage();
      }
    }
  }

  @Test
  void anyModelPredictsOrIsRefused() throws InterruptedException {
    FuzzRunner.run("ModelFuzzTest", 3_000, 40, new Damaged(models) {
      @Override void useFile(Path file) {
        Model m = Model.read(file);
        Predictions p = m.predictEncoded(new double[2 * m.architecture().inputs()]);
        assertEquals(2, p.rows());
        for (ConformalScores scores : m.calibration().scores()) {
          for (double coverage : new double[] {0.5, 0.9, 0.999}) assertFalse(Double.isNaN(scores.quantile(coverage)));
        }
        if (m.encoding().target().isClass()) p.label(1);
        else p.value(1, m.architecture().outputs() - 1);
      }
    });
  }

  /** Damages the knots and means of pieces, which have no other check than their constructor's. */
  @Test
  void anyPiecesEncodeNumbersInTheirRangeOrAreRefused() throws InterruptedException {
    FuzzRunner.run("ModelFuzzTest", 1_000, 7, new Damaged(models) {
      @Override public byte[] make(FuzzRandom c) {
        return NpzDamage.ofPieces(c, samples.get(c.below(samples.size())));
      }

      @Override void useFile(Path file) {
        for (InputColumn in : Model.read(file).encoding().inputColumns()) {
          if (!in.isNumber()) continue;
          double[] x = new double[in.width()];
          List<Double> cells = new ArrayList<>(List.of(0.0, -Double.MAX_VALUE, Double.MAX_VALUE, Double.NaN));
          for (int k = 0; k < in.pieces().count(); k++) cells.add(in.pieces().knot(k));
          for (double cell : cells) {
            in.encode(cell, x, 0);
            for (int k = 1; k <= in.pieces().count(); k++) {
              assertTrue(Math.abs(x[k]) <= 0.7, () -> in.pieces() + " of " + cell);
            }
          }
        }
      }
    });
  }

  @Test
  void anyCheckpointIsResumedOrRefused() throws InterruptedException {
    FuzzRunner.run("ModelFuzzTest", 1_500, 30, new Damaged(checkpoints) {
      @Override void useFile(Path file) {
        Checkpoint c = Checkpoint.read(file);
        try {
          trainer(network(), c.snapshot().bestParameters() != null).resume(c.snapshot()).fit(data, data, 3);
        } catch (IllegalArgumentException | DivergedException e) {
          throw new DataException(file + ": " + e.getMessage());
        }
      }
    });
  }

  @Test
  void anyCheckpointOfAnEnsembleIsResumedOrRefused() throws InterruptedException {
    FuzzRunner.run("ModelFuzzTest", 1_000, 30, new Damaged(ensembles) {
      @Override void useFile(Path file) {
        EnsembleCheckpoint c = EnsembleCheckpoint.read(file);
        try {
          ensemble().resume(c.snapshot()).fit(data, 4);
        } catch (IllegalArgumentException | DivergedException e) {
          throw new DataException(file + ": " + e.getMessage());
        }
      }
    });
  }
}
