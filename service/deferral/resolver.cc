#include "service/deferral/resolver.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace doppel::deferral {
namespace {

using manifest::Manifest;
using manifest::Node;
using manifest::NodeId;
using manifest::ResourceType;

// Whether dbt's command runs nodes of that type, so that they are in its
// selected set.
bool Runs(Command command, ResourceType type) {
  switch (command) {
    case Command::kBuild:
      return manifest::IsRefable(type) || type == ResourceType::kTest ||
             type == ResourceType::kUnitTest || type == ResourceType::kFunction;
    case Command::kRun:
      return type == ResourceType::kModel;
    case Command::kTest:
      return type == ResourceType::kTest || type == ResourceType::kUnitTest;
    case Command::kSeed:
      return type == ResourceType::kSeed;
    case Command::kSnapshot:
      return type == ResourceType::kSnapshot;
    case Command::kCompile:
      return manifest::IsRefable(type) || type == ResourceType::kTest ||
             type == ResourceType::kAnalysis ||
             type == ResourceType::kOperation ||
             type == ResourceType::kSqlOperation ||
             type == ResourceType::kFunction;
  }
  return false;
}

// Whether the command makes its relation.
bool Builds(Command command, ResourceType type) {
  return command != Command::kCompile && Runs(command, type) &&
         (manifest::IsRefable(type) || type == ResourceType::kFunction);
}

// Whether on-run-start and on-run-end hooks are run.
bool RunsHooks(Command command) { return command != Command::kCompile; }

// What can stand for a relation in the code of a node.
bool CanBeRead(ResourceType type) {
  return manifest::IsRefable(type) || type == ResourceType::kSource ||
         type == ResourceType::kFunction;
}

// Both manifests number their nodes in the order of their unique ids.
std::vector<NodeId> CounterpartsIn(const Manifest& current,
                                   const Manifest& other) {
  std::vector<NodeId> counterparts(current.node_count(), kNoNode);
  if (&other == &current) {
    std::iota(counterparts.begin(), counterparts.end(), NodeId{0});
    return counterparts;
  }
  const auto ids = current.id_fingerprints();
  const auto other_ids = other.id_fingerprints();
  size_t j = 0;
  for (NodeId i = 0; i < current.node_count(); ++i) {
    // Nearly always the next one of both is the same.
    if (j < other.node_count() && other_ids[j] == ids[i]) {
      counterparts[i] = static_cast<NodeId>(j++);
      continue;
    }
    const absl::string_view id = current.node(i).unique_id;
    while (j < other.node_count() && other.node(j).unique_id < id) ++j;
    if (j == other.node_count()) break;
    if (other.node(j).unique_id == id) {
      counterparts[i] = static_cast<NodeId>(j);
    }
  }
  return counterparts;
}

RefResolution ReadsTarget(NodeId node, Rule rule) {
  RefResolution ref;
  ref.node = node;
  ref.rule = rule;
  return ref;
}

RefResolution IsInlined(NodeId node) {
  RefResolution ref = ReadsTarget(node, Rule::kEphemeral);
  ref.origin = Origin::kInlined;
  return ref;
}

}  // namespace

Resolver::Resolver(ResolveInputs inputs)
    : resolution_(std::move(inputs)),
      inputs_(resolution_.inputs_),
      current_(*inputs_.current) {
  const size_t count = current_.node_count();
  for (const DeferSource& source : inputs_.sources) {
    counterparts_.push_back(CounterpartsIn(current_, *source.manifest));
  }
  selected_.resize(count);
  decided_.resize(count);
  decisions_.resize(count);
  borrowed_.resize(count);
  seen_by_.resize(count);
  can_be_read_.reserve(count);
  for (const Node& node : current_.nodes()) {
    can_be_read_.push_back(CanBeRead(node.type));
  }
}

