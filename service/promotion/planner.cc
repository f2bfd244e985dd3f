#include "service/promotion/planner.h"

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
#include "service/base/digest.h"
#include "service/base/error.h"
#include "service/base/relation.h"
#include "service/base/status_macros.h"
#include "service/clone/world.h"
#include "service/dialect/sql_names.h"
#include "service/dialect/sql_text.h"
#include "service/promotion/catalog_view.h"
#include "service/promotion/statements.h"
#include "service/promotion/swap.h"

namespace doppel::promotion {
namespace {

using clone::OperationReason;
using clone::PlannedRelation;
using clone::PreconditionKind;

class Planner {
 public:
  explicit Planner(const PromotionInputs& inputs)
      : inputs_(inputs),
        dialect_(*inputs.dialect),
        view_(dialect_, inputs.catalog, inputs.existing_schemas,
              inputs.details) {
    for (const Place& place : inputs.places) {
      if (std::binary_search(inputs.selected.begin(), inputs.selected.end(),
                             place.node)) {
        Add(place);
      } else {
        Pass(place);
      }
    }
  }

  std::vector<DetailsWish> Wishes() const;
  absl::StatusOr<clone::Plan> Run() &&;

 private:
  struct Sides {
    RelationName from;
    std::optional<RelationName> to;
  };

  Sides SidesOf(const Place& place) const;
  absl::string_view IdOf(const Place& place) const {
    return inputs_.from->node(place.node).unique_id;
  }
  void Add(const Place& place);
  void Pass(const Place& place);
  void AddExchange(const Place& place, const CatalogEntry& source,
                   const RelationName& to);
  void FillContents(Exchange* exchange) const;
  // Where tables keep versions: what the way back needs.
  void FillVersions(Exchange* exchange);
  void FillTable(Exchange* exchange);
  void FillView(Exchange* exchange);
  std::string Rerooted(absl::string_view definition) const;
  void AddFollowers(const CatalogEntry& source, Exchange* exchange);
  void AddCarried(Exchange* exchange);
  void AddSkip(const Place& place, const Sides& sides);
  void Fail(absl::string_view subject, absl::string_view description) {
    faults_.push_back({std::string(subject), std::string(description)});
  }

  void CheckUnselected();
  void AddRebindings();
  void AddSchemas();
  void AddPreconditions();
  void AddWarnings();
  absl::string_view Window() const;
  void Warn(std::string name, std::string message) {
    plan_.warnings.push_back({std::move(name), std::move(message)});
  }
  std::optional<dialect::Replacement> Reroot(
      std::span<const std::string> parts) const;
  absl::Status ErrorOf() const;

