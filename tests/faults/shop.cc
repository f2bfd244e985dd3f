#include "tests/faults/shop.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "service/base/catalog.h"
#include "service/base/relation.h"
#include "service/base/status_macros.h"
#include "service/clone/plan.h"
#include "service/dialect/dialect.h"
#include "service/store/store.h"
#include "service/warehouse/warehouse.h"
#include "tests/faults/engine.h"

namespace doppel::faults {
namespace {

using clone::Operation;
using clone::OperationKind;

constexpr int kCopies = 4;
constexpr int kSmallViews = 12;  // by one statement each: for batches

// Builds the operations, one after the other.
class Builder {
 public:
  Builder(const Engine& engine, const dialect::Dialect& dialect,
          std::string database)
      : engine_(engine), dialect_(dialect), database_(std::move(database)) {}

  const Engine& engine() const { return engine_; }
  const dialect::Dialect& dialect() const { return dialect_; }

  clone::PlannedRelation Named(absl::string_view schema,
                               absl::string_view identifier,
                               RelationKind kind) const {
    clone::PlannedRelation relation;
    relation.name = {database_, std::string(schema), std::string(identifier)};
    relation.kind = kind;
    relation.rendered = identifier.empty()
                            ? std::string(schema)
                            : absl::StrCat(schema, ".", identifier);
    return relation;
  }

  // In one transaction, with the row that tells of it; without transactions it
  // is one statement.
  Operation& Add(OperationKind kind, clone::PlannedRelation target,
                 const std::vector<std::string>& statements) {
    Operation operation;
    operation.id = static_cast<int>(operations_.size()) + 1;
    operation.kind = kind;
    operation.target = std::move(target);
    operation.statements = statements;
    if (engine_.has_transactions) {
      operation.statements.insert(operation.statements.begin(), "begin");
      operation.statements.push_back(
          absl::StrCat("insert into prod.log values (", operation.id, ")"));
      operation.statements.push_back("commit");
    }
    operations_.push_back(std::move(operation));
    return operations_.back();
  }

  std::vector<Operation> Take() { return std::move(operations_); }

