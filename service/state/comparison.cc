#include "service/state/comparison.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "service/base/dbt_version.h"
#include "service/base/error.h"
#include "service/state/content.h"
#include "service/state/contract.h"
#include "service/state/seed.h"

namespace doppel::state {

using manifest::Manifest;
using manifest::Node;
using manifest::NodeId;
using manifest::ResourceType;

namespace {

constexpr NodeId kNoNode = ~NodeId{0};

// Where dbt stumbles over what: these values look at every part of a node...
constexpr StateValue kBodyValues[] = {
    StateValue::kModified, StateValue::kUnmodified, StateValue::kModifiedBody};
constexpr StateValue kContractValues[] = {StateValue::kModified,
                                          StateValue::kUnmodified,
                                          StateValue::kModifiedContract};
constexpr StateValue kMacroValues[] = {StateValue::kModified,
                                       StateValue::kUnmodified,
                                       StateValue::kModifiedMacros};

// The sub-selector that shows causes of a kind.
struct SubSelector {
  CauseKind kind;
  StateValue value;
};
constexpr SubSelector kSubSelectors[] = {
    {CauseKind::kBody, StateValue::kModifiedBody},
    {CauseKind::kConfig, StateValue::kModifiedConfigs},
    {CauseKind::kPersistedDescription,
     StateValue::kModifiedPersistedDescriptions},
    {CauseKind::kRelation, StateValue::kModifiedRelation},
    {CauseKind::kMacro, StateValue::kModifiedMacros},
    {CauseKind::kContract, StateValue::kModifiedContract},
};

constexpr uint16_t Bit(StateValue value) {
  return uint16_t{1} << static_cast<int>(value);
}

// dbt drops the metrics of manifests up to v9, which were another thing.
bool HasMetrics(const Manifest& manifest) {
  return manifest.metadata().schema_version > 9;
}

Sides SidesOf(const Manifest& older, const Manifest& current,
              const CompareOptions& options) {
  auto reread = [&](const Manifest& manifest) {
    const absl::string_view version = manifest.metadata().dbt_version;
    return options.compare_more_unrendered_values && !version.empty() &&
           version != options.dbt_version &&
           !absl::StartsWith(version, absl::StrCat(options.dbt_version, "."));
  };
  return {older, current, options.compare_more_unrendered_values, reread(older),
          reread(current)};
}

absl::Status NullMacroError(const Node& node) {
  return Error(absl::StatusCode::kFailedPrecondition, Reason::kManifestBroken,
               absl::StrCat(
                   "Node '", node.name, "' (in ", node.original_file_path,
                   ") depends on a macro or test that does not exist. This "
                   "can happen when a macro or generic test is removed but is "
                   "still referenced. Check for typos and/or install package "
                   "dependencies with 'dbt deps'."))
      .With("unique_id", node.unique_id)
      .With("path", node.original_file_path);
}

}  // namespace

// Fills a comparison in one walk over both manifests' nodes.
class StateComparison::Builder {
 public:
  explicit Builder(StateComparison& result)
      : result_(result),
        current_(*result.current_),
        older_(*result.older_),
        sides_(SidesOf(older_, current_, result.options_)) {}

  void Run() {
    result_.counterparts_.assign(current_.node_count(), kNoNode);
    result_.matches_.assign(current_.node_count(), 0);
    FindCounterparts();
    const DbtVersion dbt = DbtVersionOf(result_.options_.dbt_version);
    for (NodeId id = 0; id < current_.node_count(); ++id) {
      const ResourceType type = current_.node(id).type;
      // Up to 1.8 dbt does not look at saved queries here, and up to 1.7 it
      // looks for no semantic model in the state.
      if (type == ResourceType::kSavedQuery && dbt < DbtVersion{1, 9, 0}) {
        continue;
      }
      if (type == ResourceType::kSemanticModel && dbt < DbtVersion{1, 8, 0}) {
        result_.counterparts_[id] = kNoNode;
      }
      CompareNode(id);
    }
    CheckRemovedContracts();
  }

 private:
  // Both manifests number their nodes in the order of their unique ids.
  void FindCounterparts() {
    const size_t older_count = older_.node_count();
    const auto current_ids = current_.id_fingerprints();
    const auto older_ids = older_.id_fingerprints();
    NodeId o = 0;
    for (NodeId c = 0; c < current_.node_count(); ++c) {
      const absl::string_view unique_id = current_.node(c).unique_id;
      // Nearly always the next one of both is the same.
      int order = o < older_count && older_ids[o] == current_ids[c] ? 0 : -1;
      while (order != 0 && o < older_count &&
             (order = older_.node(o).unique_id.compare(unique_id)) < 0) {
        result_.removed_.push_back(o++);
      }
      if (o == older_count || order != 0) continue;
      if (current_.node(c).type != ResourceType::kMetric ||
          HasMetrics(older_)) {
        result_.counterparts_[c] = o;
      }
      ++o;
    }
    while (o < older_count) result_.removed_.push_back(o++);
  }

