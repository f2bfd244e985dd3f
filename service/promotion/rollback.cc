#include "service/promotion/rollback.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "service/base/error.h"
#include "service/base/relation.h"
#include "service/base/status_macros.h"
#include "service/clone/world.h"
#include "service/promotion/catalog_view.h"
#include "service/promotion/planner.h"
#include "service/promotion/statements.h"
#include "service/promotion/swap.h"

namespace doppel::promotion {
namespace {

using clone::Placement;
using clone::PlannedRelation;
using clone::PreconditionKind;

std::vector<const Placement*> PlacementsOf(const clone::Plan& plan) {
  std::vector<const Placement*> placements;
  for (const clone::Operation& operation : plan.operations) {
    for (const Placement& placement : operation.placements) {
      placements.push_back(&placement);
    }
  }
  return placements;
}

class Planner {
 public:
  explicit Planner(const RollbackInputs& inputs)
      : inputs_(inputs),
        dialect_(*inputs.dialect),
        view_(dialect_, inputs.catalog, inputs.existing_schemas,
              inputs.details),
        placements_(PlacementsOf(*inputs.promotion)) {
    for (const clone::Precondition& precondition :
         inputs.promotion->preconditions) {
      if (precondition.kind == PreconditionKind::kEnvironment) continue;
      before_.emplace(view_.Key(precondition.name), precondition.expected);
    }
  }

  std::vector<DetailsWish> Wishes() const;
  absl::StatusOr<clone::Plan> Run() &&;

 private:
  std::string Now(const RelationName& name) const {
    return clone::ExpectedOf(view_.Find(name));
  }
  std::string Before(const RelationName& name) const {
    const auto found = before_.find(view_.Key(name));
    return found == before_.end() ? "" : found->second;
  }
  bool IsDone(const Placement& placement) const;
  bool IsVersionDone(const Placement& placement) const;
  void Changed(const PlannedRelation& relation, absl::string_view how) {
    changes_.push_back({relation.rendered, std::string(how)});
  }
  void CheckPromoted(const Placement& placement);
  void CheckVersions(const Placement& placement);
  void CheckKept(const Placement& placement);
  void CheckSame(const PlannedRelation& now, const std::string& content,
                 const std::string& expected, absl::string_view lost);
  void Add(const Placement& placement);
  void AddVersion(const Placement& placement);
  void SendBack(const Placement& placement, Exchange* exchange) const;
  void AddRebindings();
  std::vector<SchemaName> EmptiedSchemas() const;
  void AddPreconditions();
  absl::Status WorldChanged() const;
  absl::Status ErrorOf() const;

