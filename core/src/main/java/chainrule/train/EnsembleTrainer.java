// SPDX-License-Identifier: MIT
package chainrule.train;

import chainrule.data.Dataset;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Trains the members of an ensemble: K networks, each of which validates on its own fold of the data and trains on the
 * others. Each keeps the weights of the epoch with the lowest loss on its fold. The prediction of the ensemble is the
 * mean of their outputs.
 * <pre>{@code
 * Ensemble e = EnsembleTrainer.of(data.folds(5, 1),
 *     (member, seed) -> Trainer.of(Network.input(4).dense(64, new Relu()).dense(3, new Softmax()).build(seed)))
 *     .patience(20).threads(4).fit(data, 200);
 * System.out.println(e.outOfFold().evaluate(new CategoricalCrossEntropy(), data));    // without test rows
 * new Model(e.networks(), encoding, Map.of()).write(file);
 * }</pre>
 * The members train side by side on several threads. Data, settings and seed give bit-identical members, for any number
 * of threads, even if training is stopped and resumed. Member i initializes, shuffles and drops out with the seed
 * {@link chainrule.random.CounterRandom#seedOfRun}. Networks with single-threaded kernels
 * ({@code kernels(Kernels.best().withThreads(1))}) use the threads best if there are no more threads than members.
 * Several machines can train one member each: {@link #fitMember}, then {@link #assemble}.
 *
 * <p>Source: Krogh, Vedelsby 1995 (members of cross-validation). Spec: EnsembleTest.
 */
public final class EnsembleTrainer {

  /** Creates the members, each with its network, loss, optimizer and other settings. */
  public interface MemberFactory {
    /**
     * {@return the trainer of a new member} The ensemble then sets the trainer's seed, validation, stop condition,
     * checkpoint and state to resume. The trainer's own listener is called before that of the ensemble, on the thread
     * that trains the member. Called for all members before training starts, by the thread that calls {@link #fit};
     * {@link #fitMember} calls it for that member alone.
     *
     * @param member 0 … K − 1
     * @param seed the member's seed, for the initial weights of its network
     */
    Trainer create(int member, long seed);
  }

  final int[][][] folds;
  final MemberFactory factory;
  int patience = 20;
  long seed = 1;
  int threads = 1;
  EnsembleListener listener; // null if not requested
  BooleanSupplier stop = () -> false;
  Consumer<EnsembleSnapshot> checkpoint; // null if not requested
  EnsembleSnapshot resumed; // null for a new run

  private EnsembleTrainer(int[][][] folds, MemberFactory factory) {
    this.folds = folds;
    this.factory = factory;
  }

  /**
   * {@return a trainer of an ensemble with a member for each fold, patience 20, seed 1 and one thread}
   *
   * @param folds [K][2][]: for each member the rows to train on and the rows to validate on, as from
   *     {@link Dataset#folds(int, long)}
   * @param factory creates the members
   */
  public static EnsembleTrainer of(int[][][] folds, MemberFactory factory) {
    return new EnsembleTrainer(Objects.requireNonNull(folds, "folds"), Objects.requireNonNull(factory, "factory"));
  }

  /**
   * Sets the patience; 20 unless called.
   *
   * @param epochs a member stops after this many epochs without a lower validation loss, ≥ 1
   * @return this trainer
   * @throws IllegalArgumentException if epochs &lt; 1
   */
  public EnsembleTrainer patience(int epochs) {
    if (epochs < 1) throw new IllegalArgumentException("patience: expected ≥ 1 epochs, found " + epochs);
    patience = epochs;
    return this;
  }

  /**
   * Sets the seed from which the members' seeds are derived; 1 unless called.
   *
   * @param value the seed; it is also that of member 0
   * @return this trainer
   */
  public EnsembleTrainer seed(long value) {
    seed = value;
    return this;
  }

  /**
   * Sets the number of threads; 1 unless called.
   *
   * @param count the most members that train at a time, ≥ 1; the thread that calls {@link #fit} trains as well
   * @return this trainer
   * @throws IllegalArgumentException if count &lt; 1
   */
  public EnsembleTrainer threads(int count) {
    if (count < 1) throw new IllegalArgumentException("threads: expected ≥ 1, found " + count);
    threads = count;
    return this;
  }

  /**
   * Sets the listener; none unless called.
   *
   * @param value called after each step and each epoch of each member, and at its end
   * @return this trainer
   */
  public EnsembleTrainer listener(EnsembleListener value) {
    listener = Objects.requireNonNull(value, "listener");
    return this;
  }

  /**
   * Sets a condition that ends the training of all members. An interrupt of the thread that calls {@link #fit} also
   * ends training.
   *
   * @param condition returns true to end training; called before each step, by all threads that train
   * @return this trainer
   */
  public EnsembleTrainer stopWhen(BooleanSupplier condition) {
    stop = Objects.requireNonNull(condition, "condition");
    return this;
  }

  /**
   * Sets the receiver of the state. It is called about once an epoch: after as many epochs as members are in training.
   * It is always called after the last of them has ended or stopped.
   *
   * @param receiver called by the threads that train, by one at a time
   * @return this trainer
   */
  public EnsembleTrainer checkpoint(Consumer<EnsembleSnapshot> receiver) {
    checkpoint = Objects.requireNonNull(receiver, "receiver");
    return this;
  }

  /**
   * Continues an earlier run with the same folds, data and settings: see {@link Trainer#resume}.
   *
   * @param snapshot the state that the run left; null to start a new run
   * @return this trainer
   */
  public EnsembleTrainer resume(EnsembleSnapshot snapshot) {
    resumed = snapshot;
    return this;
  }

  /**
   * Trains each member until it stops early or all epochs are done.
   *
   * @param data the rows that the folds divide; rows in no fold are not used
   * @param epochs the most epochs of a member, ≥ 1, including those before a resumption
   * @return the members and their out-of-fold predictions
   * @throws IllegalArgumentException if folds, data, networks and resumed state do not fit each other
   * @throws DivergedException if the loss or a parameter of a member becomes NaN or infinite; the message names the
   *     first such member
   */
  public Ensemble fit(Dataset data, int epochs) {
    requireEpochs(epochs);
    return new EnsembleRun(this, data).run(epochs);
  }

  /**
   * Trains one member only, as {@link #fit} would. So the members can be computed by different machines, each with the
   * same folds, data and settings, and {@link #assemble} gives the bits of {@link #fit}.
   *
   * @param member 0 … K − 1
   * @param data the rows that the folds divide
   * @param epochs the most epochs, ≥ 1
   * @return the member, for {@link #assemble}
   * @throws IllegalStateException if a {@link #checkpoint} or a state to {@link #resume} is set, which describe all
   *     members
   * @throws DivergedException like {@link #fit}
   */
  public TrainedMember fitMember(int member, Dataset data, int epochs) {
    Objects.checkIndex(member, folds.length);
    requireEpochs(epochs);
    requireNoSnapshots();
    return new EnsembleRun(this, data).run(member, epochs);
  }

  /**
   * {@return the ensemble of members that were trained one by one, with their out-of-fold predictions} A member that is
   * missing counts as interrupted before its first epoch.
   *
   * @param data the rows that the members were trained on
   * @param trained the members, in any order
   * @throws IllegalArgumentException if a member is given twice, or does not fit folds, data and networks
   */
  public Ensemble assemble(Dataset data, List<TrainedMember> trained) {
    Set<Integer> given = new HashSet<>();
    for (TrainedMember m : trained) {
      if (m.member() >= folds.length) {
        throw new IllegalArgumentException("member " + m.member() + " of an ensemble of " + folds.length);
      }
      if (!given.add(m.member())) throw new IllegalArgumentException("member " + m.member() + " is given twice");
    }
    requireNoSnapshots();
    return new EnsembleRun(this, data).assemble(trained);
  }

  private static void requireEpochs(int epochs) {
    if (epochs < 1) throw new IllegalArgumentException("epochs: expected ≥ 1, found " + epochs);
  }

  private void requireNoSnapshots() {
    if (checkpoint == null && resumed == null) return;
    throw new IllegalStateException("checkpoints are of all members together, and members are trained one by one");
  }
}