  void CompareNode(NodeId id) {
    const Node& node = current_.node(id);
    const bool macros = AffectedByMacros(node);
    const NodeId older = result_.counterparts_[id];
    uint16_t matches = older == kNoNode
                           ? MatchesOfNew(node.type)
                           : MatchesOfOld(older_.node(older), node);
    if (macros) {
      matches |= Bit(StateValue::kModified) | Bit(StateValue::kModifiedMacros);
    }
    if (result_.strict_.has_value()) matches |= MatchesOfStrict(node, older);
    if (matches & (Bit(StateValue::kModified) | Bit(StateValue::kNew))) {
      matches |= kDiffers;
    }
    result_.matches_[id] = matches;
    if (!result_.options_.mutes.empty()) matches = WithoutMuted(id);
    if (!(matches & Bit(StateValue::kModified))) {
      matches |= Bit(StateValue::kUnmodified);
    }
    result_.matches_[id] = matches;
  }

  // To dbt a new source, exposure, metric, semantic model or saved query is
  // "new" but not "modified"; that it counts under some sub-selectors all the
  // same is dbt's way too.
  static uint16_t MatchesOfNew(ResourceType type) {
    uint16_t matches = Bit(StateValue::kNew);
    if (IsCodeNode(type)) {
      matches |= Bit(StateValue::kModifiedBody) |
                 Bit(StateValue::kModifiedPersistedDescriptions) |
                 Bit(StateValue::kModifiedContract);
    }
    if (IsCodeNode(type) || type == ResourceType::kUnitTest) {
      matches |= Bit(StateValue::kModified);
    }
    if (HasComparedConfig(type)) matches |= Bit(StateValue::kModifiedConfigs);
    if (HasRelation(type)) matches |= Bit(StateValue::kModifiedRelation);
    return matches;
  }

  uint16_t MatchesOfOld(const Node& older, const Node& node) {
    const Differences differences = CompareContent(sides_, older, node);
    uint16_t matches = Bit(StateValue::kOld);
    auto set = [&](Differences difference, StateValue value) {
      if (differences & difference) matches |= Bit(value);
    };
    set(ContentOf(node), StateValue::kModified);
    set(kDifferentBody, StateValue::kModifiedBody);
    set(kDifferentConfig, StateValue::kModifiedConfigs);
    set(kDifferentDescription, StateValue::kModifiedPersistedDescriptions);
    set(kDifferentRelation, StateValue::kModifiedRelation);
    if (node.type == ResourceType::kModel && ContractChanged(older, node)) {
      matches |=
          Bit(StateValue::kModified) | Bit(StateValue::kModifiedContract);
    }
    if (node.type == ResourceType::kSeed) {
      std::optional<Warning> warning = SeedWarning(older, node);
      if (warning.has_value()) Warn(kBodyValues, *warning);
    }
    return matches;
  }

  // Beside what dbt sees. To dbt some that are new are not modified.
  uint16_t MatchesOfStrict(const Node& node, NodeId older) {
    if (older == kNoNode) return Bit(StateValue::kModified);
    uint16_t matches = 0;
    for (const Cause& cause :
         result_.strict_->Causes(older_.node(older), node)) {
      matches |= Bit(StateValue::kModified);
      if (cause.kind == CauseKind::kMacro) {
        matches |= Bit(StateValue::kModifiedMacros);
      } else if (cause.kind == CauseKind::kBody) {
        matches |= Bit(StateValue::kModifiedBody);
      }
    }
    return matches;
  }

  // What a node matches when only the causes that are left count.
  uint16_t WithoutMuted(NodeId id) {
    uint16_t matches = result_.matches_[id];
    if (!(matches & kDiffers)) return matches;
    const std::vector<Cause> left = result_.Causes(id);
    const std::vector<Cause> muted = result_.MutedCauses(id);
    if (muted.empty()) return matches;
    if (left.empty()) matches &= ~Bit(StateValue::kModified);
    for (const auto& [kind, value] : kSubSelectors) {
      const auto is_kind = [k = kind](const Cause& c) { return c.kind == k; };
      const bool new_is_muted =
          left.empty() && (matches & Bit(StateValue::kNew));
      if (new_is_muted || (std::any_of(muted.begin(), muted.end(), is_kind) &&
                           std::none_of(left.begin(), left.end(), is_kind))) {
        matches &= ~Bit(value);
      }
    }
    return matches;
  }

  bool AffectedByMacros(const Node& node) {
    if (!result_.macros_.any()) return false;
    if (node.has_null_macro) Fail(kMacroValues, NullMacroError(node));
    return result_.macros_.Affects(node.macros);
  }

  bool ContractChanged(const Node& older, const Node& node) {
    const ContractChange change =
        CompareContracts(older_, older, current_, node);
    if (!change.breaking.empty()) {
      ReportBreak(node.unique_id, node.name, node.original_file_path,
                  node.version != nullptr, change.breaking);
    }
    return change.changed;
  }

