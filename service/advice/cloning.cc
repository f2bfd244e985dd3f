#include "service/advice/cloning.h"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "service/base/catalog.h"
#include "service/base/error.h"
#include "service/base/relation.h"
#include "service/base/status_macros.h"
#include "service/clone/plan.h"
#include "service/clone/planner.h"
#include "service/deferral/source.h"
#include "service/dialect/dialect.h"
#include "service/manifest/manifest.h"
#include "service/manifest/node.h"
#include "service/manifest/relation_of.h"

namespace doppel::advice {
namespace {

using manifest::Manifest;
using manifest::Node;
using manifest::NodeId;

RelationKind KindOf(const Node& node) {
  if (node.materialized == "view") return RelationKind::kView;
  if (node.materialized == "materialized_view") {
    return RelationKind::kMaterializedView;
  }
  return RelationKind::kTable;
}

// The source that would serve the node, and its node there.
struct Served {
  size_t source;
  NodeId node;
};

std::optional<Served> ServerOf(const Node& node,
                               std::span<const deferral::DeferSource> sources) {
  for (size_t i = 0; i < sources.size(); ++i) {
    const Manifest& manifest = *sources[i].manifest;
    const std::optional<NodeId> found = manifest.Find(node.unique_id);
    if (!found.has_value() || !manifest::HasRelation(manifest.node(*found))) {
      continue;
    }
    if (deferral::MayServe(sources[i], *found)) return Served{i, *found};
  }
  return std::nullopt;
}

// What is cloned from one source.
struct Part {
  std::vector<NodeId> selected;        // ids of the target's manifest
  std::vector<CatalogEntry> standing;  // their sources
};

std::vector<Part> PartsOf(const Manifest& target,
                          std::span<const NodeId> selected,
                          std::span<const deferral::DeferSource> sources,
                          std::span<const dialect::Quoting> quotings,
                          const dialect::Dialect& dialect) {
  std::vector<Part> parts(sources.size());
  for (const NodeId id : selected) {
    const Node& node = target.node(id);
    if (!manifest::IsRefable(node.type)) continue;
    const std::optional<Served> served = ServerOf(node, sources);
    if (!served.has_value()) continue;
    const Node& source = sources[served->source].manifest->node(served->node);
    Part& part = parts[served->source];
    part.selected.push_back(id);
    CatalogEntry entry;
    entry.name = dialect.CatalogKey(manifest::RelationOf(source),
                                    quotings[served->source]);
    entry.kind = KindOf(source);
    part.standing.push_back(std::move(entry));
  }
  return parts;
}

}  // namespace

absl::StatusOr<Cloning> CountClones(
    const Manifest& target, std::span<const NodeId> selected,
    std::span<const deferral::DeferSource> sources,
    std::span<const dialect::Quoting> source_quotings,
    const dialect::Dialect& dialect, const dialect::Quoting& quoting) {
  const std::vector<Part> parts =
      PartsOf(target, selected, sources, source_quotings, dialect);
  Cloning cloning;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].selected.empty()) continue;
    clone::CloneInputs inputs;
    inputs.source = sources[i].manifest.get();
    inputs.target = &target;
    inputs.selected = parts[i].selected;
    inputs.dialect = &dialect;
    inputs.source_quoting = source_quotings[i];
    inputs.target_quoting = quoting;
    inputs.catalog = parts[i].standing;
    const absl::StatusOr<clone::Plan> plan = clone::PlanClone(inputs);
    // The source is the target itself.
    if (GetReason(plan.status()) == Reason::kSelfClone) continue;
    DOPPEL_RETURN_IF_ERROR(plan.status());
    const clone::PlanSummary summary = clone::Summarize(*plan);
    cloning.objects += summary.clones + summary.pointer_views + summary.copies;
    cloning.pointer_views += summary.pointer_views;
    cloning.statements += summary.statements;
  }
  return cloning;
}

}  // namespace doppel::advice