Resolution Resolver::Run() && {
  resolution_.served_refs_.resize(inputs_.sources.size());
  Choose();
  size_t parents = 0;
  for (const NodeId node : resolution_.nodes_) {
    parents += current_.parents(node).size();
  }
  resolution_.refs_.reserve(parents);
  resolution_.begin_.reserve(resolution_.nodes_.size() + 1);
  for (const NodeId node : resolution_.nodes_) AddNode(node);
  resolution_.begin_.push_back(resolution_.refs_.size());
  Warn();
  return std::move(resolution_);
}

void Resolver::Choose() {
  for (const NodeId id : inputs_.selected) {
    if (!Runs(inputs_.command, current_.node(id).type)) continue;
    selected_[id] = true;
    resolution_.nodes_.push_back(id);
  }
  resolution_.summary_.selected_nodes =
      static_cast<int>(resolution_.nodes_.size());
  if (!RunsHooks(inputs_.command) || resolution_.nodes_.empty()) return;
  const size_t selected = resolution_.nodes_.size();
  for (NodeId id = 0; id < current_.node_count(); ++id) {
    if (current_.node(id).type == ResourceType::kOperation &&
        !current_.parents(id).empty()) {
      resolution_.nodes_.push_back(id);
    }
  }
  std::inplace_merge(
      resolution_.nodes_.begin(),
      resolution_.nodes_.begin() + static_cast<ptrdiff_t>(selected),
      resolution_.nodes_.end());
}

void Resolver::AddNode(NodeId reader) {
  resolution_.begin_.push_back(resolution_.refs_.size());
  if (current_.node(reader).type == ResourceType::kUnitTest) {
    AddFixtures(reader);
    return;
  }
  seen_by_[reader] = reader + 1;
  AddRefs(reader, reader, kNoNode);
  // The code of an ephemeral model becomes the reader's own, and so do its
  // refs.
  for (size_t i = 0; i < inlined_.size(); ++i) {
    AddRefs(reader, inlined_[i], inlined_[i]);
  }
  inlined_.clear();
  AddOtherUses(reader);
}

void Resolver::AddRefs(NodeId reader, NodeId of, NodeId through) {
  const std::vector<NodeId>& not_in_code = UsageFor(of).not_in_code;
  const bool before = IsBefore(reader);
  for (const NodeId node : current_.parents(of)) {
    if (seen_by_[node] == reader + 1) continue;
    if (!not_in_code.empty() &&
        std::binary_search(not_in_code.begin(), not_in_code.end(), node)) {
      continue;
    }
    seen_by_[node] = reader + 1;
    if (!can_be_read_[node]) continue;
    RefResolution ref = before ? DecideBeforeRun(node) : DecisionFor(node);
    ref.through = through;
    Add(ref, Usage::kCode);
    if (ref.origin == Origin::kInlined) inlined_.push_back(node);
  }
}

void Resolver::Add(RefResolution ref, Usage usage) {
  ref.usage = usage;
  resolution_.refs_.push_back(ref);
  Count(ref);
}

const NodeUsage& Resolver::UsageFor(NodeId id) {
  static const auto* const kAllInCode = new NodeUsage;
  const Node& node = current_.node(id);
  if (!node.has_hooks && !node.has_foreign_key) return *kAllInCode;
  const auto [place, is_new] = usages_.try_emplace(id);
  if (is_new) place->second = UsageOf(current_, id);
  return place->second;
}

void Resolver::AddOtherUses(NodeId reader) {
  const NodeUsage& usage = UsageFor(reader);
  for (const NodeId node : usage.hooks) Add(DecisionFor(node), Usage::kHook);
  for (const NodeId node : usage.foreign_keys) {
    Add(DecideForeignKey(node), Usage::kForeignKey);
  }
}

void Resolver::AddFixtures(NodeId unit_test) {
  const std::span<const NodeId> tested = current_.parents(unit_test);
  for (const NodeId node : FixturesOf(current_, unit_test)) {
    const bool is_tested = !tested.empty() && tested.front() == node;
    Add(DecideFixture(node, is_tested), Usage::kFixture);
  }
  for (const NodeId model : tested) {
    for (const NodeId node : current_.parents(model)) {
      if (current_.node(node).type != ResourceType::kFunction) continue;
      Add(DecisionFor(node), Usage::kCode);
    }
  }
}