  void ReportBreak(absl::string_view unique_id, absl::string_view name,
                   absl::string_view path, bool versioned,
                   const std::vector<std::string>& breaking) {
    if (versioned) {
      Fail(kContractValues, ContractError(unique_id, name, path, breaking));
    } else {
      Warn(kContractValues, ContractWarning(name, path, breaking));
    }
  }

  // Models that were deleted, renamed or disabled. For a disabled one dbt
  // looks at what the current manifest says under "disabled".
  void CheckRemovedContracts() {
    for (NodeId id : result_.removed_) {
      const Node& node = older_.node(id);
      if (node.type == ResourceType::kModel &&
          !current_.IsDisabled(node.unique_id)) {
        CheckRemoved(RemovedModelOf(node));
      }
    }
    CheckDisabled();
  }

  void CheckDisabled() {
    std::map<std::string, RemovedModel> disabled;
    for (absl::string_view unique_id : current_.disabled()) {
      if (!older_.Find(unique_id).has_value()) continue;
      if (disabled.empty()) disabled = ReadDisabled(current_);
      auto found = disabled.find(std::string(unique_id));
      if (found != disabled.end()) CheckRemoved(found->second);
    }
  }

  void CheckRemoved(const RemovedModel& model) {
    const std::optional<std::string> broken =
        RemovalBreak(model, result_.options_.now);
    if (!broken.has_value()) return;
    ReportBreak(model.unique_id, model.name, model.original_file_path,
                model.versioned, {*broken});
  }

  template <size_t N>
  void Warn(const StateValue (&values)[N], const Warning& warning) {
    for (StateValue value : values) {
      result_.warnings_[static_cast<size_t>(value)].push_back(warning);
    }
  }

  template <size_t N>
  void Fail(const StateValue (&values)[N], const absl::Status& error) {
    for (StateValue value : values) {
      result_.errors_[static_cast<size_t>(value)].Update(error);
    }
  }

  StateComparison& result_;
  const Manifest& current_;
  const Manifest& older_;
  const Sides sides_;
};

StateComparison::StateComparison(std::shared_ptr<const Manifest> current,
                                 std::shared_ptr<const Manifest> older,
                                 const CompareOptions& options)
    : current_(std::move(current)),
      older_(std::move(older)),
      options_(options),
      macros_(*current_, *older_) {
  if (options_.strict) {
    strict_.emplace(*current_, *older_, macros_, options_);
  }
}

std::shared_ptr<const StateComparison> StateComparison::Make(
    std::shared_ptr<const Manifest> current,
    std::shared_ptr<const Manifest> older, const CompareOptions& options) {
  std::shared_ptr<StateComparison> result(
      new StateComparison(std::move(current), std::move(older), options));
  Builder(*result).Run();
  return result;
}

std::optional<NodeId> StateComparison::Counterpart(NodeId current) const {
  const NodeId older = counterparts_[current];
  if (older == kNoNode) return std::nullopt;
  return older;
}

std::vector<Cause> StateComparison::Causes(NodeId current) const {
  return CausesThatAre(false, current);
}

std::vector<Cause> StateComparison::MutedCauses(NodeId current) const {
  return CausesThatAre(true, current);
}

bool StateComparison::HasMutedCauses(NodeId current) const {
  return (matches_[current] & kDiffers) && !MutedCauses(current).empty();
}

std::vector<Cause> StateComparison::CausesThatAre(bool muted,
                                                  NodeId current) const {
  if (muted && options_.mutes.empty()) return {};
  std::vector<Cause> causes = AllCauses(current);
  if (options_.mutes.empty()) return causes;
  const absl::string_view adapter = current_->metadata().adapter_type;
  std::erase_if(causes, [&](const Cause& cause) {
    return options_.mutes.Cover(cause, adapter) != muted;
  });
  return causes;
}

std::vector<Cause> StateComparison::AllCauses(NodeId current) const {
  const Node& node = current_->node(current);
  std::vector<Cause> causes;
  if (!(matches_[current] & kDiffers)) return causes;
  if (Matches(current, StateValue::kNew)) {
    causes.push_back({CauseKind::kNew, "", {}, ""});
    return causes;
  }
  const auto append = [&causes](std::vector<Cause> more) {
    std::move(more.begin(), more.end(), std::back_inserter(causes));
  };
  const Node& older = older_->node(counterparts_[current]);
  const Sides sides = SidesOf(*older_, *current_, options_);
  append(ContentCauses(sides, older, node,
                       CompareContent(sides, older, node) & ContentOf(node)));
  if (node.type == ResourceType::kModel) {
    append(ContractCauses(*older_, older, *current_, node));
  }
  append(macros_.Causes(node.macros));
  if (strict_.has_value()) append(strict_->Causes(older, node));
  return causes;
}

const std::vector<Warning>& StateComparison::WarningsFor(
    StateValue value) const {
  return warnings_[static_cast<size_t>(value)];
}

const absl::Status& StateComparison::ErrorFor(StateValue value) const {
  return errors_[static_cast<size_t>(value)];
}

}  // namespace doppel::state
