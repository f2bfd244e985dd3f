#include "service/cleanup/cleanup.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "service/base/catalog.h"
#include "service/base/relation.h"
#include "service/cleanup/verdict.h"
#include "service/clone/plan.h"
#include "service/clone/replacing.h"
#include "service/clone/world.h"
#include "service/dialect/dialect.h"

namespace doppel::cleanup {
namespace {

using clone::Operation;
using clone::OperationKind;
using clone::OperationReason;

// The ledger spells names as the catalog does.
constexpr dialect::Quoting kAsSpelled = {true, true, true};

bool IsSchema(const Owned& owned) { return owned.name.identifier.empty(); }

// A relation that is to go, if nothing speaks against it.
struct Candidate {
  const Owned* owned = nullptr;
  const CatalogEntry* found = nullptr;
  Verdict verdict;
  std::string rendered;
  // Keys of what reads it.
  std::set<RelationName> readers;

  bool goes() const { return verdict.reason == OperationReason::kExpired; }
};

class Planner {
 public:
  explicit Planner(const CleanupInputs& inputs)
      : inputs_(inputs),
        dialect_(*inputs.dialect),
        world_(*inputs.dialect, inputs.catalog, inputs.existing_schemas) {}

  clone::Plan Run() &&;

 private:
  RelationName KeyOf(const RelationName& name) const {
    return dialect_.CatalogKey(name, kAsSpelled);
  }
  bool IsToGo(const Owned& owned) const {
    return cleanup::IsToGo(owned, inputs_);
  }

  void FindCandidates();
  void FindReaders();
  void KeepWhatIsRead();
  const RelationName* ReaderThatStays(const Candidate& candidate) const;
  void AddRelations();
  void AddRelation(const RelationName& key, const Candidate& candidate);
  void DropReadersFirst();
  void AddSchemas();
  void AddSchema(const Owned& owned);
  std::vector<std::string> LeftIn(const RelationName& schema) const;
  std::vector<int> DropsIn(const RelationName& schema) const;
  Operation& AddOperation(const RelationName& name, std::string rendered,
                          const Verdict& verdict);
  void Warn();

