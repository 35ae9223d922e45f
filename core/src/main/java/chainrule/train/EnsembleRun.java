// SPDX-License-Identifier: MIT
package chainrule.train;

import chainrule.data.Dataset;
import chainrule.random.CounterRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/** One call of {@link EnsembleTrainer#fit}, {@link EnsembleTrainer#fitMember} or {@link EnsembleTrainer#assemble}. */
final class EnsembleRun {
  private final EnsembleTrainer t;
  private final Dataset data;
  private final int count; // of members
  private final Trainer[] trainers;
  private final History[] histories;
  private final double[][] heldOutputs; // ŷ of each member's own fold; null if it is not averaged

  private final Object listening = new Object(), saving = new Object();
  private final List<MemberState> states = new ArrayList<>(); // of each member; empty without a checkpoint
  private int inTraining; // the number of members that have started and not ended
  private int unsavedEpochs;

  EnsembleRun(EnsembleTrainer t, Dataset data) {
    this.t = t;
    this.data = data;
    this.count = t.folds.length;
    requireFolds(t.folds, data.rows());
    if (t.resumed != null && t.resumed.members().size() != count) {
      throw new IllegalArgumentException("the state to resume is of an ensemble of " + t.resumed.members().size()
          + " members, but this one has " + count);
    }
    this.trainers = new Trainer[count];
    this.histories = new History[count];
    this.heldOutputs = new double[count][];
  }

  /** Checks that no fold trains on rows that it holds out, and that no row is held out twice. */
  private static void requireFolds(int[][][] folds, int rows) {
    if (folds.length == 0) throw new IllegalArgumentException("an ensemble has at least one member, found no folds");
    int[] heldBy = new int[rows]; // 0 for none, else the number of the fold + 1
    for (int f = 0; f < folds.length; f++) {
      for (int row : folds[f][1]) {
        requireRow(row, rows);
        if (heldBy[row] != 0) throw new IllegalArgumentException("row " + row + " is held out twice");
        heldBy[row] = f + 1;
      }
    }
    for (int f = 0; f < folds.length; f++) {
      if (folds[f][0].length == 0) throw new IllegalArgumentException("fold " + f + " has no rows to train on");
      for (int row : folds[f][0]) {
        requireRow(row, rows);
        if (heldBy[row] == f + 1) {
          throw new IllegalArgumentException("row " + row + " is both trained on and held out by fold " + f);
        }
      }
    }
  }

  private static void requireRow(int row, int rows) {
    if (row < 0 || row >= rows) {
      throw new IllegalArgumentException("a fold has row " + row + ", but the data has " + rows + " rows, from 0");
    }
  }

  private Trainer trainer(int m) {
    long seed = CounterRandom.seedOfRun(t.seed, m);
    Trainer trainer = t.factory.create(m, seed).seed(seed);
    for (int i = 0; i < m; i++) {
      if (trainers[i] != null && trainers[i].network == trainer.network) {
        throw new IllegalArgumentException("members " + i + " and " + m + " have the same network; build one for each");
      }
    }
    Trainer.requireFit("training", trainer.network, data);
    if (t.resumed != null) {
      TrainingRun.requireResumable(trainer, t.folds[m][0].length, true, t.resumed.members().get(m));
      trainer.resume(t.resumed.members().get(m));
    }
    if (t.listener != null) trainer.listener(trainer.listener.andThen(listener(m)));
    if (t.checkpoint != null) {
      states.add(new MemberState(trainer));
      if (t.resumed != null) states.get(m).copy(t.resumed.members().get(m));
      trainer.checkpoint(s -> save(m, s));
    }
    return trainer;
  }

  private TrainingListener listener(int m) {
    return new TrainingListener() {
      @Override public void onStep(int epoch, int step, int steps, double loss) {
        synchronized (listening) {
          t.listener.onStep(m, epoch, step, steps, loss);
        }
      }

      @Override public void onEpoch(History.Epoch e) {
        synchronized (listening) {
          t.listener.onEpoch(m, e);
        }
      }
    };
  }