// on-run-start: dbt has built nothing yet.
bool Resolver::IsBefore(NodeId reader) const {
  const Node& node = current_.node(reader);
  return node.type == ResourceType::kOperation && RunsHooks(inputs_.command) &&
         std::find(node.tags.begin(), node.tags.end(), "on-run-start") !=
             node.tags.end();
}

RefResolution Resolver::DecideBeforeRun(NodeId node) const {
  return inputs_.rules.replaces_nodes ? DecideByReplacing(node)
                                      : DecideAtRuntime(node, false);
}

// dbt's Compiler._compile_relation_for_foreign_key_constraint_to().
RefResolution Resolver::DecideForeignKey(NodeId node) const {
  if (current_.node(node).type == ResourceType::kSource) {
    return ReadsTarget(node, Rule::kSourceDefinition);
  }
  if (!inputs_.rules.defers_foreign_keys) {
    return ReadsTarget(node, Rule::kNotDeferred);
  }
  if (inputs_.rules.keeps_keys_to_selected && selected_[node]) {
    return ReadsTarget(node, Rule::kSelected);
  }
  const Server server = FindServer(node);
  if (server.source == kNoSource) return ReadsTarget(node, Rule::kNotInSources);
  return ReadsSource(node, Rule::kForeignKey, server);
}

// dbt's macro get_fixture_sql(): the deferred relation where the target's own
// is missing, be the state favoured or not. A unit test is run before the model
// that it tests, and after all that this model reads.
RefResolution Resolver::DecideFixture(NodeId node, bool is_tested) const {
  if (current_.node(node).type == ResourceType::kSource) {
    return ReadsTarget(node, Rule::kSourceDefinition);
  }
  const Server server = FindServer(node);
  if (server.source == kNoSource) return ReadsTarget(node, Rule::kNotInSources);
  if (Exists(node)) return ReadsTarget(node, Rule::kExistsInTarget);
  if (IsBuilt(node) && !is_tested &&
      !manifest::IsEphemeral(current_.node(node))) {
    return ReadsTarget(node, Rule::kBuiltByThisRun);
  }
  return ReadsSource(node, Rule::kMissingInTarget, server);
}

const RefResolution& Resolver::DecisionFor(NodeId node) {
  if (!decided_[node]) {
    decided_[node] = true;
    decisions_[node] = inputs_.rules.replaces_nodes
                           ? DecideByReplacing(node)
                           : DecideAtRuntime(node, IsBuilt(node));
  }
  return decisions_[node];
}

// dbt 1.8 and later.
RefResolution Resolver::DecideAtRuntime(NodeId node, bool is_built) const {
  const Node& named = current_.node(node);
  if (named.type == ResourceType::kSource) {
    return ReadsTarget(node, Rule::kSourceDefinition);
  }
  if (manifest::IsEphemeral(named)) return IsInlined(node);
  if (named.type == ResourceType::kFunction &&
      !inputs_.rules.defers_functions) {
    return ReadsTarget(node, Rule::kNotDeferred);
  }
  const Server server = FindServer(node);
  if (server.source == kNoSource) {
    return ReadsTarget(node, Rule::kNotInSources);
  }
  // dbt does not look for functions in the warehouse, nor does it remember
  // those that it has just built: it misses them.
  if (is_built && named.type != ResourceType::kFunction)
    return ReadsTarget(node, Rule::kBuiltByThisRun);
  if (inputs_.favor_state && !selected_[node]) {
    return ReadsSource(node, Rule::kFavorState, server);
  }
  if (Exists(node)) return ReadsTarget(node, Rule::kExistsInTarget);
  return ReadsSource(node, Rule::kMissingInTarget, server);
}

