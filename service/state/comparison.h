// Compares two manifests as dbt's `state:` method does: which nodes are new,
// which are modified, and by what.
//
// The rules are dbt 1.12's (graph/selector_methods.py StateSelectorMethod and
// the same_* methods of contracts/graph/nodes.py), unless the options ask for
// more (strict) or less (mutes). The whole comparison is made at once: it costs
// a look at some fingerprints for each node. Causes are found when they are
// asked for.
//
// Thread contract: a StateComparison is immutable; it keeps the two manifests
// that it was made from alive.
#ifndef DOPPEL_SERVICE_STATE_COMPARISON_H_
#define DOPPEL_SERVICE_STATE_COMPARISON_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "service/manifest/manifest.h"
#include "service/state/cause.h"
#include "service/state/compare_options.h"
#include "service/state/macros.h"
#include "service/state/state_value.h"
#include "service/state/strict.h"

namespace doppel::state {

class StateComparison {
 public:
  static std::shared_ptr<const StateComparison> Make(
      std::shared_ptr<const manifest::Manifest> current,
      std::shared_ptr<const manifest::Manifest> older,
      const CompareOptions& options = {});

  StateComparison(const StateComparison&) = delete;
  StateComparison& operator=(const StateComparison&) = delete;

  bool Matches(manifest::NodeId current, StateValue value) const {
    return (matches_[current] >> static_cast<int>(value)) & 1;
  }

  // The older manifest's node of the same unique id.
  std::optional<manifest::NodeId> Counterpart(manifest::NodeId current) const;

  // Every cause of a node that is new or modified; empty for one that is not.
  std::vector<Cause> Causes(manifest::NodeId current) const;
  // Those that the caller muted, of any node.
  std::vector<Cause> MutedCauses(manifest::NodeId current) const;
  // Whether MutedCauses() may have any; without making them.
  bool HasMutedCauses(manifest::NodeId current) const;

  // Nodes of the older manifest that the current one lacks, ascending.
  const std::vector<manifest::NodeId>& removed() const { return removed_; }

  // What dbt would warn of when `value` is evaluated, each once, and what it
  // would raise. Errors: FAILED_PRECONDITION CONTRACT_BROKEN (a versioned
  // model's contract) or MANIFEST_BROKEN (a test whose macro was removed).
  const std::vector<Warning>& WarningsFor(StateValue value) const;
  const absl::Status& ErrorFor(StateValue value) const;

  const manifest::Manifest& current() const { return *current_; }
  const manifest::Manifest& older() const { return *older_; }

 private:
  class Builder;

  // A bit of matches_ beside those of the StateValues: modified or new before
  // anything was muted.
  static constexpr uint16_t kDiffers = uint16_t{1} << 15;

  StateComparison(std::shared_ptr<const manifest::Manifest> current,
                  std::shared_ptr<const manifest::Manifest> older,
                  const CompareOptions& options);

  // Muted or not.
  std::vector<Cause> AllCauses(manifest::NodeId current) const;
  std::vector<Cause> CausesThatAre(bool muted, manifest::NodeId current) const;

  std::shared_ptr<const manifest::Manifest> current_;
  std::shared_ptr<const manifest::Manifest> older_;
  CompareOptions options_;
  MacroChanges macros_;
  std::optional<StrictRules> strict_;
  // For each current node: its counterpart or kNoNode; a bit for each
  // StateValue.
  std::vector<manifest::NodeId> counterparts_;
  std::vector<uint16_t> matches_;
  std::vector<manifest::NodeId> removed_;
  std::vector<Warning> warnings_[kStateValueCount];
  absl::Status errors_[kStateValueCount];
};

}  // namespace doppel::state

#endif  // DOPPEL_SERVICE_STATE_COMPARISON_H_
