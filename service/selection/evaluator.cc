#include "service/selection/evaluator.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "service/base/error.h"
#include "service/base/status_macros.h"
#include "service/selection/criterion_parser.h"
#include "service/selection/graph_walk.h"
#include "service/selection/methods.h"
#include "service/selection/wildcard.h"
#include "service/selection/yaml_selectors.h"

namespace doppel::selection {
namespace {

using manifest::NodeId;
using manifest::ResourceType;

// dbt itself gives up at some 30.
constexpr size_t kMaxOpenSelectors = 32;

// Fewer names are sooner found one by one.
constexpr size_t kSmallestBatch = 8;

// Takes the next set into what was combined so far.
void Combine(Spec::Kind kind, const NodeSet& next, NodeSet& combined) {
  switch (kind) {
    case Spec::Kind::kUnion:
      combined |= next;
      break;
    case Spec::Kind::kIntersection:
      combined &= next;
      break;
    default:
      combined -= next;
      break;
  }
}

void CollectNames(const Spec& spec, FqnBatch& names) {
  if (spec.kind == Spec::Kind::kCriterion) {
    if (spec.criterion.method == Method::kFqn) names.Add(spec.criterion.value);
    return;
  }
  for (const Spec& part : spec.parts) CollectNames(part, names);
}

}  // namespace

Evaluator::Evaluator(const SelectionInputs& inputs, IndirectSelection mode,
                     const KeptNodes& kept, DbtVersion dbt)
    : inputs_(inputs),
      manifest_(*inputs.current),
      mode_(mode),
      kept_(kept),
      dbt_(dbt),
      sources_(inputs.current->node_count()) {
  for (NodeId id = 0; id < manifest_.node_count(); ++id) {
    if (manifest_.node(id).type == ResourceType::kSource) sources_.Add(id);
  }
}

absl::StatusOr<NodeSet> Evaluator::Evaluate(const Spec& spec) {
  if (open_selectors_.empty()) {
    CollectNames(spec, names_);
    if (names_.size() >= kSmallestBatch) names_.Match(manifest_);
  }
  DOPPEL_ASSIGN_OR_RETURN(Selected selected, Select(spec));
  return std::move(selected.direct);
}

absl::StatusOr<Evaluator::Selected> Evaluator::Select(const Spec& spec) {
  return spec.kind == Spec::Kind::kCriterion ? SelectCriterion(spec.criterion)
                                             : SelectGroup(spec);
}

absl::StatusOr<Evaluator::Selected> Evaluator::SelectCriterion(
    const Criterion& criterion) {
  const NodeSet none(manifest_.node_count());
  if (criterion.method == Method::kSelector) {
    DOPPEL_ASSIGN_OR_RETURN(const NodeSet matched, MatchSelectors(criterion));
    return Selected{WithNeighbors(criterion, matched), none};
  }
  DOPPEL_ASSIGN_OR_RETURN(const NodeSet matched, Match(criterion));
  if (criterion.method == Method::kState) {
    const auto value = state::StateValueFromName(criterion.value);
    for (const state::Warning& warning : inputs_.state->WarningsFor(*value)) {
      Warn(warning);
    }
  }
  const NodeSet selected = WithNeighbors(criterion, matched);
  if (criterion.indirect_selection == IndirectSelection::kEmpty) {
    // dbt 1.8 and older leave out the neighbors, too.
    return Selected{dbt_ < DbtVersion{1, 9, 0} ? matched : selected, none};
  }
  return WithTests(selected, criterion.indirect_selection);
}

absl::StatusOr<Evaluator::Selected> Evaluator::SelectGroup(const Spec& spec) {
  NodeSet direct(manifest_.node_count());
  NodeSet indirect(manifest_.node_count());
  for (size_t i = 0; i < spec.parts.size(); ++i) {
    DOPPEL_ASSIGN_OR_RETURN(Selected selected, Select(spec.parts[i]));
    selected.indirect |= selected.direct;
    const Spec::Kind kind = i == 0 ? Spec::Kind::kUnion : spec.kind;
    Combine(kind, selected.direct, direct);
    Combine(kind, selected.indirect, indirect);
  }
  NodeSet chosen = WithIndirect(direct, indirect, spec.indirect_selection);
  if (spec.expect_exists && chosen.empty()) {
    Warn({"NoNodesForSelectionCriteria",
          absl::StrCat("The selection criterion '", spec.raw,
                       dbt_ < DbtVersion{1, 8, 0}
                           ? "' does not match any nodes"
                           : "' does not match any enabled nodes")});
  }
  return Selected{std::move(chosen), std::move(indirect)};
}

absl::StatusOr<NodeSet> Evaluator::Match(const Criterion& criterion) {
  if (criterion.method == Method::kFqn && names_.size() >= kSmallestBatch) {
    if (const auto* const ids = names_.Find(criterion.value)) {
      NodeSet found(manifest_.node_count());
      for (const NodeId id : *ids) found.Add(id);
      return found;
    }
  }
  return MatchMethod(criterion, inputs_, dbt_);
}

// selector:<pattern>: what the named YAML selectors select.
absl::StatusOr<NodeSet> Evaluator::MatchSelectors(const Criterion& criterion) {
  const Wildcard wildcard(criterion.value);
  NodeSet found(manifest_.node_count());
  bool any = false;
  for (const std::string& name : SelectorNames(manifest_)) {
    if (!wildcard.Matches(name)) continue;
    any = true;
    DOPPEL_ASSIGN_OR_RETURN(const NodeSet* const selected,
                            SelectNamed(criterion, name));
    found |= *selected;
  }
  if (any) return found;
  return Error(absl::StatusCode::kNotFound, Reason::kSelectorNotFound,
               absl::StrCat("Selector '", criterion.value,
                            "' did not match any selector of the manifest; it "
                            "has: ",
                            absl::StrJoin(SelectorNames(manifest_), ", ")))
      .With("selector", criterion.value)
      .Resource("selector", criterion.value);
}

absl::StatusOr<const NodeSet*> Evaluator::SelectNamed(
    const Criterion& criterion, const std::string& name) {
  if (const auto done = selectors_.find(name); done != selectors_.end()) {
    return &done->second;
  }
  if (std::count(open_selectors_.begin(), open_selectors_.end(), name) > 0) {
    return SelectionError(
        Reason::kSelectorInvalid, criterion.origin,
        absl::StrCat("circular dependency of selectors: ",
                     absl::StrJoin(open_selectors_, " > "), " > ", name));
  }
  if (open_selectors_.size() >= kMaxOpenSelectors) {
    return SelectionError(
        Reason::kSelectorInvalid, criterion.origin,
        absl::StrCat("selectors refer to each other more than ",
                     kMaxOpenSelectors, " deep"));
  }
  DOPPEL_ASSIGN_OR_RETURN(const Spec spec,
                          ParseSelector(manifest_, name, mode_, dbt_));
  open_selectors_.push_back(name);
  DOPPEL_ASSIGN_OR_RETURN(const NodeSet selected, Evaluate(spec));
  open_selectors_.pop_back();
  NodeSet kept(manifest_.node_count());
  selected.ForEach([&](NodeId id) {
    if (kept_.Has(manifest_.node(id))) kept.Add(id);
  });
  return &selectors_.emplace(name, std::move(kept)).first->second;
}

NodeSet Evaluator::WithNeighbors(const Criterion& criterion,
                                 const NodeSet& matched) const {
  NodeSet selected = matched;
  if (criterion.childrens_parents) {
    selected |= WithAncestors(manifest_, WithDescendants(manifest_, matched));
  }
  if (criterion.parents) {
    selected |= WithAncestors(manifest_, matched, criterion.parents_depth);
  }
  if (criterion.children) {
    selected |= WithDescendants(manifest_, matched, criterion.children_depth);
  }
  return selected;
}

bool Evaluator::ParentsAreIn(NodeId id, const NodeSet& set) const {
  const auto parents = manifest_.parents(id);
  return std::all_of(parents.begin(), parents.end(),
                     [&set](NodeId parent) { return set.Contains(parent); });
}

// Adds the tests of the selected nodes, directly or as ones that may join.
Evaluator::Selected Evaluator::WithTests(const NodeSet& selected,
                                         IndirectSelection mode) const {
  Selected result{selected, NodeSet(manifest_.node_count())};
  NodeSet buildable(manifest_.node_count());
  if (mode == IndirectSelection::kBuildable) {
    buildable = WithAncestors(manifest_, selected) | sources_;
  }
  selected.ForEach([&](NodeId id) {
    for (const NodeId child : manifest_.children(id)) {
      const manifest::Node& node = manifest_.node(child);
      if (!node.enabled || (node.type != ResourceType::kTest &&
                            node.type != ResourceType::kUnitTest)) {
        continue;
      }
      if (mode == IndirectSelection::kEager || ParentsAreIn(child, selected) ||
          (mode == IndirectSelection::kBuildable &&
           ParentsAreIn(child, buildable))) {
        result.direct.Add(child);
      } else {
        result.indirect.Add(child);
      }
    }
  });
  return result;
}

// The tests of a group whose parents come from several of its parts.
NodeSet Evaluator::WithIndirect(const NodeSet& direct, const NodeSet& indirect,
                                IndirectSelection mode) const {
  if (direct == indirect || (mode != IndirectSelection::kCautious &&
                             mode != IndirectSelection::kBuildable)) {
    return direct;
  }
  const NodeSet among = mode == IndirectSelection::kBuildable
                            ? WithAncestors(manifest_, direct)
                            : direct;
  NodeSet selected = direct;
  indirect.ForEach([&](NodeId id) {
    // dbt reconsiders what its `nodes` map holds, so no unit tests.
    if (manifest_.node(id).type != ResourceType::kUnitTest &&
        ParentsAreIn(id, among)) {
      selected.Add(id);
    }
  });
  return selected;
}

void Evaluator::Warn(const state::Warning& warning) {
  if (std::count(warnings_.begin(), warnings_.end(), warning) == 0) {
    warnings_.push_back(warning);
  }
}

}  // namespace doppel::selection
