// Which relation does each ref read? For the nodes that are going to run, each
// of their refs with the relation to use, whose it is, and why.
//
// The rules are dbt's: for dbt 1.8 and later those of context/providers.py
// (RuntimeRefResolver) and contracts/graph/manifest.py (merge_from_artifact),
// for dbt 1.7 and earlier those of its merge_from_artifact, which replaced
// nodes. dbt knows one source; here they are asked in their order, and the
// first that may serve a node and has it (not as an ephemeral model) takes the
// place of dbt's state.
//
// Thread contract: Resolve is a pure function, safe from any thread; a
// Resolution is immutable and keeps its manifests alive.
#ifndef DOPPEL_SERVICE_DEFERRAL_RESOLUTION_H_
#define DOPPEL_SERVICE_DEFERRAL_RESOLUTION_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "service/base/relation.h"
#include "service/deferral/dbt_rules.h"
#include "service/deferral/existing_relations.h"
#include "service/deferral/source.h"
#include "service/dialect/dialect.h"
#include "service/manifest/manifest.h"
#include "service/state/cause.h"

namespace doppel::deferral {

// The dbt command that is going to run.
enum class Command : uint8_t {
  kBuild,
  kRun,
  kTest,
  kSeed,
  kSnapshot,
  kCompile,  // builds nothing
};

// Whose relation a ref reads.
enum class Origin : uint8_t { kTarget, kSource, kInlined };

// The rule that decided, in the order in which they are tried.
enum class Rule : uint8_t {
  kEphemeral,
  kSourceDefinition,
  kNotInSources,
  kBuiltByThisRun,
  kFavorState,
  kMissingInTarget,
  kExistsInTarget,
  // dbt 1.7 and earlier, before all others. From 1.12, a foreign key.
  kSelected,
  // That dbt does not defer such a ref.
  kNotDeferred,
  // dbt 1.11 and later: what a foreign key points to, existing or not.
  kForeignKey,
};

// What the node does with the relation.
enum class Usage : uint8_t {
  kCode,
  kHook,        // a pre-hook or post-hook of it reads it
  kForeignKey,  // a constraint of it points there
  kFixture,     // a unit test takes the columns of an input from it
};

// What became of a source that was asked.
enum class Outcome : uint8_t {
  kChosen,
  kAbsent,
  kMayNotServe,
  kEphemeral,
  kNotNeeded,
};

struct Considered {
  size_t source = 0;
  Outcome outcome = Outcome::kAbsent;
  // What it would have served; its node, or kNoNode.
  manifest::NodeId node = 0;
};

inline constexpr uint16_t kNoSource = 0xFFFF;
inline constexpr manifest::NodeId kNoNode = ~manifest::NodeId{0};

// One ref (or source(), or function) of a node. Ids are those of the current
// manifest but for source_node.
struct RefResolution {
  manifest::NodeId node = 0;  // whom it names
  Origin origin = Origin::kTarget;
  Rule rule = Rule::kExistsInTarget;
  Usage usage = Usage::kCode;
  uint16_t source = kNoSource;  // that serves it
  manifest::NodeId source_node = kNoNode;
  // The ephemeral model whose inlined code has the ref; kNoNode where the
  // node's own code has it.
  manifest::NodeId through = kNoNode;
};

struct DeferralSummary {
  int selected_nodes = 0;
  int refs = 0;
  int deferred_refs = 0;
  int target_refs = 0;
  int inlined_refs = 0;
  // Distinct relations that are borrowed.
  int borrowed_relations = 0;
  // Refs that read the target and find nothing there.
  int unresolved_refs = 0;
};

struct ResolveInputs {
  std::shared_ptr<const manifest::Manifest> current;
  std::vector<DeferSource> sources;  // at most 65,534
  // What the command's --select gives, ascending. Nodes of a type that the
  // command does not run are left out, as dbt does; on-run-start and
  // on-run-end hooks that read something come along with a command that runs
  // them.
  std::vector<manifest::NodeId> selected;
  Command command = Command::kBuild;
  bool favor_state = false;
  // What exists in the target.
  std::shared_ptr<const ExistingRelations> target;
  DbtRules rules;
  const dialect::Dialect* dialect = nullptr;
  dialect::Quoting quoting;  // the current project's
};

class Resolution {
 public:
  // How many nodes are going to run, in the order of their unique ids.
  size_t node_count() const { return nodes_.size(); }
  manifest::NodeId node(size_t index) const { return nodes_[index]; }
  std::span<const RefResolution> refs(size_t index) const {
    return std::span(refs_).subspan(begin_[index],
                                    begin_[index + 1] - begin_[index]);
  }

  // The relation that the ref reads; none where it is inlined. Rendered, it is
  // what dbt's ref() gives.
  std::optional<RelationName> RelationOf(const RefResolution& ref) const;
  std::string Render(const RelationName& name) const;
  // The same for what this ref reads: the project's quoting holds for neither
  // sources nor functions.
  std::string Render(const RefResolution& ref) const;
  dialect::Quoting QuotingFor(const RefResolution& ref) const;

  // The rule in words, with the names of this case.
  std::string Explain(const RefResolution& ref) const;

  // Every source that was asked for it, in order, up to the one that won.
  // Empty where none was asked.
  std::vector<Considered> ConsideredFor(const RefResolution& ref) const;

  // How many refs each source serves.
  const std::vector<int>& served_refs() const { return served_refs_; }
  const DeferralSummary& summary() const { return summary_; }
  const std::vector<state::Warning>& warnings() const { return warnings_; }
  const ResolveInputs& inputs() const { return inputs_; }

 private:
  friend class Resolver;

  explicit Resolution(ResolveInputs inputs) : inputs_(std::move(inputs)) {}

  ResolveInputs inputs_;
  std::vector<manifest::NodeId> nodes_;
  std::vector<size_t> begin_;
  std::vector<RefResolution> refs_;
  std::vector<int> served_refs_;
  DeferralSummary summary_;
  std::vector<state::Warning> warnings_;
};

Resolution Resolve(ResolveInputs inputs);

// "favor_state", "missing_in_target", ...: the proto's names without the
// prefix, lower case.
absl::string_view RuleName(Rule rule);
absl::string_view OriginName(Origin origin);
absl::string_view UsageName(Usage usage);

}  // namespace doppel::deferral

#endif  // DOPPEL_SERVICE_DEFERRAL_RESOLUTION_H_
