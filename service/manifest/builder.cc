#include "service/manifest/builder.h"

#include <algorithm>
#include <limits>
#include <span>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "service/base/error.h"
#include "service/base/status_macros.h"
#include "service/manifest/storage.h"

namespace doppel::manifest {
namespace {

constexpr uint32_t kNone = std::numeric_limits<uint32_t>::max();
constexpr size_t kMostDangling = 100;

void SortUnique(std::vector<uint32_t>& numbers) {
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
}

// Room for as many nodes as a manifest of that size has at most, as a rule.
// Memory that is not written to costs nothing.
size_t LikelyNodes(size_t text_size) { return text_size / 1024 + 16; }

// Puts the element `order[i]` into the place i, for all i.
template <typename T>
void Arrange(std::vector<T>& values, std::vector<uint32_t> order) {
  for (uint32_t first = 0; first < order.size(); ++first) {
    if (order[first] == first) continue;
    // One round of places, each of which takes from the next.
    const T kept = values[first];
    uint32_t to = first;
    while (true) {
      const uint32_t from = std::exchange(order[to], to);
      if (from == first) break;
      values[to] = values[from];
      to = from;
    }
    values[to] = kept;
  }
}

}  // namespace

ManifestBuilder::ManifestBuilder(size_t text_size)
    : manifest_(new Manifest()),
      strings_(&arena()),
      node_ids_(&arena()),
      macro_ids_(&arena()),
      values_(&arena(), &strings_),
      passing_strings_(&passing_arena_),
      passing_values_(&passing_arena_, &passing_strings_),
      nodes_{manifest_->storage_->nodes, {}},
      macros_{manifest_->storage_->macros, {}} {
  nodes_.values.reserve(LikelyNodes(text_size));
}

Arena& ManifestBuilder::arena() { return manifest_->storage_->arena; }

Metadata& ManifestBuilder::metadata() { return manifest_->metadata_; }

void ManifestBuilder::set_selectors(const JsonValue* selectors) {
  manifest_->selectors_ = selectors;
}

void ManifestBuilder::DependOnNode(absl::string_view unique_id) {
  node_edges_.push_back(node_ids_.Number(unique_id));
}

void ManifestBuilder::DependOnMacro(absl::string_view unique_id) {
  macro_edges_.push_back(macro_ids_.Number(unique_id));
}

ManifestBuilder::Edges ManifestBuilder::TakeParents() {
  const auto end = static_cast<uint32_t>(node_edges_.size());
  return {std::exchange(node_edges_taken_, end), end};
}

ManifestBuilder::Edges ManifestBuilder::TakeMacros() {
  const auto end = static_cast<uint32_t>(macro_edges_.size());
  return {std::exchange(macro_edges_taken_, end), end};
}

void ManifestBuilder::AddNode(const Node& node, Symbol id) {
  nodes_.values.push_back(node);
  nodes_.values.back().unique_id = node_ids_.text(id);
  nodes_.added.push_back({id, TakeParents(), TakeMacros()});
}

void ManifestBuilder::AddMacro(const Macro& macro, Symbol id) {
  macros_.values.push_back(macro);
  macros_.values.back().unique_id = macro_ids_.text(id);
  macros_.added.push_back({id, {}, TakeMacros()});
}

void ManifestBuilder::AddNode(const Node& node) {
  AddNode(node, node_ids_.Number(node.unique_id));
}

void ManifestBuilder::AddMacro(const Macro& macro) {
  AddMacro(macro, macro_ids_.Number(macro.unique_id));
}

void ManifestBuilder::set_base(std::shared_ptr<const Manifest> base) {
  base_nodes_.assign(base->node_count(), kNone);
  base_macros_.assign(base->macro_count(), kNone);
  manifest_->storage_->base = std::move(base);
}

Symbol ManifestBuilder::NodeSymbol(NodeId of_base) {
  Symbol& symbol = base_nodes_[of_base];
  if (symbol == kNone) {
    symbol = node_ids_.NumberKept(
        manifest_->storage_->base->node(of_base).unique_id);
  }
  return symbol;
}

Symbol ManifestBuilder::MacroSymbol(MacroId of_base) {
  Symbol& symbol = base_macros_[of_base];
  if (symbol == kNone) {
    symbol = macro_ids_.NumberKept(
        manifest_->storage_->base->macro(of_base).unique_id);
  }
  return symbol;
}

void ManifestBuilder::AddNodeOfBase(NodeId id, const Node& node) {
  for (NodeId parent : manifest_->storage_->base->parents(id)) {
    node_edges_.push_back(NodeSymbol(parent));
  }
  for (MacroId macro : node.macros) {
    macro_edges_.push_back(MacroSymbol(macro));
  }
  AddNode(node, NodeSymbol(id));
}

void ManifestBuilder::AddMacroOfBase(MacroId id, const Macro& macro) {
  for (MacroId called : macro.macros) {
    macro_edges_.push_back(MacroSymbol(called));
  }
  AddMacro(macro, MacroSymbol(id));
}

void ManifestBuilder::AddDisabled(absl::string_view unique_id) {
  manifest_->storage_->disabled.push_back(
      node_ids_.text(node_ids_.Number(unique_id)));
}

void ManifestBuilder::AddSection(absl::string_view member, Span span) {
  manifest_->storage_->sections.emplace_back(strings_.Intern(member), span);
}

void ManifestBuilder::DropMetrics() {
  metrics_dropped_ = true;
  size_t kept = 0;
  for (size_t i = 0; i < nodes_.values.size(); ++i) {
    if (nodes_.values[i].type == ResourceType::kMetric) continue;
    nodes_.values[kept] = nodes_.values[i];
    nodes_.added[kept++] = nodes_.added[i];
  }
  nodes_.values.resize(kept);
  nodes_.added.resize(kept);
}

template <typename T>
void ManifestBuilder::SortById(Collected<T>& collected) {
  // The ids beside the places: sorting looks at little memory then.
  std::vector<std::pair<absl::string_view, uint32_t>> sorted;
  sorted.reserve(collected.values.size());
  for (const T& value : collected.values) {
    sorted.emplace_back(value.unique_id, sorted.size());
  }
  std::sort(sorted.begin(), sorted.end());
  std::vector<uint32_t> order, left_out;
  order.reserve(sorted.size());
  for (const auto& [id, place] : sorted) {
    if (!order.empty() &&
        collected.added[order.back()].id == collected.added[place].id) {
      left_out.push_back(order.back());
      order.pop_back();
    }
    order.push_back(place);
  }
  const size_t kept = order.size();
  order.insert(order.end(), left_out.begin(), left_out.end());
  Arrange(collected.values, order);
  Arrange(collected.added, std::move(order));
  collected.values.resize(kept);
  collected.added.resize(kept);
}

void ManifestBuilder::NumberMacros() {
  SortById(macros_);
  macro_numbers_.assign(macro_ids_.size(), kNone);
  for (size_t i = 0; i < macros_.added.size(); ++i) {
    macro_numbers_[macros_.added[i].id] = static_cast<MacroId>(i);
  }
  for (size_t i = 0; i < macros_.values.size(); ++i) {
    macros_.values[i].macros =
        MacrosOf(macros_.added[i].macros, macro_numbers_);
  }
}

std::span<const MacroId> ManifestBuilder::MacrosOf(
    Edges edges, const std::vector<uint32_t>& numbers) {
  std::vector<MacroId> known;
  for (uint32_t i = edges.begin; i < edges.end; ++i) {
    const uint32_t number = numbers[macro_edges_[i]];
    if (number != kNone) {
      known.push_back(number);
    } else {
      manifest_->is_complete_ = false;
    }
  }
  SortUnique(known);
  return arena().CopySpan(known);
}

void ManifestBuilder::NumberNodes() {
  SortById(nodes_);
  std::vector<Fingerprint>& ids = manifest_->storage_->id_fingerprints;
  ids.reserve(nodes_.values.size());
  for (size_t i = 0; i < nodes_.values.size(); ++i) {
    Node& node = nodes_.values[i];
    node.macros = MacrosOf(nodes_.added[i].macros, macro_numbers_);
    ids.push_back(FingerprintOf(node.unique_id));
  }
  manifest_->storage_->graph = MakeGraph(ParentRows());
}

Rows ManifestBuilder::ParentRows() {
  std::vector<uint32_t> numbers(node_ids_.size(), kNone);
  for (size_t i = 0; i < nodes_.added.size(); ++i) {
    numbers[nodes_.added[i].id] = static_cast<NodeId>(i);
  }
  Rows rows;
  rows.begin.reserve(nodes_.added.size() + 1);
  rows.begin.push_back(0);
  std::vector<NodeId> known;
  for (const Added& added : nodes_.added) {
    known.clear();
    for (uint32_t i = added.parents.begin; i < added.parents.end; ++i) {
      const Symbol parent = node_edges_[i];
      if (numbers[parent] != kNone) {
        known.push_back(numbers[parent]);
      } else {
        AddDangling(node_ids_.text(added.id), node_ids_.text(parent));
      }
    }
    SortUnique(known);
    rows.ids.insert(rows.ids.end(), known.begin(), known.end());
    rows.begin.push_back(static_cast<uint32_t>(rows.ids.size()));
  }
  rows.ids.shrink_to_fit();
  return rows;
}

void ManifestBuilder::AddDangling(absl::string_view unique_id,
                                  absl::string_view entry) {
  manifest_->is_complete_ = false;
  std::vector<std::string>& dangling = manifest_->storage_->dangling;
  if (dangling.size() >= kMostDangling) return;
  if (metrics_dropped_ && absl::StartsWith(entry, "metric.")) return;
  dangling.push_back(absl::StrCat(unique_id, " -> ", entry));
}

absl::Status ManifestBuilder::CheckAcyclic() const {
  const Manifest::Storage& storage = *manifest_->storage_;
  const std::vector<NodeId> cycle = FindCycle(storage.graph);
  if (cycle.empty()) return absl::OkStatus();
  std::vector<absl::string_view> names;
  for (NodeId id : cycle) names.push_back(storage.nodes[id].unique_id);
  names.push_back(names.front());
  const std::string text = absl::StrJoin(names, " -> ");
  return Error(absl::StatusCode::kInvalidArgument, Reason::kManifestCyclic,
               absl::StrCat("the nodes depend on each other in a cycle: ", text,
                            "; dbt builds no such project: correct the "
                            "refs and parse it again"))
      .With("cycle", text);
}

void ManifestBuilder::Publish() {
  Manifest& m = *manifest_;
  const Manifest::Storage& s = *m.storage_;
  m.nodes_ = s.nodes;
  m.id_fingerprints_ = s.id_fingerprints;
  m.macros_ = s.macros;
  m.parent_begin_ = s.graph.parents.begin;
  m.parents_ = s.graph.parents.ids;
  m.child_begin_ = s.graph.children.begin;
  m.children_ = s.graph.children.ids;
  m.order_ = s.graph.order;
  m.disabled_ = s.disabled;
  m.dangling_ = s.dangling;
}

absl::StatusOr<std::shared_ptr<const Manifest>> ManifestBuilder::Build(
    Text text, std::string digest) {
  NumberMacros();
  NumberNodes();
  DOPPEL_RETURN_IF_ERROR(CheckAcyclic());
  std::vector<absl::string_view>& disabled = manifest_->storage_->disabled;
  std::sort(disabled.begin(), disabled.end());
  disabled.erase(std::unique(disabled.begin(), disabled.end()), disabled.end());
  manifest_->text_ = std::move(text);
  manifest_->digest_ = std::move(digest);
  Publish();
  std::erase_if(disabled, [this](absl::string_view unique_id) {
    return manifest_->Find(unique_id).has_value();
  });
  manifest_->disabled_ = disabled;
  return std::shared_ptr<const Manifest>(std::move(manifest_));
}

}  // namespace doppel::manifest
