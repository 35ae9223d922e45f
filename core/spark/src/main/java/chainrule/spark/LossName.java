// SPDX-License-Identifier: MIT
package chainrule.spark;

import chainrule.nn.loss.Huber;
import chainrule.nn.loss.Loss;
import chainrule.nn.loss.Losses;
import java.io.Serializable;

/**
 * A built-in loss, to be restored on executors.
 *
 * @param delta of {@link Huber}; 0 for the others
 */
record LossName(String name, double delta) implements Serializable {

  /** @throws IllegalArgumentException if the loss is not built in: executors would not know it */
  static LossName of(Loss loss) {
    LossName name = new LossName(loss.name(), loss instanceof Huber h ? h.delta() : 0);
    if (Losses.named(loss.name()).isPresent() && name.loss().equals(loss)) return name;
    throw new IllegalArgumentException("the loss " + loss.name() + " is not built in, so executors do not know it. "
        + "Expected one of " + String.join(", ", Losses.names()) + ". Or train on one machine");
  }

  Loss loss() {
    Loss loss = Losses.named(name).orElseThrow();
    return loss instanceof Huber h ? new Huber(delta, h.reduction()) : loss;
  }
}
