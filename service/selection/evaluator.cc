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

// All sets by the spec's operation; nothing of none.
template <typename Sets>
NodeSet Combine(Spec::Kind kind, const Sets& sets, size_t node_count) {
  if (sets.empty()) return NodeSet(node_count);
  NodeSet combined = sets[0];
  for (size_t i = 1; i < sets.size(); ++i) {
    switch (kind) {
      case Spec::Kind::kUnion:
        combined |= sets[i];
        break;
      case Spec::Kind::kIntersection:
        combined &= sets[i];
        break;
      default:
        combined -= sets[i];
        break;
    }
  }
  return combined;
}

}  // namespace

Evaluator::Evaluator(const SelectionInputs& inputs, IndirectSelection mode,
                     const KeptNodes& kept)
    : inputs_(inputs),
      manifest_(*inputs.current),
      mode_(mode),
      kept_(kept),
      sources_(inputs.current->node_count()) {
  for (NodeId id = 0; id < manifest_.node_count(); ++id) {
    if (manifest_.node(id).type == ResourceType::kSource) sources_.Add(id);
  }
}

absl::StatusOr<NodeSet> Evaluator::Evaluate(const Spec& spec) {
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
  DOPPEL_ASSIGN_OR_RETURN(const NodeSet matched,
                          MatchMethod(criterion, inputs_));
  if (criterion.method == Method::kState) {
    const auto value = state::StateValueFromName(criterion.value);
    for (const state::Warning& warning : inputs_.state->WarningsFor(*value)) {
      Warn(warning);
    }
  }
  const NodeSet selected = WithNeighbors(criterion, matched);
  if (criterion.indirect_selection == IndirectSelection::kEmpty) {
    return Selected{selected, none};
  }
  return WithTests(selected, criterion.indirect_selection);
}

absl::StatusOr<Evaluator::Selected> Evaluator::SelectGroup(const Spec& spec) {
  std::vector<NodeSet> direct;
  std::vector<NodeSet> all;
  for (const Spec& part : spec.parts) {
    DOPPEL_ASSIGN_OR_RETURN(Selected selected, Select(part));
    all.push_back(selected.direct | selected.indirect);
    direct.push_back(std::move(selected.direct));
  }
  const size_t count = manifest_.node_count();
  NodeSet indirect = Combine(spec.kind, all, count);
  NodeSet chosen = WithIndirect(Combine(spec.kind, direct, count), indirect,
                                spec.indirect_selection);
  if (spec.expect_exists && chosen.empty()) {
    Warn({"NoNodesForSelectionCriteria",
          absl::StrCat("The selection criterion '", spec.raw,
                       "' does not match any enabled nodes")});
  }
  return Selected{std::move(chosen), std::move(indirect)};
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
                          ParseSelector(manifest_, name, mode_));
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