 private:
  const Engine& engine_;
  const dialect::Dialect& dialect_;
  const std::string database_;
  std::vector<Operation> operations_;
};

void AddCopy(int i, Builder& builder) {
  const std::string name = absl::StrCat("t", i);
  Operation& copy =
      builder.Add(OperationKind::kCopyTable,
                  builder.Named("dev", name, RelationKind::kTable),
                  {absl::StrCat("create table dev.", name, " ",
                                builder.engine().table_clause,
                                " as select * from prod.", name)});
  copy.source = builder.Named("prod", name, RelationKind::kTable);
  copy.depends_on = {1};
  const int copied = copy.id;
  Operation& view = builder.Add(
      OperationKind::kPointerView,
      builder.Named("dev", absl::StrCat("v", i), RelationKind::kView),
      {absl::StrCat("create view dev.v", i, " as select * from dev.", name)});
  view.source = builder.Named("dev", name, RelationKind::kTable);
  view.depends_on = {copied};
}

std::string SmallView(int i) { return absl::StrCat("w", i); }

void AddSmallView(int i, Builder& builder) {
  Operation& view =
      builder.Add(OperationKind::kPointerView,
                  builder.Named("old", SmallView(i), RelationKind::kView), {});
  view.source = builder.Named("prod", "t0", RelationKind::kTable);
  view.statements = {absl::StrCat("create view old.", SmallView(i),
                                  " as select * from prod.t0")};
}

// Those that were not added to the log are seen by their view alone.
bool IsLogged(const Operation& operation) {
  return operation.statements.size() > 1;
}

std::vector<std::string> Replacement(const Engine& engine) {
  if (engine.has_transactions) {
    return {"drop table old.replaced",
            "create table old.replaced as select * from prod.t0"};
  }
  return {absl::StrCat("create or replace table old.replaced ",
                       engine.table_clause, " as select * from prod.t0")};
}

void AddChanges(Builder& builder) {
  Operation& replace =
      builder.Add(OperationKind::kCopyTable,
                  builder.Named("old", "replaced", RelationKind::kTable),
                  Replacement(builder.engine()));
  replace.source = builder.Named("prod", "t0", RelationKind::kTable);
  replace.replaces = replace.target;
  const clone::PlannedRelation before =
      builder.Named("old", "before", RelationKind::kTable);
  const clone::PlannedRelation after =
      builder.Named("old", "after", RelationKind::kTable);
  Operation& rename = builder.Add(
      OperationKind::kRename, after,
      builder.dialect().Move({before.name, before.kind}, after.name, {}));
  rename.source = before;
  builder.Add(OperationKind::kDrop,
              builder.Named("old", "dropped", RelationKind::kTable),
              {"drop table old.dropped"});
}

// "absent", "table", "table@version".
std::string StateOf(const RelationName& name,
                    const std::vector<CatalogEntry>& catalog) {
  for (const CatalogEntry& entry : catalog) {
    if (entry.name != name) continue;
    const std::string kind(RelationKindName(entry.kind));
    return entry.version.empty() ? kind
                                 : absl::StrCat(kind, "@", entry.version);
  }
  return "absent";
}

void AddPreconditions(const std::vector<CatalogEntry>& catalog,
                      clone::Plan* plan) {
  std::set<RelationName> made;
  for (const Operation& operation : plan->operations) {
    const RelationName& target = operation.target->name;
    if (operation.kind == OperationKind::kCreateSchema) {
      plan->preconditions.push_back({clone::PreconditionKind::kSchema,
                                     operation.target->rendered, "absent",
                                     target});
      continue;
    }
    if (operation.source.has_value() &&
        !made.contains(operation.source->name)) {
      const RelationName& source = operation.source->name;
      plan->preconditions.push_back({clone::PreconditionKind::kSourceRelation,
                                     operation.source->rendered,
                                     StateOf(source, catalog), source});
    }
    plan->preconditions.push_back({clone::PreconditionKind::kTargetRelation,
                                   operation.target->rendered,
                                   StateOf(target, catalog), target});
    made.insert(target);
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<Shop>> Shop::Make(const Engine& engine,
                                                 const std::string& folder) {
  DOPPEL_ASSIGN_OR_RETURN(std::string place, engine.make(folder));
  auto shop = std::unique_ptr<Shop>(new Shop(engine, std::move(place)));
  std::vector<std::string> statements;
  for (const absl::string_view schema : {"prod", "old"}) {
    statements.push_back(
        absl::StrCat("create ", engine.schema_word, " ", schema));
  }
  if (engine.has_transactions) {
    statements.emplace_back("create table prod.log (operation integer)");
  }
  // What is replaced has not as many rows as what takes its place: of an engine
  // that knows no better this tells them apart.
  std::vector<std::pair<std::string, std::string>> tables = {
      {"old.replaced", "-1 as n union all select -2 as n"},
      {"old.before", "5 as n"},
      {"old.dropped", "6 as n"},
      {"old.kept", "7 as n"}};
  for (int i = 0; i < kCopies; ++i) {
    tables.emplace_back(absl::StrCat("prod.t", i),
                        absl::StrCat(10 + i, " as n"));
  }
  for (const auto& [name, columns] : tables) {
    statements.push_back(absl::StrCat("create table ", name, " ",
                                      engine.table_clause, " as select ",
                                      columns));
  }
  statements.push_back(engine.tell_of_rows);
  DOPPEL_RETURN_IF_ERROR(shop->Send(statements));
  return shop;
}

absl::StatusOr<clone::Plan> Shop::MakePlan() {
  DOPPEL_ASSIGN_OR_RETURN(const auto warehouse, Open());
  const std::string database = warehouse->default_database();
  Builder builder(engine_, warehouse->dialect(), database);
  Operation& schema =
      builder.Add(OperationKind::kCreateSchema,
                  builder.Named("dev", "", RelationKind::kUnknown), {});
  schema.statements = {absl::StrCat("create ", engine_.schema_word, " dev")};
  for (int i = 0; i < kCopies; ++i) AddCopy(i, builder);
  for (int i = 0; i < kSmallViews; ++i) AddSmallView(i, builder);
  AddChanges(builder);
  const std::vector<SchemaName> schemas = {
      {database, "prod"}, {database, "old"}, {database, "dev"}};
  DOPPEL_ASSIGN_OR_RETURN(const std::vector<CatalogEntry> catalog,
                          warehouse->ListRelations(schemas, {}));
  clone::Plan plan;
  plan.connection = kConnection;
  plan.warehouse = engine_.adapter;
  plan.target_environment = "dev";
  plan.operations = builder.Take();
  AddPreconditions(catalog, &plan);
  return plan;
}

absl::StatusOr<clone::Plan> Shop::MakeSlowPlan() {
  DOPPEL_RETURN_IF_ERROR(Send({engine_.slow->before}));
  DOPPEL_ASSIGN_OR_RETURN(const auto warehouse, Open());
  Builder builder(engine_, warehouse->dialect(), warehouse->default_database());
  Operation copy;
  copy.id = 1;
  copy.kind = OperationKind::kCopyTable;
  copy.source = builder.Named("prod", "t1", RelationKind::kTable);
  copy.target = builder.Named("old", "slow", RelationKind::kTable);
  copy.statements = {engine_.slow->statement};
  clone::Plan plan;
  plan.connection = kConnection;
  plan.warehouse = engine_.adapter;
  plan.target_environment = "dev";
  plan.operations = {copy};
  const std::vector<SchemaName> schemas = {
      {warehouse->default_database(), "prod"},
      {warehouse->default_database(), "old"}};
  DOPPEL_ASSIGN_OR_RETURN(const std::vector<CatalogEntry> catalog,
                          warehouse->ListRelations(schemas, {}));
  AddPreconditions(catalog, &plan);
  return plan;
}

absl::Status Shop::Send(const std::vector<std::string>& statements) {
  DOPPEL_ASSIGN_OR_RETURN(const auto warehouse, Open());
  DOPPEL_ASSIGN_OR_RETURN(const auto session, warehouse->Connect());
  for (const std::string& sql : statements) {
    DOPPEL_RETURN_IF_ERROR(session->Execute(sql, {}));
  }
  return absl::OkStatus();
}

std::string Shop::Ask(absl::string_view sql) {
  const auto warehouse = Open();
  if (!warehouse.ok()) return warehouse.status().ToString();
  const auto session = (*warehouse)->Connect();
  if (!session.ok()) return session.status().ToString();
  const auto rows = (*session)->Query(sql, {});
  if (!rows.ok()) return rows.status().ToString();
  std::vector<std::string> values;
  for (const auto& row : rows->rows) values.push_back(row[0].value_or("null"));
  return absl::StrJoin(values, ",");
}

std::string Shop::NamesIn(const std::string& schema) {
  const auto warehouse = Open();
  if (!warehouse.ok()) return warehouse.status().ToString();
  const std::vector<SchemaName> schemas = {
      {(*warehouse)->default_database(), schema}};
  const auto catalog = (*warehouse)->ListRelations(schemas, {});
  if (!catalog.ok()) return catalog.status().ToString();
  std::vector<std::string> names;
  for (const CatalogEntry& entry : *catalog) {
    names.push_back(entry.name.identifier);
  }
  return absl::StrJoin(names, ",");
}

void Shop::ExpectAsPlanned(const clone::Plan& plan) {
  std::vector<int> logged;
  for (const Operation& operation : plan.operations) {
    if (IsLogged(operation)) logged.push_back(operation.id);
  }
  if (engine_.has_transactions) {
    EXPECT_EQ(Ask("select operation from prod.log order by operation"),
              absl::StrJoin(logged, ","));
  }
  EXPECT_EQ(NamesIn("dev"), "t0,t1,t2,t3,v0,v1,v2,v3");
  EXPECT_EQ(NamesIn("old"),
            "after,kept,replaced,w0,w1,w10,w11,w2,w3,w4,w5,w6,w7,w8,w9");
  EXPECT_EQ(Ask("select n from (select n from dev.v0 union all select n from "
                "dev.v1 union all select n from dev.v2 union all select n from "
                "dev.v3) as views order by n"),
            "10,11,12,13");
  EXPECT_EQ(Ask("select n from (select n from old.after union all select n "
                "from old.kept union all select n from old.replaced) as tables "
                "order by n"),
            "5,7,10");
}

// By what has which name; of what is replaced by the same that tells nothing.
void Shop::ExpectEffectsOf(const clone::Plan& plan,
                           const std::vector<store::OperationRecord>& states) {
  std::map<std::string, std::vector<std::string>> names;
  for (const std::string schema : {"dev", "old"}) {
    names[schema] = absl::StrSplit(NamesIn(schema), ',');
  }
  for (const store::OperationRecord& state : states) {
    const Operation& operation = plan.operations[state.operation_id - 1];
    const RelationName& target = operation.target->name;
    if (target.identifier.empty() || operation.replaces.has_value()) continue;
    const std::vector<std::string>& there = names[target.schema];
    const bool is_there =
        std::find(there.begin(), there.end(), target.identifier) != there.end();
    const bool is_done = is_there == (operation.kind != OperationKind::kDrop);
    if (state.status == store::OperationStatus::kSucceeded) {
      EXPECT_TRUE(is_done) << state.operation_id;
    }
    if (state.status == store::OperationStatus::kPending ||
        (state.status == store::OperationStatus::kCancelled &&
         state.attempts == 0)) {
      EXPECT_FALSE(is_done) << state.operation_id;
    }
  }
}

void Shop::ExpectNoneTwice(const clone::Plan& plan,
                           const std::vector<store::OperationRecord>& states) {
  if (!engine_.has_transactions) {
    ExpectEffectsOf(plan, states);
    return;
  }
  EXPECT_EQ(Ask("select operation from prod.log group by operation "
                "having count(*) > 1"),
            "");
  for (const store::OperationRecord& state : states) {
    if (state.operation_id == 1) continue;
    const Operation& operation = plan.operations[state.operation_id - 1];
    const std::string count = Ask(
        IsLogged(operation)
            ? absl::StrCat("select count(*) from prod.log where operation = ",
                           state.operation_id)
            : absl::StrCat("select count(*) from information_schema.tables "
                           "where table_schema = 'old' and table_name = '",
                           operation.target->name.identifier, "'"));
    if (state.status == store::OperationStatus::kSucceeded) {
      EXPECT_EQ(count, "1") << state.operation_id;
    }
    if (state.status == store::OperationStatus::kPending ||
        (state.status == store::OperationStatus::kCancelled &&
         state.attempts == 0)) {
      EXPECT_EQ(count, "0") << state.operation_id;
    }
  }
}

}  // namespace doppel::faults