// dbt 1.7 and earlier: a node that is not selected is replaced by the state's,
// be it ephemeral or not.
RefResolution Resolver::DecideByReplacing(NodeId node) const {
  const Node& named = current_.node(node);
  if (named.type == ResourceType::kSource) {
    return ReadsTarget(node, Rule::kSourceDefinition);
  }
  const bool is_inlined = manifest::IsEphemeral(named);
  const auto unchanged = [&](Rule rule) {
    return is_inlined ? IsInlined(node) : ReadsTarget(node, rule);
  };
  if (selected_[node]) return unchanged(Rule::kSelected);
  const Server server =
      named.type == ResourceType::kFunction ? Server() : FindServer(node);
  if (server.source == kNoSource) return unchanged(Rule::kNotInSources);
  if (inputs_.favor_state && inputs_.rules.has_favor_state) {
    return ReadsSource(node, Rule::kFavorState, server);
  }
  if (inputs_.rules.checks_existence && Exists(node)) {
    return unchanged(Rule::kExistsInTarget);
  }
  return ReadsSource(node, Rule::kMissingInTarget, server);
}

Resolver::Server Resolver::FindServer(NodeId node) const {
  for (size_t i = 0; i < inputs_.sources.size(); ++i) {
    const NodeId candidate = counterparts_[i][node];
    if (candidate == kNoNode) continue;
    const DeferSource& source = inputs_.sources[i];
    if (MayServe(source, candidate) &&
        IsServable(source.manifest->node(candidate))) {
      return {static_cast<uint16_t>(i), candidate};
    }
  }
  return {};
}

RefResolution Resolver::ReadsSource(NodeId node, Rule rule,
                                    const Server& server) {
  RefResolution ref = ReadsTarget(node, rule);
  ref.origin = Origin::kSource;
  ref.source = server.source;
  ref.source_node = server.node;
  return ref;
}

bool Resolver::Exists(NodeId node) const {
  return inputs_.target != nullptr &&
         inputs_.target->Contains(current_.node(node));
}

bool Resolver::IsBuilt(NodeId node) const {
  return selected_[node] && Builds(inputs_.command, current_.node(node).type);
}

void Resolver::Count(const RefResolution& ref) {
  DeferralSummary& summary = resolution_.summary_;
  ++summary.refs;
  switch (ref.origin) {
    case Origin::kInlined:
      ++summary.inlined_refs;
      return;
    case Origin::kSource:
      ++summary.deferred_refs;
      ++resolution_.served_refs_[ref.source];
      if (!borrowed_[ref.node]) ++summary.borrowed_relations;
      borrowed_[ref.node] = true;
      return;
    case Origin::kTarget:
      ++summary.target_refs;
      if ((ref.rule == Rule::kNotInSources || ref.rule == Rule::kSelected) &&
          !IsBuilt(ref.node) && !Exists(ref.node)) {
        ++summary.unresolved_refs;
      }
  }
}

void Resolver::Warn() {
  const absl::string_view adapter = current_.metadata().adapter_type;
  for (const DeferSource& source : inputs_.sources) {
    const Manifest& manifest = *source.manifest;
    const absl::string_view other = manifest.metadata().adapter_type;
    if (other != adapter && !other.empty() && !adapter.empty()) {
      resolution_.warnings_.push_back(
          {"SourceOfAnotherWarehouse",
           absl::StrCat(source.label, " is of ", other,
                        ", the manifest to be run of ", adapter,
                        ": it can read no relation there")});
    }
    size_t deferred = 0;
    for (const Node& node : manifest.nodes()) deferred += node.deferred;
    if (deferred > 0) {
      resolution_.warnings_.push_back(
          {"SourceDefersItself",
           absl::StrCat(source.label, ": ", deferred,
                        " of its nodes were deferred when it was written, and "
                        "stand for another environment's relations")});
    }
  }
}

Resolution Resolve(ResolveInputs inputs) {
  return Resolver(std::move(inputs)).Run();
}

}  // namespace doppel::deferral
