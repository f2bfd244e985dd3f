#include "service/drift/drift.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "service/base/catalog.h"
#include "service/base/relation.h"
#include "service/clone/world.h"
#include "service/dialect/dialect.h"

namespace doppel::drift {
namespace {

// The ledger spells names as the catalog does.
constexpr dialect::Quoting kAsSpelled = {true, true, true};

class Detector {
 public:
  explicit Detector(const DriftInputs& inputs)
      : inputs_(inputs),
        dialect_(*inputs.dialect),
        world_(*inputs.dialect, inputs.catalog, {}) {}

  std::vector<Drift> Run() &&;

 private:
  const CatalogEntry* Find(const RelationName& name) const {
    return world_.Find(dialect_.CatalogKey(name, kAsSpelled));
  }
  std::string Render(const RelationName& name) const {
    return dialect_.Render(name, kAsSpelled);
  }
  Side SideOf(const RelationName& name) const {
    const CatalogEntry* const found = Find(name);
    return {name, found == nullptr ? RelationKind::kUnknown : found->kind};
  }

  void LookAtTarget(const Made& made);
  void LookAtSource(const Made& made);
  void LookAtNew(const NewNode& node);
  void Add(DriftKind kind, const Made& made, std::string explanation);

  const DriftInputs& inputs_;
  const dialect::Dialect& dialect_;
  const clone::World world_;
  std::vector<Drift> drifts_;
};

std::vector<Drift> Detector::Run() && {
  for (const Made& made : inputs_.made) {
    LookAtTarget(made);
    LookAtSource(made);
  }
  for (const NewNode& node : inputs_.new_nodes) LookAtNew(node);
  const auto place = [](const Drift& drift) {
    const RelationName target =
        drift.target.has_value() ? drift.target->name : RelationName{};
    return std::tuple(drift.unique_id, target, drift.kind);
  };
  std::sort(
      drifts_.begin(), drifts_.end(),
      [&](const Drift& a, const Drift& b) { return place(a) < place(b); });
  return std::move(drifts_);
}

void Detector::Add(DriftKind kind, const Made& made, std::string explanation) {
  drifts_.push_back({kind, made.unique_id, SideOf(made.target),
                     SideOf(made.source), std::move(explanation), made.time});
}

void Detector::LookAtTarget(const Made& made) {
  const CatalogEntry* const found = Find(made.target);
  if (found == nullptr) {
    Add(DriftKind::kTargetDropped, made,
        absl::StrCat("somebody dropped ", Render(made.target)));
    return;
  }
  if (found->kind != RelationKind::kUnknown && found->kind != made.kind) {
    Add(DriftKind::kTargetChanged, made,
        absl::StrCat("doppel made a ", RelationKindName(made.kind), ", and ",
                     Render(made.target), " is a ",
                     RelationKindName(found->kind), " now"));
    return;
  }
  if (found->version == made.target_version) return;
  if (made.target_version.empty()) {
    Add(DriftKind::kUnknown, made,
        absl::StrCat("nobody saw ", Render(made.target),
                     " after doppel made it, so whether somebody changed it "
                     "cannot be told"));
    return;
  }
  Add(DriftKind::kTargetChanged, made,
      absl::StrCat("somebody changed ", Render(made.target),
                   " or put something else in its place"));
}

void Detector::LookAtSource(const Made& made) {
  const CatalogEntry* const found = Find(made.source);
  if (found == nullptr) {
    Add(DriftKind::kSourceDropped, made,
        absl::StrCat(Render(made.source), " is not there any more"));
    return;
  }
  if (made.is_orphan) {
    Add(DriftKind::kSourceDropped, made,
        absl::StrCat("the source's environment has no ", made.unique_id,
                     " any more, though ", Render(made.source), " is there"));
  }
  if (made.kind == RelationKind::kView || made.source_version.empty() ||
      found->version.empty() || found->version == made.source_version) {
    return;
  }
  Add(DriftKind::kSourceChanged, made,
      absl::StrCat(Render(made.source), " has changed since ",
                   Render(made.target), " was made from it"));
}

void Detector::LookAtNew(const NewNode& node) {
  if (Find(node.source) == nullptr) return;
  if (node.target.has_value() && Find(*node.target) != nullptr) return;
  Drift drift;
  drift.kind = DriftKind::kNewInSource;
  drift.unique_id = node.unique_id;
  drift.source = SideOf(node.source);
  if (node.target.has_value()) drift.target = SideOf(*node.target);
  drift.explanation =
      absl::StrCat("the source's environment has ", node.unique_id,
                   " since it was cloned from, as ", Render(node.source));
  drifts_.push_back(std::move(drift));
}

}  // namespace

std::vector<SchemaName> SchemasOf(const DriftInputs& inputs) {
  std::set<SchemaName> schemas;
  for (const Made& made : inputs.made) {
    schemas.insert(made.target.schema_name());
    schemas.insert(made.source.schema_name());
  }
  for (const NewNode& node : inputs.new_nodes) {
    schemas.insert(node.source.schema_name());
    if (node.target.has_value()) schemas.insert(node.target->schema_name());
  }
  return {schemas.begin(), schemas.end()};
}

std::vector<Drift> DetectDrift(const DriftInputs& inputs) {
  return Detector(inputs).Run();
}

}  // namespace doppel::drift
