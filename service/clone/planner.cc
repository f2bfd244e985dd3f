#include "service/clone/planner.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "service/base/error.h"
#include "service/base/status_macros.h"
#include "service/clone/candidates.h"
#include "service/clone/decision.h"
#include "service/clone/explanation.h"
#include "service/clone/holding.h"
#include "service/clone/making.h"
#include "service/clone/reach.h"
#include "service/clone/reconciling.h"
#include "service/clone/schema_needs.h"
#include "service/clone/settling.h"
#include "service/clone/target_names.h"
#include "service/clone/whole_schemas.h"
#include "service/clone/world.h"

namespace doppel::clone {
namespace {

constexpr dialect::Quoting kAsSpelled = {true, true, true};

// The name as the catalog is likely to spell it. Where the warehouse compares
// without regard to case, the manifest's own spelling is the best guess.
RelationName CatalogName(const dialect::Dialect& dialect,
                         const RelationName& name,
                         const dialect::Quoting& quoting) {
  if (dialect.folding(/*quoted=*/true) == dialect::Folding::kKeep) {
    return dialect.CatalogKey(name, quoting);
  }
  return name;
}

class Planner {
 public:
  Planner(const CloneInputs& inputs, const TargetNames& names,
          std::vector<Candidate> candidates)
      : inputs_(inputs),
        names_(names),
        dialect_(*inputs.dialect),
        world_(*inputs.dialect, inputs.catalog, inputs.existing_schemas),
        candidates_(std::move(candidates)),
        schemas_(dialect_, world_, inputs.target_quoting) {}

  absl::StatusOr<Plan> Run() &&;

 private:
  RelationName SourceKey(const Candidate& candidate) const {
    return clone::SourceKey(inputs_, candidate);
  }
  RelationName TargetKey(const Candidate& candidate) const {
    return clone::TargetKey(inputs_, candidate);
  }

  void ReadLedger();
  void ReadSources();
  void ReadEngines();
  bool IsSelfClone() const;
  void Add(const Candidate& candidate, const Decision& decision,
           const WholeSchemas& whole);
  void ComeWithSchema(Operation* operation) const;
  Decision Decide(const Candidate& candidate);
  std::optional<Decision> Obstacle(const Candidate& candidate,
                                   const RelationName& target);
  void CheckTarget(const Candidate& candidate);
  Decision Make(const Candidate& candidate, const CatalogEntry& source);
  void CheckMemory(const Candidate& candidate);
  PlannedRelation Planned(const RelationName& name,
                          const dialect::Quoting& quoting,
                          const CatalogEntry* entry) const;
  void AddRelations(const Candidate& candidate, Operation* operation) const;
  void ExpectSource(const Candidate& candidate, OperationKind kind);
  void ExpectRelation(PreconditionKind kind, const RelationName& name,
                      const dialect::Quoting& quoting);
  void Fault(absl::string_view subject, absl::string_view description);
  int OperationOf(size_t candidate) const;
  void MakeReadFirst();
  void Warn();
  void WarnOfThePresent();
  void WarnOfUnseenChanges();
  absl::Status ErrorOf() const;

