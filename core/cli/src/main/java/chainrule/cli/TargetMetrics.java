// SPDX-License-Identifier: MIT
package chainrule.cli;

import chainrule.data.Dataset;
import chainrule.data.Target;
import chainrule.train.Evaluation;
import chainrule.train.MultilabelMetrics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The metrics of one of several numeric targets.
 *
 * @param rmse √(mean of (ŷ − y)²), in the target's unit
 * @param mae mean of |ŷ − y|, in the target's unit
 */
record TargetMetrics(String name, double r2, double rmse, double mae) {

  /** Evaluates predictions ŷ [rows × outputs] of numbers. */
  static List<TargetMetrics> of(double[] yhat, Dataset data, Target target) {
    List<Evaluation> outputs = Evaluation.ofOutputs(yhat, data);
    List<TargetMetrics> metrics = new ArrayList<>();
    for (int j = 0; j < outputs.size(); j++) {
      Evaluation e = outputs.get(j);
      double unit = target.deviation(j);
      metrics.add(new TargetMetrics(target.names().get(j), e.r2(), e.rmse() * unit, e.mae() * unit));
    }
    return metrics;
  }

  /** Returns a JSON object for each target. */
  static List<Map<String, Object>> json(List<TargetMetrics> targets) {
    List<Map<String, Object>> list = new ArrayList<>();
    for (TargetMetrics t : targets) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("name", t.name);
      json.put("rmse", t.rmse);
      json.put("mae", t.mae);
      json.put("r2", t.r2);
      list.add(json);
    }
    return list;
  }

  /** Returns a JSON object for each label of a multilabel problem. */
  static List<Map<String, Object>> json(MultilabelMetrics metrics) {
    List<Map<String, Object>> list = new ArrayList<>();
    for (int l = 0; l < metrics.labels().size(); l++) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("name", metrics.labels().get(l));
      json.put("rows", metrics.actual(l));
      json.put("accuracy", metrics.accuracy(l));
      json.put("precision", metrics.precision(l));
      json.put("recall", metrics.recall(l));
      json.put("f1", metrics.f1(l));
      list.add(json);
    }
    return list;
  }
}