  const CleanupInputs& inputs_;
  const dialect::Dialect& dialect_;
  const clone::World world_;
  std::map<RelationName, Candidate> candidates_;  // by key
  std::map<RelationName, int> drops_;             // key -> operation
  clone::Plan plan_;
};

clone::Plan Planner::Run() && {
  plan_.kind = clone::PlanKind::kCleanup;
  plan_.warehouse = std::string(dialect_.type());
  FindCandidates();
  FindReaders();
  KeepWhatIsRead();
  AddRelations();
  DropReadersFirst();
  AddSchemas();
  Warn();
  return std::move(plan_);
}

void Planner::FindCandidates() {
  for (const Owned& owned : inputs_.owned) {
    if (!IsToGo(owned) || IsSchema(owned)) continue;
    const RelationName key = KeyOf(owned.name);
    Candidate& candidate = candidates_[key];
    candidate.owned = &owned;
    candidate.found = world_.Find(key);
    candidate.rendered = dialect_.Render(owned.name, kAsSpelled);
    candidate.verdict = Judge(owned, candidate.rendered, candidate.found);
    if (candidate.found == nullptr) continue;
    for (const RelationName& holder : candidate.found->holders) {
      candidate.readers.insert(KeyOf(holder));
    }
  }
}

// Not every catalog tells who reads a relation; the ledger knows which views
// doppel made that do.
void Planner::FindReaders() {
  for (const Owned& owned : inputs_.owned) {
    if (owned.kind != RelationKind::kView) continue;
    const auto read = candidates_.find(KeyOf(owned.source));
    if (read == candidates_.end()) continue;
    const RelationName key = KeyOf(owned.name);
    const CatalogEntry* const found = world_.Find(key);
    if (found != nullptr && found->kind == RelationKind::kView) {
      read->second.readers.insert(key);
    }
  }
}

const RelationName* Planner::ReaderThatStays(const Candidate& candidate) const {
  for (const RelationName& reader : candidate.readers) {
    const auto found = candidates_.find(reader);
    if (found == candidates_.end() || !found->second.goes()) return &reader;
  }
  return nullptr;
}

// What is kept for its reader's sake may read others in turn.
void Planner::KeepWhatIsRead() {
  for (bool changed = true; changed;) {
    changed = false;
    for (auto& [key, candidate] : candidates_) {
      if (!candidate.goes()) continue;
      const RelationName* const reader = ReaderThatStays(candidate);
      if (reader == nullptr) continue;
      candidate.verdict = {
          OperationReason::kStillRead,
          absl::StrCat(dialect_.Render(*reader, kAsSpelled), ", which stays, ",
                       "depends on ", candidate.rendered)};
      changed = true;
    }
  }
}

Operation& Planner::AddOperation(const RelationName& name, std::string rendered,
                                 const Verdict& verdict) {
  Operation operation;
  operation.id = static_cast<int>(plan_.operations.size()) + 1;
  operation.kind = verdict.reason == OperationReason::kExpired
                       ? OperationKind::kDrop
                       : OperationKind::kSkip;
  operation.reason = verdict.reason;
  operation.explanation = verdict.explanation;
  operation.target =
      clone::PlannedRelation{name, RelationKind::kUnknown, std::move(rendered)};
  plan_.operations.push_back(std::move(operation));
  return plan_.operations.back();
}

void Planner::AddRelations() {
  for (const bool views : {true, false}) {
    for (const auto& [key, candidate] : candidates_) {
      const bool is_view = candidate.owned->kind == RelationKind::kView;
      if (is_view == views) AddRelation(key, candidate);
    }
  }
}

void Planner::AddRelation(const RelationName& key, const Candidate& candidate) {
  Operation& operation = AddOperation(candidate.owned->name, candidate.rendered,
                                      candidate.verdict);
  operation.unique_id = candidate.owned->unique_id;
  operation.target->kind = candidate.found == nullptr ? candidate.owned->kind
                                                      : candidate.found->kind;
  // A view that follows its source, or a table that was made from it.
  const RelationName& source = candidate.owned->source;
  if (!source.identifier.empty()) {
    operation.source = clone::PlannedRelation{
        source, RelationKind::kUnknown, dialect_.Render(source, kAsSpelled)};
  }
  if (!candidate.goes()) return;
  const CatalogEntry& found = *candidate.found;
  drops_[key] = operation.id;
  operation.statements =
      dialect_.Drop(found.name, kAsSpelled, candidate.owned->kind);
  plan_.preconditions.push_back({clone::PreconditionKind::kTargetRelation,
                                 candidate.rendered, clone::ExpectedOf(&found),
                                 found.name});
}

void Planner::DropReadersFirst() {
  std::map<RelationName, clone::Replaced> dropped;
  for (const auto& [key, id] : drops_) {
    const std::set<RelationName>& readers = candidates_.at(key).readers;
    dropped[key] = {id, {readers.begin(), readers.end()}};
  }
  for (const clone::HeldTarget& held :
       clone::ReplaceHoldersFirst(dropped, plan_.operations)) {
    plan_.warnings.push_back(
        {"TargetIsHeld",
         absl::StrCat("operation ", held.operation, " will fail: ",
                      plan_.operations[held.operation - 1].target->rendered,
                      " and ", dialect_.Render(held.holder, kAsSpelled),
                      " depend on each other")});
  }
}

void Planner::AddSchemas() {
  std::map<RelationName, const Owned*> schemas;
  for (const Owned& owned : inputs_.owned) {
    if (IsToGo(owned) && IsSchema(owned)) schemas[KeyOf(owned.name)] = &owned;
  }
  for (const auto& [key, owned] : schemas) AddSchema(*owned);
}

void Planner::AddSchema(const Owned& owned) {
  const RelationName key = KeyOf(owned.name);
  const SchemaName schema = owned.name.schema_name();
  const std::string rendered = dialect_.RenderSchema(schema, kAsSpelled);
  if (!world_.FindSchema(key).has_value()) {
    AddOperation(owned.name, rendered,
                 {OperationReason::kTargetGone,
                  absl::StrCat("schema ", rendered, " is not there any more")});
    return;
  }
  std::vector<std::string> statements = dialect_.DropSchema(schema, kAsSpelled);
  const std::vector<std::string> left = LeftIn(key);
  Verdict verdict = {
      OperationReason::kExpired,
      absl::StrCat("doppel made the schema for environments/",
                   owned.environment, ", and no relation is left in it")};
  if (!left.empty()) {
    verdict = {
        OperationReason::kSchemaKept,
        absl::StrCat("the schema still holds ", left.front(),
                     left.size() > 1
                         ? absl::StrCat(" and ", left.size() - 1, " more")
                         : "")};
  } else if (statements.empty()) {
    verdict = {OperationReason::kSchemaKept,
               absl::StrCat(dialect_.type(),
                            " drops a schema with all that "
                            "comes to be in it, so it is kept")};
  }
  Operation& operation = AddOperation(owned.name, rendered, verdict);
  if (operation.kind == OperationKind::kSkip) return;
  operation.statements = std::move(statements);
  operation.depends_on = DropsIn(key);
  plan_.preconditions.push_back({clone::PreconditionKind::kSchema, rendered,
                                 clone::kPresent, owned.name});
}

std::vector<std::string> Planner::LeftIn(const RelationName& schema) const {
  std::vector<std::string> left;
  for (const CatalogEntry& entry : inputs_.catalog) {
    RelationName key = KeyOf(entry.name);
    if (key.schema_name() != schema.schema_name() || drops_.contains(key)) {
      continue;
    }
    left.push_back(dialect_.Render(entry.name, kAsSpelled));
  }
  return left;
}

std::vector<int> Planner::DropsIn(const RelationName& schema) const {
  std::vector<int> ids;
  for (const auto& [key, id] : drops_) {
    if (key.schema_name() == schema.schema_name()) ids.push_back(id);
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

void Planner::Warn() {
  if (!dialect_.capabilities().versions_miss_changes) return;
  const bool drops_tables =
      std::any_of(plan_.operations.begin(), plan_.operations.end(),
                  [](const Operation& operation) {
                    return operation.kind == OperationKind::kDrop &&
                           operation.target->kind == RelationKind::kTable;
                  });
  if (!drops_tables) return;
  plan_.warnings.push_back(
      {"VersionsMissChanges",
       absl::StrCat(dialect_.type(),
                    " does not count changes of a table: one whose columns and "
                    "number of rows are as doppel made them is taken for "
                    "doppel's own, though its rows may have been updated")});
}

}  // namespace

bool IsToGo(const Owned& owned, const CleanupInputs& inputs) {
  return owned.is_due || inputs.environments.contains(owned.environment);
}

std::vector<SchemaName> SchemasOf(const CleanupInputs& inputs) {
  const dialect::Dialect& dialect = *inputs.dialect;
  std::set<RelationName> going;
  std::set<SchemaName> schemas;
  for (const Owned& owned : inputs.owned) {
    if (!IsToGo(owned, inputs)) continue;
    going.insert(dialect.CatalogKey(owned.name, kAsSpelled));
    schemas.insert(owned.name.schema_name());
  }
  for (const Owned& owned : inputs.owned) {
    if (owned.kind == RelationKind::kView &&
        going.contains(dialect.CatalogKey(owned.source, kAsSpelled))) {
      schemas.insert(owned.name.schema_name());
    }
  }
  return {schemas.begin(), schemas.end()};
}

clone::Plan PlanCleanup(const CleanupInputs& inputs) {
  return Planner(inputs).Run();
}

}  // namespace doppel::cleanup
