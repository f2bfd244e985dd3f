// Compares two manifests as dbt's `state:` method does: which nodes are new,
// which are modified, and by what.
//
// The rules are dbt 1.12's (graph/selector_methods.py StateSelectorMethod and
// the same_* methods of contracts/graph/nodes.py). The whole comparison is made
// at once: it costs a look at some fingerprints for each node.
//
// Thread contract: a StateComparison is immutable; it keeps the two manifests
// that it was made from alive.
#ifndef DOPPEL_SERVICE_STATE_COMPARISON_H_
#define DOPPEL_SERVICE_STATE_COMPARISON_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/manifest/manifest.h"

namespace doppel::state {

// What can follow "state:".
enum class StateValue : uint8_t {
  kNew,
  kOld,
  kModified,
  kUnmodified,
  kModifiedBody,
  kModifiedConfigs,
  kModifiedPersistedDescriptions,
  kModifiedRelation,
  kModifiedMacros,
  kModifiedContract,
};

// "modified.body" and the like; none for any other text.
std::optional<StateValue> StateValueFromName(absl::string_view name);
absl::string_view StateValueName(StateValue value);

// Why a node counts as changed.
enum class CauseKind : uint8_t {
  kNew,                    // no counterpart in the older manifest
  kBody,                   // raw_code, or a seed's checksum
  kConfig,                 // subject: the key of unrendered_config
  kPersistedDescription,   // subject: "" for the relation, else the column
  kRelation,               // subject: database, schema, alias, identifier
  kFqn,                    // the file was moved
  kMacro,                  // subject: the changed macro; path: how it is reached
  kContract,               // subject: what about the contract
  kField,                  // subject: latest_version, access, owner, ...
};
absl::string_view CauseKindName(CauseKind kind);  // "body", "config", ...

struct Cause {
  CauseKind kind;
  std::string subject;
  // kMacro: unique ids from the first macro that the node calls to the changed
  // one, which is last.
  std::vector<std::string> path;
  // What changed, where it is short: "\"view\" -> \"table\"". May be empty.
  std::string detail;
};

// A finding that dbt prints as a warning: "UnversionedBreakingChange",
// "SeedExceedsLimitSamePath", ... with dbt's own text.
struct Warning {
  std::string name;
  std::string message;
};

struct CompareOptions {
  // dbt's flag state_modified_compare_more_unrendered_values (default true
  // from dbt 1.12): compare sources by unrendered database and schema.
  bool compare_more_unrendered_values = true;
};

class StateComparison {
 public:
  // Errors: FAILED_PRECONDITION CONTRACT_BROKEN is not among them: it is kept
  // in contract_error(), since dbt raises it only once a selection asks.
  static absl::StatusOr<std::shared_ptr<const StateComparison>> Make(
      std::shared_ptr<const manifest::Manifest> current,
      std::shared_ptr<const manifest::Manifest> older,
      const CompareOptions& options = {});
  virtual ~StateComparison() = default;

  virtual bool Matches(manifest::NodeId current, StateValue value) const = 0;

  // The older manifest's node of the same unique id.
  virtual std::optional<manifest::NodeId> Counterpart(
      manifest::NodeId current) const = 0;

  // Every cause of a node that is new or modified; empty for one that is not.
  virtual std::vector<Cause> Causes(manifest::NodeId current) const = 0;

  // Nodes of the older manifest that the current one lacks, ascending.
  virtual const std::vector<manifest::NodeId>& removed() const = 0;

  // What dbt would warn of (or raise: not OK) when `value` is evaluated.
  virtual const std::vector<Warning>& WarningsFor(StateValue value) const = 0;
  virtual absl::Status ErrorFor(StateValue value) const = 0;

  virtual const manifest::Manifest& current() const = 0;
  virtual const manifest::Manifest& older() const = 0;
};

}  // namespace doppel::state

#endif  // DOPPEL_SERVICE_STATE_COMPARISON_H_