  const PromotionInputs& inputs_;
  const dialect::Dialect& dialect_;
  const CatalogView view_;
  std::vector<Exchange> exchanges_;
  std::vector<clone::Operation> skips_;
  // Relations that are not promoted though their environment has them.
  std::vector<std::pair<absl::string_view, const CatalogEntry*>> unselected_;
  // By key: what is promoted, what is taken away; and what names become.
  absl::flat_hash_map<RelationName, RelationName> sources_;
  absl::flat_hash_set<RelationName> standing_;
  absl::flat_hash_set<RelationName> taken_;
  absl::flat_hash_map<RelationName, RelationName> renamed_;
  std::vector<SchemaName> missing_schemas_;
  std::vector<Rebinding> rebindings_;
  std::vector<Fault> faults_;
  clone::Plan plan_;
};

Planner::Sides Planner::SidesOf(const Place& place) const {
  Sides sides;
  sides.from = view_.Spelled(place.from, inputs_.from_quoting);
  if (place.to.has_value()) {
    sides.to = view_.Spelled(*place.to, inputs_.to_quoting);
  }
  return sides;
}

// A node that is not promoted: where others read it, they go on with what
// stands in its place on the other side, if that is there.
void Planner::Pass(const Place& place) {
  const Sides sides = SidesOf(place);
  const CatalogEntry* entry = view_.Find(sides.from);
  if (!sides.to.has_value() || view_.Key(sides.from) == view_.Key(*sides.to)) {
    return;
  }
  if (entry != nullptr) unselected_.emplace_back(IdOf(place), entry);
  if (view_.Find(*sides.to) != nullptr) {
    renamed_.emplace(view_.Key(sides.from), *sides.to);
  }
}

void Planner::Add(const Place& place) {
  const Sides sides = SidesOf(place);
  const std::string rendered = dialect_.Render(sides.from, kAsSpelled);
  if (!sides.to.has_value()) {
    Fail(rendered, absl::StrCat(IdOf(place),
                                " is new, and no other node shows where it "
                                "belongs; give the target environment a "
                                "manifest that has it"));
    return;
  }
  if (view_.Key(sides.from) == view_.Key(*sides.to)) {
    AddSkip(place, sides);
    return;
  }
  if (!taken_.insert(view_.Key(*sides.to)).second) {
    Fail(rendered, absl::StrCat("another node takes its place, ",
                                dialect_.Render(*sides.to, kAsSpelled)));
    return;
  }
  const CatalogEntry* source = view_.Find(sides.from);
  if (source == nullptr) {
    Fail(rendered,
         absl::StrCat("the warehouse has no such relation for ", IdOf(place)));
    return;
  }
  AddExchange(place, *source, *sides.to);
}

void Planner::AddSkip(const Place& place, const Sides& sides) {
  clone::Operation skip;
  skip.reason = OperationReason::kSameRelation;
  skip.unique_id = std::string(IdOf(place));
  skip.source = view_.Planned(sides.from, RelationKind::kUnknown);
  skip.target = skip.source;
  skip.explanation = "both environments have the same relation";
  skips_.push_back(std::move(skip));
}

void Planner::AddExchange(const Place& place, const CatalogEntry& source,
                          const RelationName& to) {
  Exchange exchange;
  clone::Placement& placement = exchange.placement;
  placement.unique_id = std::string(IdOf(place));
  placement.source = view_.Planned(source.name, source.kind);
  placement.target = view_.Planned(to, source.kind);
  // Without transactions, views are bound by name: one that moved would go on
  // reading where it came from.
  const bool is_bound_by_name =
      !IsAtomic(dialect_) && source.kind == RelationKind::kView;
  placement.copied = MakesVersions(dialect_) || is_bound_by_name ||
                     !CanMove(dialect_, *placement.source, to);
  exchange.source_details = view_.DetailsOf(source.name);
  exchange.standing_details = view_.DetailsOf(to);
  if (const CatalogEntry* standing = view_.Find(to)) {
    exchange.standing = view_.Planned(to, standing->kind);
    standing_.insert(view_.Key(to));
    if (!MakesVersions(dialect_)) {
      placement.kept_as = view_.Planned(
          AsideName(dialect_, to, absl::StrCat("old_", inputs_.tag)),
          standing->kind);
      placement.expires = true;
    }
    for (const IndexDetails& index : exchange.standing_details.indexes) {
      placement.restore.push_back(index.statement);
    }
  }
  sources_.emplace(view_.Key(source.name), to);
  renamed_[view_.Key(source.name)] = to;
  exchanges_.push_back(std::move(exchange));
}

std::optional<dialect::Replacement> Planner::Reroot(
    std::span<const std::string> parts) const {
  const std::string& database = inputs_.places.front().from.database;
  for (const size_t count : {size_t{3}, size_t{2}}) {
    if (parts.size() < count) continue;
    const RelationName name = {count == 3 ? parts[0] : database,
                               parts[count - 2], parts[count - 1]};
    const auto found = renamed_.find(view_.Key(name));
    if (found == renamed_.end()) continue;
    return dialect::Replacement{count,
                                dialect_.Render(found->second, kAsSpelled)};
  }
  return std::nullopt;
}

std::string Planner::Rerooted(absl::string_view definition) const {
  return dialect::ReplaceNames(
      definition,
      [this](std::span<const std::string> parts) { return Reroot(parts); },
      dialect::LexisOf(dialect_.type()));
}

void Planner::FillContents(Exchange* exchange) const {
  if (!dialect_.capabilities().versions_miss_changes) return;
  const RelationDetails& source = exchange->source_details;
  exchange->placement.source_content =
      ContentOf(dialect_, Rerooted(source.definition), source.content);
  if (!exchange->standing.has_value()) return;
  const RelationDetails& standing = exchange->standing_details;
  exchange->placement.kept_content =
      ContentOf(dialect_, standing.definition, standing.content);
}

void Planner::FillVersions(Exchange* exchange) {
  const clone::Placement& placement = exchange->placement;
  const auto& standing = exchange->standing;
  if (standing.has_value() && standing->kind != placement.source->kind) {
    Fail(standing->rendered,
         absl::StrCat("it is a ", RelationKindName(standing->kind), " and ",
                      placement.source->rendered, " is a ",
                      RelationKindName(placement.source->kind),
                      ": one cannot become a version of the other; drop or "
                      "rename it first"));
  } else if (placement.source->kind == RelationKind::kView) {
    FillView(exchange);
  } else {
    FillTable(exchange);
  }
}

void Planner::FillTable(Exchange* exchange) {
  clone::Placement& placement = exchange->placement;
  const std::vector<TableVersion>& versions =
      exchange->standing_details.versions;
  if (exchange->source_details.versions.empty()) {
    Fail(placement.source->rendered,
         "it is no table that keeps its versions: only Delta tables and views "
         "can be promoted");
  } else if (!exchange->standing.has_value()) {
    placement.mark = MarkOf("promotion", inputs_.tag);
  } else if (versions.empty()) {
    Fail(placement.target.rendered,
         "it keeps no versions, so there would be no way back: only Delta "
         "tables and views can be replaced");
  } else {
    placement.mark = MarkOf("promotion", inputs_.tag);
    placement.kept_version = versions.front().number;
  }
}

void Planner::FillView(Exchange* exchange) {
  clone::Placement& placement = exchange->placement;
  const std::string& source = exchange->source_details.definition;
  const std::string& standing = exchange->standing_details.definition;
  const bool replaces = exchange->standing.has_value();
  if (source.empty() || (replaces && standing.empty())) {
    Fail((source.empty() ? *placement.source : placement.target).rendered,
         "the text of the view cannot be read in the catalog, or was written "
         "in a session with another schema than that of this connection");
    return;
  }
  placement.source_content = ContentOf(dialect_, Rerooted(source), "");
  if (!replaces) return;
  placement.kept_content = ContentOf(dialect_, standing, "");
  placement.restore = {CreateView(dialect_, "create or replace",
                                  placement.target.name, standing)};
}

void Planner::AddFollowers(const CatalogEntry& source, Exchange* exchange) {
  if (exchange->placement.copied) return;
  for (const RelationName& holder : source.holders) {
    if (sources_.contains(view_.Key(holder))) continue;
    exchange->placement.followers.push_back(
        view_.Planned(holder, RelationKind::kUnknown));
  }
}

// Rights and comments go with the place, where that can be.
void Planner::AddCarried(Exchange* exchange) {
  if (!exchange->standing.has_value()) return;
  const std::string& place = exchange->placement.target.rendered;
  const auto warn = [&](std::string message) {
    Warn("RightsStayBehind", std::move(message));
  };
  if (exchange->standing_details.kind == RelationKind::kUnknown) {
    warn(absl::StrCat("the rights and comments of ", place,
                      " cannot be read: they stay with the old one, and what "
                      "takes its place keeps its own"));
    return;
  }
  if (IsAtomic(dialect_)) {
    Carried carried = CarryOver(dialect_, *exchange);
    exchange->placement.take_back = std::move(carried.taken_back);
    for (const std::string& lost : carried.lost) {
      warn(absl::StrCat(place, " will not have any more: ", lost));
    }
    return;
  }
  const bool stays = MakesVersions(dialect_) &&
                     exchange->placement.target.kind == RelationKind::kTable;
  if (stays) return;
  if (!exchange->standing_details.comment.empty() &&
      exchange->source_details.comment.empty()) {
    warn(absl::StrCat(place, " will not have any more: its comment"));
  }
}

// What is promoted goes with what it reads: it must not read, in its new place,
// a relation of the environment that it came from.
void Planner::CheckUnselected() {
  for (const auto& [unique_id, entry] : unselected_) {
    for (const RelationName& holder : entry->holders) {
      const auto promoted = sources_.find(view_.Key(holder));
      if (promoted == sources_.end()) continue;
      Fail(dialect_.Render(holder, kAsSpelled),
           absl::StrCat("it reads ", dialect_.Render(entry->name, kAsSpelled),
                        ", and would go on reading it in its new place; "
                        "select ",
                        unique_id, ", too"));
    }
  }
}

// Others' views that read what stands in a place would follow it to where it is
// kept.
void Planner::AddRebindings() {
  std::set<RelationName> seen;
  for (const Exchange& exchange : exchanges_) {
    if (!exchange.standing.has_value()) continue;
    for (const RelationName& holder :
         view_.Find(exchange.standing->name)->holders) {
      const RelationName key = view_.Key(holder);
      if (standing_.contains(key) || !seen.insert(key).second) continue;
      const RelationDetails details = view_.DetailsOf(holder);
      if (details.kind != RelationKind::kView || details.definition.empty()) {
        Fail(dialect_.Render(holder, kAsSpelled),
             absl::StrCat("it depends on ", exchange.standing->rendered,
                          " and would stay with the old one; a ",
                          RelationKindName(details.kind),
                          " cannot be bound to the new one: drop it first, "
                          "and make it again after"));
        continue;
      }
      const auto moved = sources_.find(key);
      rebindings_.push_back({moved == sources_.end() ? holder : moved->second,
                             details.definition});
    }
  }
}

void Planner::AddSchemas() {
  std::set<SchemaName> missing;
  for (const Exchange& exchange : exchanges_) {
    const clone::Placement& placement = exchange.placement;
    for (const PlannedRelation* relation :
         {&placement.target,
          placement.kept_as.has_value() ? &*placement.kept_as : nullptr}) {
      if (relation == nullptr) continue;
      const SchemaName schema = relation->name.schema_name();
      if (!view_.HasSchema(schema)) missing.insert(schema);
    }
  }
  missing_schemas_.assign(missing.begin(), missing.end());
}

void Planner::AddPreconditions() {
  for (const Exchange& exchange : exchanges_) {
    const clone::Placement& placement = exchange.placement;
    plan_.preconditions.push_back(view_.Expect(
        PreconditionKind::kSourceRelation, placement.source->name));
    plan_.preconditions.push_back(
        view_.Expect(PreconditionKind::kTargetRelation, placement.target.name));
    if (!placement.kept_as.has_value()) continue;
    plan_.preconditions.push_back(view_.Expect(
        PreconditionKind::kTargetRelation, placement.kept_as->name));
  }
}

// What a reader of one relation meets meanwhile.
absl::string_view Planner::Window() const {
  switch (dialect_.capabilities().swap) {
    case dialect::Swap::kRename:
      return "; each is missing from the moment when the old one is renamed "
             "until the new one is there";
    case dialect::Swap::kVersions:
      return "; none is ever missing: each table changes in one statement, as "
             "long as writing its rows takes all of them, and views follow "
             "once the last table has";
    default:
      return "";
  }
}

void Planner::AddWarnings() {
  int moved = 0;
  int follows = 0;
  for (const Exchange& exchange : exchanges_) {
    const clone::Placement& placement = exchange.placement;
    moved += placement.copied ? 0 : 1;
    follows += static_cast<int>(placement.followers.size());
    const std::string& owner = exchange.source_details.owner;
    if (exchange.standing.has_value() &&
        owner != exchange.standing_details.owner) {
      Warn("OwnerChanges",
           absl::StrCat(placement.target.rendered, " is owned by \"",
                        exchange.standing_details.owner,
                        "\", and will be by \"", owner, "\""));
    }
  }
  if (moved > 0) {
    Warn("RelationsMove",
         absl::StrCat(moved,
                      " relations move: the environment that they come "
                      "from has them no more until it is built again"));
  }
  if (follows > 0) {
    Warn("ReadersFollow",
         absl::StrCat(follows,
                      " views outside of the plan read relations that "
                      "move, and follow them; see the placements' "
                      "followers"));
  }
  for (const Rebinding& rebinding : rebindings_) {
    Warn("ViewIsBoundAnew",
         absl::StrCat(dialect_.Render(rebinding.view, kAsSpelled),
                      " reads what is replaced; it is bound to the new "
                      "relation by name, and nothing is done at all if that "
                      "lacks a column that it reads"));
  }
  if (!IsAtomic(dialect_)) {
    Warn("NotAtomic",
         absl::StrCat("the warehouse has no transactions for this: one "
                      "relation after the other is replaced, and until the "
                      "last one is, readers see old and new ones",
                      Window()));
  }
}

absl::Status Planner::ErrorOf() const {
  if (faults_.empty()) return absl::OkStatus();
  Error error(absl::StatusCode::kFailedPrecondition, Reason::kPlanHasErrors,
              absl::StrCat("the promotion cannot be done in ", faults_.size(),
                           " places; the first: ", faults_.front().subject,
                           ": ", faults_.front().description));
  error.With("places", faults_.size());
  for (const Fault& fault : faults_) {
    error.Precondition("RELATION", fault.subject, fault.description);
  }
  return error;
}

std::vector<DetailsWish> Planner::Wishes() const {
  const bool contents = dialect_.capabilities().versions_miss_changes;
  const bool versions = MakesVersions(dialect_);
  std::vector<DetailsWish> wishes;
  for (const Exchange& exchange : exchanges_) {
    const clone::Placement& placement = exchange.placement;
    wishes.push_back({placement.source->name, contents || placement.copied,
                      contents, versions});
    if (!exchange.standing.has_value()) continue;
    wishes.push_back(
        {exchange.standing->name, contents || versions, contents, versions});
    for (const RelationName& holder :
         view_.Find(exchange.standing->name)->holders) {
      if (standing_.contains(view_.Key(holder))) continue;
      wishes.push_back({holder, true, false});
    }
  }
  return wishes;
}

absl::StatusOr<clone::Plan> Planner::Run() && {
  if (dialect_.capabilities().swap == dialect::Swap::kNone) {
    return Error(absl::StatusCode::kFailedPrecondition,
                 Reason::kWarehouseUnsupported,
                 absl::StrCat(dialect_.type(),
                              " has no way to put one relation in the place "
                              "of another; promotions need one"))
        .With("warehouse", dialect_.type());
  }
  if (inputs_.must_be_atomic && !IsAtomic(dialect_)) {
    return Error(absl::StatusCode::kFailedPrecondition,
                 Reason::kWarehouseUnsupported,
                 absl::StrCat(dialect_.type(),
                              " puts one relation after the other in its "
                              "place, and not all of them in one step"))
        .With("warehouse", dialect_.type());
  }
  if (exchanges_.empty() && faults_.empty()) {
    if (skips_.empty()) {
      return Error(absl::StatusCode::kFailedPrecondition, Reason::kPlanEmpty,
                   "the selection has no model, seed or snapshot with a "
                   "relation: there is nothing to promote");
    }
    return Error(absl::StatusCode::kFailedPrecondition, Reason::kSelfClone,
                 "both environments have the same relations for all that was "
                 "selected");
  }
  for (Exchange& exchange : exchanges_) {
    if (MakesVersions(dialect_)) {
      FillVersions(&exchange);
    } else {
      FillContents(&exchange);
    }
    AddFollowers(*view_.Find(exchange.placement.source->name), &exchange);
    AddCarried(&exchange);
  }
  CheckUnselected();
  AddRebindings();
  AddSchemas();
  Swap swap = {
      &dialect_,
      exchanges_,
      missing_schemas_,
      rebindings_,
      {},
      [this](std::span<const std::string> parts) { return Reroot(parts); },
      MarkOf("promotion", inputs_.tag),
      inputs_.keep_seconds};
  SwapOperations operations = OperationsOf(swap);
  faults_.insert(faults_.end(), operations.faults.begin(),
                 operations.faults.end());
  DOPPEL_RETURN_IF_ERROR(ErrorOf());
  plan_.operations = std::move(operations.operations);
  for (clone::Operation& skip : skips_) {
    skip.id = static_cast<int>(plan_.operations.size()) + 1;
    plan_.operations.push_back(std::move(skip));
  }
  AddPreconditions();
  AddWarnings();
  plan_.warnings.insert(plan_.warnings.end(), operations.warnings.begin(),
                        operations.warnings.end());
  plan_.keep_seconds = inputs_.keep_seconds;
  plan_.kind = clone::PlanKind::kPromotion;
  plan_.source_manifest = inputs_.from->digest();
  plan_.warehouse = std::string(dialect_.type());
  return std::move(plan_);
}

}  // namespace

std::vector<SchemaName> SchemasOf(const PromotionInputs& inputs) {
  std::set<SchemaName> schemas;
  const CatalogView view(*inputs.dialect, {}, {}, {});
  for (const Place& place : inputs.places) {
    schemas.insert(view.Spelled(place.from, inputs.from_quoting).schema_name());
    if (!place.to.has_value()) continue;
    schemas.insert(view.Spelled(*place.to, inputs.to_quoting).schema_name());
  }
  return {schemas.begin(), schemas.end()};
}

std::vector<DetailsWish> WishesOf(const PromotionInputs& inputs) {
  return Planner(inputs).Wishes();
}

absl::StatusOr<clone::Plan> PlanPromotion(const PromotionInputs& inputs) {
  return Planner(inputs).Run();
}

std::string ContentOf(const dialect::Dialect& dialect,
                      absl::string_view definition, absl::string_view content) {
  return Sha256Hex(absl::StrCat(
      dialect::CanonicalSql(definition, dialect::LexisOf(dialect.type())), "\n",
      content));
}

}  // namespace doppel::promotion
