// Evaluates a Spec on a graph: criteria, graph operators, set operations, and
// the tests that join through the nodes that they test (dbt 1.12,
// graph/selector.py NodeSelector).
//
// Thread contract: thread-compatible; made for one selection.
#ifndef DOPPEL_SERVICE_SELECTION_EVALUATOR_H_
#define DOPPEL_SERVICE_SELECTION_EVALUATOR_H_

#include <string>
#include <vector>

#include "absl/container/node_hash_map.h"
#include "absl/status/statusor.h"
#include "service/base/dbt_version.h"
#include "service/manifest/manifest.h"
#include "service/selection/matchers.h"
#include "service/selection/node_set.h"
#include "service/selection/resource_types.h"
#include "service/selection/selection.h"
#include "service/selection/spec.h"
#include "service/state/comparison.h"

namespace doppel::selection {

class Evaluator {
 public:
  // `mode` is the one of the command line. dbt drops what is not kept from the
  // result of each `selector:` as well, before graph operators go on from it.
  // `inputs` and `kept` outlive the evaluator. `dbt`: whose rules hold.
  Evaluator(const SelectionInputs& inputs, IndirectSelection mode,
            const KeptNodes& kept, DbtVersion dbt = {});

  // The nodes that it selects. Errors: those of Select.
  absl::StatusOr<NodeSet> Evaluate(const Spec& spec);

  // What dbt would have warned of so far, each once, in order.
  const std::vector<state::Warning>& warnings() const { return warnings_; }

 private:
  // The selected nodes, and tests that would join if their other parents were
  // selected as well.
  struct Selected {
    NodeSet direct;
    NodeSet indirect;
  };

  absl::StatusOr<Selected> Select(const Spec& spec);
  absl::StatusOr<Selected> SelectCriterion(const Criterion& criterion);
  absl::StatusOr<Selected> SelectGroup(const Spec& spec);
  absl::StatusOr<NodeSet> Match(const Criterion& criterion);
  absl::StatusOr<NodeSet> MatchSelectors(const Criterion& criterion);
  absl::StatusOr<const NodeSet*> SelectNamed(const Criterion& criterion,
                                             const std::string& name);
  NodeSet WithNeighbors(const Criterion& criterion,
                        const NodeSet& matched) const;
  Selected WithTests(const NodeSet& selected, IndirectSelection mode) const;
  NodeSet WithIndirect(const NodeSet& direct, const NodeSet& indirect,
                       IndirectSelection mode) const;
  bool ParentsAreIn(manifest::NodeId id, const NodeSet& set) const;
  void Warn(const state::Warning& warning);

  const SelectionInputs& inputs_;
  const manifest::Manifest& manifest_;
  const IndirectSelection mode_;
  const KeptNodes& kept_;
  const DbtVersion dbt_;
  NodeSet sources_;
  FqnBatch names_;
  std::vector<std::string> open_selectors_;  // to find circles
  // What selectors that are done select: each is evaluated once. (Of a
  // node_hash_map, values stay where they are.)
  absl::node_hash_map<std::string, NodeSet> selectors_;
  std::vector<state::Warning> warnings_;
};

}  // namespace doppel::selection

#endif  // DOPPEL_SERVICE_SELECTION_EVALUATOR_H_