  const RollbackInputs& inputs_;
  const dialect::Dialect& dialect_;
  const CatalogView view_;
  const std::vector<const Placement*> placements_;
  // By key: what the promotion expected.
  absl::flat_hash_map<RelationName, std::string> before_;
  std::vector<Exchange> exchanges_;
  absl::flat_hash_set<RelationName> standing_;
  absl::flat_hash_set<RelationName> followers_;
  std::vector<Rebinding> rebindings_;
  std::vector<Fault> changes_;
  std::vector<Fault> faults_;
  clone::Plan plan_;
};

bool Planner::IsDone(const Placement& placement) const {
  if (MakesVersions(dialect_)) return IsVersionDone(placement);
  const PlannedRelation& sign =
      placement.kept_as.has_value() ? *placement.kept_as : placement.target;
  return view_.Find(sign.name) != nullptr;
}

// Where tables keep versions: the promotion's has its mark, and a view its
// text.
bool Planner::IsVersionDone(const Placement& placement) const {
  const RelationDetails details = view_.DetailsOf(placement.target.name);
  if (placement.mark.empty()) {
    if (!placement.restore.empty()) {
      const std::string content = ContentOf(dialect_, details.definition, "");
      return content == placement.source_content ||
             content != placement.kept_content;
    }
    return view_.Find(placement.target.name) != nullptr;
  }
  return std::any_of(details.versions.begin(), details.versions.end(),
                     [&](const TableVersion& version) {
                       return version.mark == placement.mark;
                     });
}

// Nobody is to have written to the table since it was planned, and the version
// that it had then is still to be there.
void Planner::CheckVersions(const Placement& placement) {
  const RelationDetails details = view_.DetailsOf(placement.target.name);
  if (details.versions.empty()) {
    Changed(placement.target, "was dropped since, with its earlier versions");
    return;
  }
  for (const TableVersion& version : details.versions) {
    if (version.mark == placement.mark ||
        version.number <= placement.kept_version.value_or(-1)) {
      continue;
    }
    Changed(placement.target,
            absl::StrCat("has a version ", version.number,
                         " that is not the promotion's: these changes would "
                         "be lost"));
    break;
  }
  if (!details.version_lost.empty()) {
    Changed(placement.target,
            absl::StrCat("cannot go back to version ", *placement.kept_version,
                         ", which it has not kept: ", details.version_lost));
  }
}

// Whether it is still what the promotion left.
void Planner::CheckSame(const PlannedRelation& now, const std::string& content,
                        const std::string& expected, absl::string_view lost) {
  if (!content.empty()) {
    const RelationDetails details = view_.DetailsOf(now.name);
    if (ContentOf(dialect_, details.definition, details.content) == content)
      return;
    Changed(now, absl::StrCat("has changed since the promotion: ", lost));
    return;
  }
  const std::string found = Now(now.name);
  if (found == expected) return;
  Changed(now, absl::StrCat("was ", expected, " after the promotion and is ",
                            found, ": ", lost));
}

void Planner::CheckPromoted(const Placement& placement) {
  if (!placement.mark.empty()) {
    CheckVersions(placement);
    return;
  }
  if (view_.Find(placement.target.name) == nullptr) {
    // Between the two renames of a promotion that broke off.
    if (inputs_.is_done) Changed(placement.target, "was dropped since");
    return;
  }
  // A copy where nothing tells of its rows is only known to be there.
  if (placement.copied && placement.source_content.empty()) return;
  CheckSame(placement.target, placement.source_content,
            Before(placement.source->name), "these changes would be lost");
}

void Planner::CheckKept(const Placement& placement) {
  if (!placement.kept_as.has_value()) return;
  CheckSame(*placement.kept_as, placement.kept_content,
            Before(placement.target.name),
            "it is not any more what stood there before");
}

// What was promoted leaves its place: to its own name, away, or aside.
void Planner::SendBack(const Placement& placement, Exchange* exchange) const {
  const RelationName& home = placement.source->name;
  Placement& back = exchange->placement;
  if (placement.copied) {
    if (view_.Find(home) != nullptr && Now(home) == Before(home)) return;
  } else if (view_.Find(home) == nullptr &&
             view_.HasSchema(home.schema_name())) {
    back.kept_as = view_.Planned(home, exchange->standing->kind);
    return;
  }
  back.kept_as = view_.Planned(AsideName(dialect_, placement.target.name,
                                         absl::StrCat("new_", inputs_.tag)),
                               exchange->standing->kind);
  back.expires = true;
}

void Planner::Add(const Placement& placement) {
  CheckPromoted(placement);
  CheckKept(placement);
  Exchange exchange;
  Placement& back = exchange.placement;
  back.unique_id = placement.unique_id;
  back.source = placement.kept_as;
  back.target = placement.target;
  if (placement.kept_as.has_value()) {
    back.target.kind = placement.kept_as->kind;
    exchange.source_details = view_.DetailsOf(placement.kept_as->name);
  }
  exchange.afterwards = placement.restore;
  if (const CatalogEntry* standing = view_.Find(placement.target.name)) {
    exchange.standing = view_.Planned(placement.target.name, standing->kind);
    exchange.standing_details = view_.DetailsOf(placement.target.name);
    SendBack(placement, &exchange);
    exchange.beforehand = placement.take_back;
    // Its own are on the kept relation.
    exchange.standing_details.comment.clear();
    exchange.standing_details.column_comments.clear();
    exchange.standing_details.grants.clear();
    standing_.insert(view_.Key(placement.target.name));
  }
  for (const PlannedRelation& follower : placement.followers) {
    followers_.insert(view_.Key(follower.name));
  }
  exchanges_.push_back(std::move(exchange));
}

// Where tables keep versions: a table becomes what it was, a view gets its text
// again, and what was new goes.
void Planner::AddVersion(const Placement& placement) {
  CheckPromoted(placement);
  const CatalogEntry* const standing = view_.Find(placement.target.name);
  if (standing == nullptr) return;
  Exchange exchange;
  Placement& back = exchange.placement;
  back.unique_id = placement.unique_id;
  back.target = placement.target;
  if (placement.kept_version.has_value()) {
    exchange.restores = placement.kept_version;
    for (const TableVersion& version :
         view_.DetailsOf(placement.target.name).versions) {
      if (version.mark == placement.mark) back.kept_version = version.number;
    }
    back.mark = MarkOf("rollback", inputs_.tag);
  } else if (!placement.restore.empty()) {
    exchange.afterwards = placement.restore;
  } else {
    exchange.standing = view_.Planned(placement.target.name, standing->kind);
    SendBack(placement, &exchange);
  }
  exchanges_.push_back(std::move(exchange));
}

// Those that the promotion bound to what is now sent back.
void Planner::AddRebindings() {
  std::set<RelationName> seen;
  for (const Exchange& exchange : exchanges_) {
    if (!exchange.standing.has_value()) continue;
    for (const RelationName& holder :
         view_.Find(exchange.standing->name)->holders) {
      const RelationName key = view_.Key(holder);
      if (standing_.contains(key) || followers_.contains(key) ||
          !seen.insert(key).second) {
        continue;
      }
      const RelationDetails details = view_.DetailsOf(holder);
      if (details.kind == RelationKind::kView && !details.definition.empty() &&
          exchange.placement.source.has_value()) {
        rebindings_.push_back({holder, details.definition});
        continue;
      }
      faults_.push_back(
          {dialect_.Render(holder, kAsSpelled),
           absl::StrCat("it depends on ", exchange.standing->rendered,
                        ", which goes; drop it first")});
    }
  }
}

// Schemas that the promotion made for what it kept, and that hold nothing else.
std::vector<SchemaName> Planner::EmptiedSchemas() const {
  std::set<SchemaName> emptied;
  absl::flat_hash_set<RelationName> leaving;
  for (const Exchange& exchange : exchanges_) {
    const Placement& placement = exchange.placement;
    if (!placement.source.has_value()) continue;
    leaving.insert(view_.Key(placement.source->name));
    const SchemaName schema = placement.source->name.schema_name();
    if (schema != placement.target.name.schema_name()) emptied.insert(schema);
  }
  for (const CatalogEntry& entry : inputs_.catalog) {
    if (leaving.contains(view_.Key(entry.name))) continue;
    emptied.erase(entry.name.schema_name());
  }
  return {emptied.begin(), emptied.end()};
}

void Planner::AddPreconditions() {
  for (const Exchange& exchange : exchanges_) {
    const Placement& placement = exchange.placement;
    if (placement.source.has_value()) {
      plan_.preconditions.push_back(view_.Expect(
          PreconditionKind::kSourceRelation, placement.source->name));
    }
    plan_.preconditions.push_back(
        view_.Expect(PreconditionKind::kTargetRelation, placement.target.name));
    if (!placement.kept_as.has_value()) continue;
    plan_.preconditions.push_back(view_.Expect(
        PreconditionKind::kTargetRelation, placement.kept_as->name));
  }
}

absl::Status Planner::WorldChanged() const {
  if (changes_.empty()) return absl::OkStatus();
  Error error(
      absl::StatusCode::kFailedPrecondition, Reason::kWorldChanged,
      absl::StrCat("the promotion cannot be undone: ", changes_.front().subject,
                   " ", changes_.front().description,
                   changes_.size() == 1
                       ? ""
                       : absl::StrCat("; and ", changes_.size() - 1, " more")));
  error.With("changes", changes_.size());
  for (const Fault& change : changes_) {
    error.Precondition("RELATION", change.subject, change.description);
  }
  return error;
}

absl::Status Planner::ErrorOf() const {
  if (faults_.empty()) return absl::OkStatus();
  Error error(absl::StatusCode::kFailedPrecondition, Reason::kPlanHasErrors,
              absl::StrCat("the rollback cannot be done in ", faults_.size(),
                           " places; the first: ", faults_.front().subject,
                           ": ", faults_.front().description));
  for (const Fault& fault : faults_) {
    error.Precondition("RELATION", fault.subject, fault.description);
  }
  return error;
}

std::vector<DetailsWish> Planner::Wishes() const {
  const bool contents = dialect_.capabilities().versions_miss_changes;
  const bool versions = MakesVersions(dialect_);
  std::vector<DetailsWish> wishes;
  for (const Placement* placement : placements_) {
    wishes.push_back({placement->target.name,
                      contents || (versions && placement->mark.empty()),
                      contents, versions, placement->kept_version});
    if (placement->kept_as.has_value()) {
      wishes.push_back({placement->kept_as->name, contents, contents});
    }
    const CatalogEntry* standing = view_.Find(placement->target.name);
    if (standing == nullptr) continue;
    for (const RelationName& holder : standing->holders) {
      wishes.push_back({holder, true, false});
    }
  }
  return wishes;
}

absl::StatusOr<clone::Plan> Planner::Run() && {
  size_t done = 0;
  for (const Placement* placement : placements_) {
    done += IsDone(*placement) ? 1 : 0;
  }
  if (!inputs_.is_done && done == 0) {
    return Error(absl::StatusCode::kFailedPrecondition, Reason::kPlanEmpty,
                 "nothing of the promotion took effect: there is nothing to "
                 "roll back");
  }
  for (const Placement* placement : placements_) {
    if (IsDone(*placement)) {
      MakesVersions(dialect_) ? AddVersion(*placement) : Add(*placement);
    } else if (inputs_.is_done || IsAtomic(dialect_)) {
      Changed(placement->kept_as.has_value() ? *placement->kept_as
                                             : placement->target,
              MakesVersions(dialect_)
                  ? "is not what the promotion made any more: none of its "
                    "newest versions is the promotion's"
                  : "is gone: there is nothing to go back to");
    }
  }
  DOPPEL_RETURN_IF_ERROR(WorldChanged());
  AddRebindings();
  std::set<SchemaName> missing;
  for (const Exchange& exchange : exchanges_) {
    const auto& kept_as = exchange.placement.kept_as;
    if (kept_as.has_value() && !view_.HasSchema(kept_as->name.schema_name())) {
      missing.insert(kept_as->name.schema_name());
    }
  }
  SwapOperations operations =
      OperationsOf({&dialect_,
                    exchanges_,
                    {missing.begin(), missing.end()},
                    rebindings_,
                    EmptiedSchemas(),
                    [](std::span<const std::string>) { return std::nullopt; },
                    MarkOf("rollback", inputs_.tag)});
  faults_.insert(faults_.end(), operations.faults.begin(),
                 operations.faults.end());
  DOPPEL_RETURN_IF_ERROR(ErrorOf());
  plan_.operations = std::move(operations.operations);
  AddPreconditions();
  plan_.kind = clone::PlanKind::kRollback;
  plan_.source_manifest = inputs_.promotion->source_manifest;
  plan_.target_manifest = inputs_.promotion->target_manifest;
  plan_.manifest_after = inputs_.promotion->target_manifest;
  plan_.keep_seconds = inputs_.promotion->keep_seconds;
  plan_.warehouse = std::string(dialect_.type());
  return std::move(plan_);
}

}  // namespace

std::vector<SchemaName> SchemasOf(const RollbackInputs& inputs) {
  std::set<SchemaName> schemas;
  for (const Placement* placement : PlacementsOf(*inputs.promotion)) {
    schemas.insert(placement->target.name.schema_name());
    if (placement->source.has_value()) {
      schemas.insert(placement->source->name.schema_name());
    }
    if (placement->kept_as.has_value()) {
      schemas.insert(placement->kept_as->name.schema_name());
    }
  }
  return {schemas.begin(), schemas.end()};
}

std::vector<DetailsWish> WishesOf(const RollbackInputs& inputs) {
  return Planner(inputs).Wishes();
}

absl::StatusOr<clone::Plan> PlanRollback(const RollbackInputs& inputs) {
  return Planner(inputs).Run();
}

}  // namespace doppel::promotion
