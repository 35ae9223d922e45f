// SPDX-License-Identifier: MIT
package chainrule.bench.peers;

/** A training of another framework, which is compared with the training of a setting here. */
public abstract class RosettaComparison {
  protected final RosettaSetting setting;
  /** The number at which the state of the optimizer here starts. */
  protected double initialState;

  private final RosettaReport report;

  protected RosettaComparison(RosettaReport report, RosettaSetting setting) {
    this.report = report;
    this.setting = setting;
  }

  /** Trains the other framework's network from {@link RosettaTraining#initialLayers}. */
  protected abstract RosettaRun run();

  /** Adds a line for a training there, which must equal the training here. */
  public final void same(String there) {
    report.same(setting.topic(), setting.here(), there, difference());
  }

  /** Adds a line for a training there that looks like the training here, but is not equal. */
  public final void differs(String there) {
    report.differs(setting.topic(), setting.here(), there, difference());
  }

  private double difference() {
    return RosettaTraining.run(setting, initialState).difference(run());
  }
}
