#include "service/execution/scripted_warehouse.h"

#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "service/base/catalog.h"
#include "service/base/mutex.h"
#include "service/base/relation.h"
#include "service/clone/plan.h"
#include "service/dialect/dialect.h"
#include "service/warehouse/warehouse.h"

namespace doppel::execution {

class ScriptedWarehouse::ScriptedSession final : public warehouse::Session {
 public:
  explicit ScriptedSession(ScriptedWarehouse* warehouse)
      : warehouse_(*warehouse) {}

  absl::Status Execute(absl::string_view sql, std::stop_token stop) override {
    const std::string text(sql);
    return warehouse_.Execute(
        sql, [this, text] { Apply(text); }, std::move(stop));
  }
  absl::StatusOr<warehouse::Rows> Query(absl::string_view,
                                        std::stop_token) override {
    return warehouse::Rows();
  }

 private:
  // What a transaction does is done when it is committed.
  void Apply(const std::string& sql) {
    if (sql == "begin") {
      in_transaction_ = true;
    } else if (sql == "commit") {
      for (const std::string& begun : begun_) warehouse_.Apply(begun);
    } else if (in_transaction_ && sql != "ROLLBACK") {
      begun_.push_back(sql);
      return;
    } else {
      warehouse_.Apply(sql);
    }
    if (sql != "begin") in_transaction_ = false;
    begun_.clear();
  }

  ScriptedWarehouse& warehouse_;
  bool in_transaction_ = false;
  std::vector<std::string> begun_;
};

ScriptedWarehouse::ScriptedWarehouse(Script script)
    : script_(std::move(script)), schemas_({"s"}) {}

const dialect::Dialect& ScriptedWarehouse::dialect() const {
  return **dialect::FindDialect("duckdb");
}

absl::StatusOr<std::unique_ptr<warehouse::Session>>
ScriptedWarehouse::Connect() {
  MutexLock lock(mutex_);
  ++connections_;
  return std::make_unique<ScriptedSession>(this);
}

absl::StatusOr<std::unique_ptr<warehouse::Session>>
ScriptedWarehouse::ConnectAs(absl::string_view name) {
  {
    MutexLock lock(mutex_);
    opened_.emplace_back(name);
  }
  return Connect();
}

absl::Status ScriptedWarehouse::EndSession(absl::string_view name,
                                           std::stop_token) {
  std::function<void()> on_end;
  {
    MutexLock lock(mutex_);
    ended_.emplace_back(name);
    on_end = on_end_;
  }
  if (on_end) on_end();
  return absl::OkStatus();
}

void ScriptedWarehouse::OnEnd(std::function<void()> on_end) {
  MutexLock lock(mutex_);
  on_end_ = std::move(on_end);
}

std::vector<std::string> ScriptedWarehouse::opened() const {
  MutexLock lock(mutex_);
  return opened_;
}

std::vector<std::string> ScriptedWarehouse::ended() const {
  MutexLock lock(mutex_);
  return ended_;
}

absl::StatusOr<std::vector<CatalogEntry>> ScriptedWarehouse::ListRelations(
    std::span<const SchemaName>, std::stop_token) {
  MutexLock lock(mutex_);
  std::vector<CatalogEntry> entries;
  for (const auto& [name, entry] : relations_) entries.push_back(entry);
  return entries;
}

absl::StatusOr<std::vector<SchemaName>> ScriptedWarehouse::ExistingSchemas(
    std::span<const SchemaName>, std::stop_token) {
  MutexLock lock(mutex_);
  std::vector<SchemaName> found;
  for (const std::string& schema : schemas_) found.push_back({"db", schema});
  return found;
}

absl::Status ScriptedWarehouse::Execute(absl::string_view sql,
                                        const std::function<void()>& apply,
                                        std::stop_token stop) {
  {
    MutexLock lock(mutex_);
    sent_.emplace_back(sql);
  }
  if (script_) return script_(sql, apply, std::move(stop));
  apply();
  return absl::OkStatus();
}

void ScriptedWarehouse::Apply(absl::string_view sql) {
  const std::vector<std::string> words = absl::StrSplit(sql, ' ');
  MutexLock lock(mutex_);
  if (words[0] == "schema") schemas_.insert(words[1]);
  if (words[0] == "drop") relations_.erase(words[1]);
  if (words[0] != "make") return;
  const std::vector<std::string> parts = absl::StrSplit(words[2], '.');
  CatalogEntry entry;
  entry.name = {"db", parts[0], parts[1]};
  entry.kind = words[1] == "view" ? RelationKind::kView : RelationKind::kTable;
  entry.version = absl::StrCat("v", ++versions_);
  relations_[words[2]] = std::move(entry);
}

std::vector<std::string> ScriptedWarehouse::sent() const {
  MutexLock lock(mutex_);
  return sent_;
}

bool ScriptedWarehouse::Has(absl::string_view name) const {
  MutexLock lock(mutex_);
  return relations_.contains(std::string(name));
}

int ScriptedWarehouse::connections() const {
  MutexLock lock(mutex_);
  return connections_;
}

clone::Operation MakeView(int id, absl::string_view name,
                          std::vector<int> depends_on) {
  clone::Operation operation;
  operation.id = id;
  operation.kind = clone::OperationKind::kPointerView;
  operation.unique_id = absl::StrCat("model.shop.", name);
  clone::PlannedRelation target;
  target.name = {"db", "s", std::string(name)};
  target.kind = RelationKind::kView;
  target.rendered = absl::StrCat("db.s.", name);
  clone::PlannedRelation source = target;
  source.name.schema = "prod";
  source.rendered = absl::StrCat("db.prod.", name);
  operation.source = std::move(source);
  operation.target = std::move(target);
  operation.statements = {absl::StrCat("make view s.", name)};
  operation.reason = clone::OperationReason::kNoZeroCopy;
  operation.depends_on = std::move(depends_on);
  return operation;
}

clone::Plan PlanOf(std::vector<clone::Operation> operations) {
  clone::Plan plan;
  plan.connection = "scripted";
  plan.warehouse = "duckdb";
  plan.operations = std::move(operations);
  return plan;
}

}  // namespace doppel::execution