  Ensemble run(int epochs) {
    for (int m = 0; m < count; m++) trainers[m] = trainer(m);
    ParallelRuns.execute(count, t.threads, t.stop, (m, stopped) -> train(m, epochs, stopped));
    return ensemble();
  }

  /** Trains one member only. */
  TrainedMember run(int m, int epochs) {
    trainers[m] = trainer(m);
    train(m, epochs, t.stop);
    return new TrainedMember(m, trainers[m].network.parameters().clone(), histories[m]);
  }

  /** Puts together members that were trained elsewhere. */
  Ensemble assemble(List<TrainedMember> trained) {
    for (int m = 0; m < count; m++) trainers[m] = trainer(m);
    for (TrainedMember result : trained) {
      int m = result.member();
      double[] parameters = trainers[m].network.parameters();
      if (result.parameters().length != parameters.length) {
        throw new IllegalArgumentException("member " + m + ": expected " + parameters.length + " parameters, found "
            + result.parameters().length);
      }
      System.arraycopy(result.parameters(), 0, parameters, 0, parameters.length);
      histories[m] = result.history();
      if (histories[m].kept() > 0) heldOutputs[m] = trainers[m].network.predict(data.select(t.folds[m][1]).x());
    }
    for (int m = 0; m < count; m++) {
      if (histories[m] == null) histories[m] = new History(List.of(), History.End.INTERRUPTED, 0);
    }
    return ensemble();
  }

  private Ensemble ensemble() {
    List<Ensemble.Member> members = new ArrayList<>();
    for (int m = 0; m < count; m++) members.add(new Ensemble.Member(trainers[m].network, histories[m]));
    List<Ensemble.Member> averaged = Ensemble.averaged(members);
    for (int m = 0; m < count; m++) if (!averaged.contains(members.get(m))) heldOutputs[m] = null;
    return new Ensemble(members, outOfFold());
  }

  private void train(int m, int epochs, BooleanSupplier stopped) {
    Dataset train = data.select(t.folds[m][0]), held = data.select(t.folds[m][1]);
    begin();
    try {
      histories[m] = trainers[m].stopEarly(held, t.patience).stopWhen(stopped).fit(train, epochs);
    } catch (DivergedException e) {
      throw e.ofMember(m, count);
    } finally {
      end();
    }
    if (histories[m].kept() > 0) heldOutputs[m] = trainers[m].network.predict(held.x());
    if (t.listener == null) return;
    synchronized (listening) {
      t.listener.onEnd(m, histories[m]);
    }
  }

  // ---------------------------------------------------------------- checkpoints

  private void begin() {
    synchronized (saving) {
      inTraining++;
    }
  }

  private void save(int m, Snapshot s) {
    synchronized (saving) {
      states.get(m).copy(s);
      unsavedEpochs++;
      if (unsavedEpochs >= inTraining) save();
    }
  }

  private void end() {
    synchronized (saving) {
      inTraining--;
      if (inTraining == 0 && unsavedEpochs > 0) save();
    }
  }

  private void save() {
    unsavedEpochs = 0;
    t.checkpoint.accept(new EnsembleSnapshot(states.stream().map(MemberState::snapshot).toList()));
  }

  // ---------------------------------------------------------------- out-of-fold predictions

  private Ensemble.OutOfFold outOfFold() {
    int out = data.outputs(), n = 0;
    int[] memberOf = new int[data.rows()], place = new int[data.rows()];
    Arrays.fill(memberOf, -1);
    for (int m = 0; m < count; m++) {
      if (heldOutputs[m] == null) continue;
      int[] held = t.folds[m][1];
      for (int i = 0; i < held.length; i++) {
        memberOf[held[i]] = m;
        place[held[i]] = i;
      }
      n += held.length;
    }
    int[] rows = new int[n];
    double[] yhat = new double[Math.multiplyExact(n, out)];
    for (int row = 0, i = 0; row < data.rows(); row++) {
      if (memberOf[row] < 0) continue;
      rows[i] = row;
      System.arraycopy(heldOutputs[memberOf[row]], place[row] * out, yhat, i * out, out);
      i++;
    }
    return new Ensemble.OutOfFold(rows, yhat);
  }
}