  const CloneInputs& inputs_;
  const TargetNames& names_;
  const dialect::Dialect& dialect_;
  const World world_;
  std::vector<Candidate> candidates_;
  std::vector<Decision> decisions_;  // of each candidate
  Ledger ledger_;
  // By key: the nodes that read a relation, and that make one.
  absl::flat_hash_map<RelationName, absl::string_view> sources_;
  absl::flat_hash_map<RelationName, absl::string_view> taken_;
  SchemaNeeds schemas_;
  std::vector<std::pair<std::string, std::string>> faults_;
  Plan plan_;
};

absl::StatusOr<Plan> Planner::Run() && {
  if (candidates_.empty()) {
    return Error(absl::StatusCode::kFailedPrecondition, Reason::kPlanEmpty,
                 "the selection has no model, seed or snapshot: there is "
                 "nothing to clone");
  }
  if (IsSelfClone()) {
    return Error(absl::StatusCode::kFailedPrecondition, Reason::kSelfClone,
                 "source and target are the same relations for all that was "
                 "selected; name another target");
  }
  if (inputs_.as_of.has_value()) {
    DOPPEL_RETURN_IF_ERROR(CheckTimeTravel(dialect_, *inputs_.as_of));
  }
  ReadLedger();
  ReadSources();
  ReadEngines();
  decisions_.reserve(candidates_.size());
  for (const Candidate& candidate : candidates_) {
    decisions_.push_back(Decide(candidate));
  }
  DOPPEL_RETURN_IF_ERROR(ErrorOf());
  plan_.escapes =
      Settling(inputs_, names_, world_, ledger_, candidates_).Run(&decisions_);
  const WholeSchemas whole(inputs_, world_, candidates_, decisions_);
  plan_.operations.reserve(candidates_.size());
  for (size_t i = 0; i < candidates_.size(); ++i) {
    Add(candidates_[i], decisions_[i], whole);
  }
  schemas_.PutFirst(whole, &plan_);
  plan_.warnings = whole.warnings();
  MakeReadFirst();
  Holding(inputs_, world_, candidates_, decisions_, &plan_).Run();
  Warn();
  plan_.kind = PlanKind::kClone;
  plan_.source_manifest = inputs_.source->digest();
  if (inputs_.target != nullptr) {
    plan_.target_manifest = inputs_.target->digest();
  }
  plan_.warehouse = std::string(dialect_.type());
  return std::move(plan_);
}

void Planner::ReadLedger() {
  for (const LedgerFact& fact : inputs_.ledger) {
    ledger_[dialect_.CatalogKey(fact.target, kAsSpelled)] = &fact;
  }
}

void Planner::ReadSources() {
  sources_.reserve(candidates_.size());
  for (const Candidate& candidate : candidates_) {
    if (candidate.skip.has_value()) continue;
    sources_.emplace(SourceKey(candidate), candidate.unique_id);
  }
}

// What stands there counts, whatever its node's config says.
void Planner::ReadEngines() {
  for (Candidate& candidate : candidates_) {
    if (candidate.skip.has_value()) continue;
    const CatalogEntry* const entry = world_.Find(SourceKey(candidate));
    if (entry == nullptr || entry->engine.empty()) continue;
    candidate.options.engine = entry->engine;
  }
}

bool Planner::IsSelfClone() const {
  bool any = false;
  for (const Candidate& candidate : candidates_) {
    if (candidate.skip.has_value()) continue;
    if (SourceKey(candidate) != TargetKey(candidate)) return false;
    any = true;
  }
  return any;
}

void Planner::Add(const Candidate& candidate, const Decision& decision,
                  const WholeSchemas& whole) {
  Operation operation;
  operation.kind = decision.kind;
  operation.reason = decision.reason;
  operation.unique_id = std::string(candidate.unique_id);
  AddRelations(candidate, &operation);
  if (operation.kind != OperationKind::kSkip) {
    operation.statements =
        StatementsFor(dialect_, operation.kind,
                      MakingOf(inputs_, world_, candidate, decision));
  }
  operation.explanation =
      Explain(operation, candidate, dialect_, decision, inputs_.as_of);
  if (operation.kind == OperationKind::kSkip) {
    schemas_.Add(std::nullopt);
  } else {
    schemas_.Add(candidate.target);
    ExpectSource(candidate, operation.kind);
    if (whole.Contains(TargetKey(candidate))) {
      ComeWithSchema(&operation);
    } else {
      ExpectRelation(PreconditionKind::kTargetRelation, *candidate.target,
                     inputs_.target_quoting);
    }
  }
  plan_.operations.push_back(std::move(operation));
}

// It has nothing left to do, and its target will be there by then: so there is
// no precondition of the target that would tell its name in the catalog.
void Planner::ComeWithSchema(Operation* operation) const {
  operation->target->name =
      CatalogName(dialect_, operation->target->name, inputs_.target_quoting);
  operation->statements.clear();
  operation->reason = OperationReason::kWithSchema;
  operation->explanation =
      absl::StrCat(operation->source->rendered, " is cloned with its schema");
}

Decision Planner::Decide(const Candidate& candidate) {
  if (candidate.skip.has_value()) return Skip(*candidate.skip);
  const RelationName target = TargetKey(candidate);
  if (const auto obstacle = Obstacle(candidate, target)) return *obstacle;
  const CatalogEntry* existing = world_.Find(target);
  if (existing != nullptr &&
      inputs_.options.existing_target == ExistingTarget::kKeep) {
    return Skip(OperationReason::kTargetExists);
  }
  const RelationName source = SourceKey(candidate);
  const CatalogEntry* entry = world_.Find(source);
  if (entry == nullptr) {
    if (inputs_.options.on_missing_source == MissingSource::kFail) {
      Fault(dialect_.Render(*candidate.source, candidate.source_quoting),
            absl::StrCat("the warehouse has no such relation for ",
                         candidate.unique_id));
    }
    return Skip(OperationReason::kSourceMissing);
  }
  Decision change;
  if (existing != nullptr &&
      inputs_.options.existing_target == ExistingTarget::kReconcile) {
    const auto fact = ledger_.find(target);
    change = Reconcile(
        {dialect_, fact == ledger_.end() ? nullptr : fact->second, source,
         *entry, *existing, inputs_.options.on_no_zero_copy,
         inputs_.as_of.has_value(), inputs_.options.overwrite_changed_targets});
    const bool may_stay = change.reason == OperationReason::kUpToDate &&
                          fact->second->made_by == OperationKind::kPointerView;
    if (change.reason != OperationReason::kDrifted && !may_stay) return change;
  }
  CheckTarget(candidate);
  Decision decision = Make(candidate, *entry);
  if (change.reason == OperationReason::kDrifted) {
    decision.reason = change.reason;
    decision.also = change.also;
  }
  decision.unless_same = change.reason == OperationReason::kUpToDate;
  return decision;
}

// What keeps the node from being cloned, whatever the warehouse holds.
std::optional<Decision> Planner::Obstacle(const Candidate& candidate,
                                          const RelationName& target) {
  for (const auto& [side, name] : {std::pair("source", *candidate.source),
                                   std::pair("target", *candidate.target)}) {
    const std::string why = WhyNoName(dialect_, name);
    if (why.empty()) continue;
    Fault(candidate.unique_id, absl::StrCat("its ", side, ": ", why));
    return Skip(OperationReason::kNoNamingRule);
  }
  if (SourceKey(candidate) == target) {
    return Skip(OperationReason::kSameRelation);
  }
  const auto reader = sources_.find(target);
  if (reader != sources_.end()) {
    return Skip(OperationReason::kTargetTaken,
                absl::StrCat(reader->second, ", as its source"));
  }
  const auto [taken, is_free] = taken_.emplace(target, candidate.unique_id);
  if (!is_free) return Skip(OperationReason::kTargetTaken, taken->second);
  return std::nullopt;
}

void Planner::CheckTarget(const Candidate& candidate) {
  const std::string why =
      WhyOutOfReach(dialect_, *candidate.target, inputs_.target_quoting,
                    inputs_.default_database);
  if (why.empty()) return;
  Fault(dialect_.Render(*candidate.target, inputs_.target_quoting), why);
}

Decision Planner::Make(const Candidate& candidate, const CatalogEntry& source) {
  if (source.kind != RelationKind::kTable) {
    if (source.kind == RelationKind::kView &&
        inputs_.options.views == Views::kClosed) {
      return {OperationKind::kView, OperationReason::kReRooted};
    }
    return {OperationKind::kPointerView, OperationReason::kSourceNotATable};
  }
  if (dialect_.CanClone(source.kind, candidate.options)) {
    CheckMemory(candidate);
    return {OperationKind::kCloneTable, OperationReason::kCloneable};
  }
  switch (inputs_.options.on_no_zero_copy) {
    case NoZeroCopy::kCopy:
      if (inputs_.as_of.has_value()) {
        Fault(dialect_.Render(*candidate.source, candidate.source_quoting),
              "a copy of it would hold what it is, not what it was");
      }
      return {OperationKind::kCopyTable, OperationReason::kCopyRequested};
    case NoZeroCopy::kFail:
      Fault(dialect_.Render(*candidate.source, candidate.source_quoting),
            WhyNoZeroCopy(candidate, dialect_));
      break;
    case NoZeroCopy::kPointerView:
      break;
  }
  return {OperationKind::kPointerView, OperationReason::kNoZeroCopy};
}

void Planner::CheckMemory(const Candidate& candidate) {
  if (!inputs_.as_of.has_value()) return;
  const std::string why =
      WhyForgotten(dialect_, candidate.source_options, *inputs_.as_of);
  if (why.empty()) return;
  Fault(dialect_.Render(*candidate.source, candidate.source_quoting), why);
}

PlannedRelation Planner::Planned(const RelationName& name,
                                 const dialect::Quoting& quoting,
                                 const CatalogEntry* entry) const {
  return {name, entry == nullptr ? RelationKind::kUnknown : entry->kind,
          dialect_.Render(name, quoting)};
}

// What stands at the target, if it is to be replaced, counts as `replaces`; the
// target's own kind is then what it becomes.
void Planner::AddRelations(const Candidate& candidate,
                           Operation* operation) const {
  if (candidate.source.has_value()) {
    operation->source = Planned(*candidate.source, candidate.source_quoting,
                                world_.Find(SourceKey(candidate)));
  }
  if (!candidate.target.has_value()) return;
  const CatalogEntry* existing = world_.Find(TargetKey(candidate));
  PlannedRelation target =
      Planned(*candidate.target, inputs_.target_quoting, existing);
  if (operation->kind != OperationKind::kSkip) {
    if (existing != nullptr) operation->replaces = target;
    target.kind = operation->kind == OperationKind::kPointerView ||
                          operation->kind == OperationKind::kView
                      ? RelationKind::kView
                      : RelationKind::kTable;
  }
  operation->target = std::move(target);
}

void Planner::ExpectSource(const Candidate& candidate, OperationKind kind) {
  ExpectRelation(PreconditionKind::kSourceRelation, *candidate.source,
                 candidate.source_quoting);
  // What the source becomes does not change what it was.
  if (kind == OperationKind::kCloneTable && inputs_.as_of.has_value()) {
    std::string& expected = plan_.preconditions.back().expected;
    expected.resize(std::min(expected.size(), expected.find('@')));
  }
}

void Planner::ExpectRelation(PreconditionKind kind, const RelationName& name,
                             const dialect::Quoting& quoting) {
  const CatalogEntry* entry = world_.Find(dialect_.CatalogKey(name, quoting));
  plan_.preconditions.push_back(
      {kind, dialect_.Render(name, quoting), ExpectedOf(entry),
       entry == nullptr ? CatalogName(dialect_, name, quoting) : entry->name});
}

void Planner::Fault(absl::string_view subject, absl::string_view description) {
  faults_.emplace_back(subject, description);
}

absl::Status Planner::ErrorOf() const {
  if (faults_.empty()) return absl::OkStatus();
  Error error(
      absl::StatusCode::kFailedPrecondition, Reason::kPlanHasErrors,
      absl::StrCat("the plan cannot do what was asked in ", faults_.size(),
                   " places; the first: ", faults_.front().first, ": ",
                   faults_.front().second));
  error.With("places", faults_.size());
  for (const auto& [subject, description] : faults_) {
    error.Precondition("RELATION", subject, description);
  }
  return error;
}

// The operations of schemas come first, then those of the candidates.
int Planner::OperationOf(size_t candidate) const {
  const size_t schemas = plan_.operations.size() - candidates_.size();
  return static_cast<int>(schemas + candidate) + 1;
}

// A closed view is made when what it reads is there.
void Planner::MakeReadFirst() {
  std::map<RelationName, int> makers;
  for (size_t i = 0; i < candidates_.size(); ++i) {
    if (decisions_[i].kind == OperationKind::kSkip) continue;
    makers.emplace(TargetKey(candidates_[i]), OperationOf(i));
  }
  for (size_t i = 0; i < candidates_.size(); ++i) {
    std::vector<int>& depends_on =
        plan_.operations[OperationOf(i) - 1].depends_on;
    std::set<int> first(depends_on.begin(), depends_on.end());
    for (const RelationName& key : decisions_[i].closing.reads) {
      const auto maker = makers.find(key);
      if (maker != makers.end()) first.insert(maker->second);
    }
    depends_on.assign(first.begin(), first.end());
  }
}

// Views have no memory.
void Planner::WarnOfThePresent() {
  const int views = Summarize(plan_).pointer_views;
  if (views == 0) return;
  plan_.warnings.push_back(
      {"PointerViewsReadThePresent",
       absl::StrCat(views,
                    " pointer views read their sources as they are, "
                    "not as they were at ",
                    TimeText(inputs_.as_of->time))});
}

// Reconciling says what somebody changed, as far as the warehouse tells.
void Planner::WarnOfUnseenChanges() {
  if (!dialect_.capabilities().versions_miss_changes) return;
  if (inputs_.options.existing_target != ExistingTarget::kReconcile) return;
  int tables = 0;
  for (const Operation& operation : plan_.operations) {
    tables += operation.replaces.has_value() &&
              operation.replaces->kind == RelationKind::kTable;
  }
  if (tables == 0) return;
  plan_.warnings.push_back(
      {"VersionsMissChanges",
       absl::StrCat(tables, " tables are made anew, and ", dialect_.type(),
                    " does not count changes: rows that were updated in them "
                    "since doppel made them would be lost")});
}

void Planner::Warn() {
  WarnOfUnseenChanges();
  const absl::string_view adapter = inputs_.source->metadata().adapter_type;
  if (!adapter.empty() && adapter != dialect_.type()) {
    plan_.warnings.push_back(
        {"SourceOfAnotherWarehouse",
         absl::StrCat("the source's manifest is of ", adapter,
                      ", the connection of ", dialect_.type())});
  }
  if (inputs_.as_of.has_value()) WarnOfThePresent();
  int deferred = 0;
  for (const Candidate& candidate : candidates_) {
    const auto node = inputs_.source->Find(candidate.unique_id);
    if (node.has_value()) deferred += inputs_.source->node(*node).deferred;
  }
  if (deferred > 0) {
    plan_.warnings.push_back(
        {"SourceDefersItself",
         absl::StrCat(deferred,
                      " nodes of the source were deferred when its manifest "
                      "was written, and stand for another environment's "
                      "relations")});
  }
}

}  // namespace

absl::StatusOr<std::vector<SchemaName>> SchemasOf(const CloneInputs& inputs) {
  DOPPEL_ASSIGN_OR_RETURN(const std::vector<Candidate> candidates,
                          CandidatesOf(inputs));
  DOPPEL_ASSIGN_OR_RETURN(const TargetNames names, TargetNames::Make(inputs));
  std::set<SchemaName> schemas;
  const auto add = [&](const RelationName& name,
                       const dialect::Quoting& quoting) {
    schemas.insert(CatalogName(*inputs.dialect, name, quoting).schema_name());
  };
  for (const Candidate& candidate : candidates) {
    if (candidate.source.has_value()) {
      add(*candidate.source, candidate.source_quoting);
    }
    if (candidate.target.has_value()) {
      add(*candidate.target, inputs.target_quoting);
    }
  }
  if (inputs.options.views == Views::kClosed) {
    for (const RelationName& name : TargetsRead(inputs, names, candidates)) {
      add(name, inputs.target_quoting);
    }
  }
  return std::vector<SchemaName>(schemas.begin(), schemas.end());
}

absl::StatusOr<Plan> PlanClone(const CloneInputs& inputs) {
  DOPPEL_ASSIGN_OR_RETURN(std::vector<Candidate> candidates,
                          CandidatesOf(inputs));
  DOPPEL_ASSIGN_OR_RETURN(const TargetNames names, TargetNames::Make(inputs));
  return Planner(inputs, names, std::move(candidates)).Run();
}

}  // namespace doppel::clone
