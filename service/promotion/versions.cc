#include "service/promotion/versions.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "service/base/relation.h"
#include "service/clone/plan.h"
#include "service/dialect/dialect.h"
#include "service/promotion/statements.h"

namespace doppel::promotion {
namespace {

using clone::Operation;
using clone::OperationKind;
using clone::PlannedRelation;

class Writer {
 public:
  explicit Writer(const Swap& swap) : swap_(swap), dialect_(*swap.dialect) {}

  SwapOperations Run() &&;

 private:
  Operation* Add(OperationKind kind, const Exchange& exchange,
                 std::vector<std::string> statements, std::string explanation);
  // What is added from now on waits for all that was added.
  void NextPhase();
  // What is added next waits for what was added last, too.
  void Chain() { after_ = {static_cast<int>(out_.operations.size())}; }

  void MakeVersion(const Exchange& exchange);
  void Warn(const Exchange& exchange, const dialect::NewVersion& version);
  void ReplaceView(const Exchange& exchange);
  void Remove(const Exchange& exchange);

  const Swap& swap_;
  const dialect::Dialect& dialect_;
  std::vector<int> after_;  // ids that what is added waits for
  SwapOperations out_;
};

std::string TimeText(absl::Duration duration) {
  const int64_t hours = absl::ToInt64Hours(duration);
  if (hours % 24 == 0) return absl::StrCat(hours / 24, " days");
  return absl::FormatDuration(duration);
}

bool IsTable(const PlannedRelation& relation) {
  return relation.kind == RelationKind::kTable;
}

// What the exchange leaves in its place; none where it leaves nothing.
bool Leaves(const Exchange& exchange) {
  return exchange.placement.source.has_value() ||
         exchange.restores.has_value() || !exchange.afterwards.empty();
}

Operation* Writer::Add(OperationKind kind, const Exchange& exchange,
                       std::vector<std::string> statements,
                       std::string explanation) {
  Operation operation;
  operation.id = static_cast<int>(out_.operations.size()) + 1;
  operation.kind = kind;
  operation.reason = clone::OperationReason::kPromoted;
  operation.unique_id = exchange.placement.unique_id;
  operation.source = exchange.placement.source;
  operation.target = exchange.placement.target;
  operation.statements = std::move(statements);
  operation.explanation = std::move(explanation);
  operation.depends_on = after_;
  operation.placements = {exchange.placement};
  out_.operations.push_back(std::move(operation));
  return &out_.operations.back();
}

void Writer::NextPhase() {
  std::vector<int> all;
  std::vector<bool> is_waited_for(out_.operations.size() + 1);
  for (const Operation& operation : out_.operations) {
    for (const int id : operation.depends_on) is_waited_for[id] = true;
  }
  for (const Operation& operation : out_.operations) {
    if (!is_waited_for[operation.id]) all.push_back(operation.id);
  }
  after_ = std::move(all);
}

void Writer::Warn(const Exchange& exchange,
                  const dialect::NewVersion& version) {
  const std::string& table = exchange.placement.target.rendered;
  const auto warn = [&](absl::string_view name, std::string message) {
    out_.warnings.push_back({std::string(name), std::move(message)});
  };
  if (!version.losses.empty()) {
    warn("DefinitionIsLost",
         absl::StrCat(table, " will not have of ",
                      exchange.placement.source->rendered, ": ",
                      absl::StrJoin(version.losses, "; "),
                      ": a new version is made by a SELECT, which does not "
                      "take it along"));
  }
  if (!version.changes.empty()) {
    warn("PropertiesChange",
         absl::StrCat(table, ": ", absl::StrJoin(version.changes, "; ")));
  }
  if (!exchange.placement.kept_version.has_value()) return;
  const absl::Duration wanted = absl::Seconds(swap_.keep_seconds);
  if (!version.kept_for.has_value()) {
    warn("WayBackIsShort",
         absl::StrCat("how long ", table,
                      " keeps its earlier versions cannot be read in its "
                      "properties"));
  } else if (*version.kept_for < wanted) {
    warn("WayBackIsShort",
         absl::StrCat(table, " keeps its earlier versions for ",
                      TimeText(*version.kept_for),
                      ", and the old side is to "
                      "be kept for ",
                      TimeText(wanted),
                      ": a VACUUM in between takes the way back; set "
                      "delta.deletedFileRetentionDuration and "
                      "delta.logRetentionDuration of it"));
  }
}

void Writer::MakeVersion(const Exchange& exchange) {
  const clone::Placement& placement = exchange.placement;
  if (exchange.restores.has_value()) {
    Add(OperationKind::kSwap, exchange,
        dialect_.RestoreVersion(placement.target.name, kAsSpelled,
                                *exchange.restores, swap_.mark),
        absl::StrCat("version ", *exchange.restores, " of ",
                     placement.target.rendered,
                     " becomes its newest one, with its rows and its "
                     "definition"));
    return;
  }
  dialect::Making making;
  making.source = placement.source->name;
  making.source_quoting = kAsSpelled;
  making.target = placement.target.name;
  making.target_quoting = kAsSpelled;
  if (exchange.standing.has_value()) making.replaces = RelationKind::kTable;
  const dialect::NewVersion version = dialect_.MakeVersion(
      making, exchange.source_details, exchange.standing_details, swap_.mark);
  Warn(exchange, version);
  std::string explanation =
      placement.kept_version.has_value()
          ? absl::StrCat(
                "gets the rows and the definition of ",
                placement.source->rendered,
                " as a new version, in one step; the way back is version ",
                *placement.kept_version, ", which a VACUUM leaves for ",
                version.kept_for.has_value() ? TimeText(*version.kept_for)
                                             : "an unknown time")
          : absl::StrCat("is new: a copy of ", placement.source->rendered);
  Add(OperationKind::kCopyTable, exchange, version.statements,
      std::move(explanation));
}

void Writer::ReplaceView(const Exchange& exchange) {
  const clone::Placement& placement = exchange.placement;
  if (!placement.source.has_value()) {
    Add(OperationKind::kView, exchange, exchange.afterwards,
        "the view that stood there before");
  } else {
    Add(OperationKind::kView, exchange,
        {CreateView(
            dialect_,
            exchange.standing.has_value() ? "create or replace" : "create",
            placement.target.name,
            Rerooted(swap_, exchange.source_details.definition))},
        "the same view, of what is in its new place");
  }
  Chain();
}

// What is new there goes.
void Writer::Remove(const Exchange& exchange) {
  if (!exchange.standing.has_value()) return;
  const PlannedRelation& standing = *exchange.standing;
  const auto& kept_as = exchange.placement.kept_as;
  if (!kept_as.has_value()) {
    Add(OperationKind::kDrop, exchange,
        dialect_.Drop(standing.name, kAsSpelled, standing.kind),
        "it was not there before; its source still is as it was");
  } else {
    // Nothing ever stood at that name, so that nobody remembers its files.
    Operation* operation =
        Add(OperationKind::kRename, exchange,
            dialect_.Move({standing.name, standing.kind}, kept_as->name,
                          kAsSpelled),
            absl::StrCat("it was not there before; it becomes ",
                         kept_as->rendered));
    operation->source = standing;
    operation->target = kept_as;
  }
  Chain();
}

SwapOperations Writer::Run() && {
  out_.operations = MakeSchemas(swap_);
  NextPhase();
  for (const Exchange& exchange : swap_.exchanges) {
    if (IsTable(exchange.placement.target) && Leaves(exchange)) {
      MakeVersion(exchange);
    }
  }
  NextPhase();
  for (const Exchange& exchange : swap_.exchanges) {
    if (!IsTable(exchange.placement.target) && Leaves(exchange)) {
      ReplaceView(exchange);
    }
  }
  NextPhase();
  // Children first.
  for (auto it = swap_.exchanges.rbegin(); it != swap_.exchanges.rend(); ++it) {
    if (!Leaves(*it)) Remove(*it);
  }
  return std::move(out_);
}

}  // namespace

SwapOperations VersionOperations(const Swap& swap) {
  return Writer(swap).Run();
}

}  // namespace doppel::promotion
