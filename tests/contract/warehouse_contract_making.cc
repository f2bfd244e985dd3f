// The contract's part on what a plan does: views, copies, clones, replacements,
// drops, under any name.
#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "tests/contract/warehouse_contract.h"

namespace doppel::warehouse {
namespace {

TEST_P(WarehouseContract, APointerViewShowsWhatItsSourceHas) {
  MakeSchema(Schema("prod"));
  MakeSchema(Schema("dev"));
  MakeTable(Relation("prod", "t"), 2);

  Run(dialect().PointerView(MakingOf(
      Relation("prod", "t"), Relation("dev", "t"), RelationKind::kUnknown)));
  EXPECT_EQ(Find(Relation("dev", "t")).kind, RelationKind::kView);
  Run(absl::StrCat("insert into ", Render(Relation("prod", "t")),
                   " values (3)"));

  EXPECT_EQ(CountOf(Relation("dev", "t")), "3");
}

TEST_P(WarehouseContract, ACopyIsATableOfItsOwn) {
  MakeSchema(Schema("prod"));
  MakeSchema(Schema("dev"));
  MakeTable(Relation("prod", "t"), 2);

  Run(dialect().CopyTable(MakingOf(Relation("prod", "t"), Relation("dev", "t"),
                                   RelationKind::kUnknown)));
  EXPECT_EQ(Find(Relation("dev", "t")).kind, RelationKind::kTable);
  Run(absl::StrCat("insert into ", Render(Relation("dev", "t")),
                   " values (3)"));

  EXPECT_EQ(CountOf(Relation("dev", "t")), "3");
  EXPECT_EQ(CountOf(Relation("prod", "t")), "2");
}

TEST_P(WarehouseContract, ACloneIsATableOfItsOwn) {
  if (!Has(Feature::kZeroCopyClones)) return;
  MakeSchema(Schema("prod"));
  MakeTable(Relation("prod", "t"), 2);

  Run(dialect().CloneTable(MakingOf(Relation("prod", "t"),
                                    Relation("prod", "clone"),
                                    RelationKind::kUnknown)));
  Run(absl::StrCat("insert into ", Render(Relation("prod", "clone")),
                   " values (3)"));

  EXPECT_EQ(CountOf(Relation("prod", "clone")), "3");
  EXPECT_EQ(CountOf(Relation("prod", "t")), "2");
}

TEST_P(WarehouseContract, ACloneOutlivesItsSource) {
  if (!Has(Feature::kZeroCopyClones)) return;
  const RelationName source = Relation("prod", "t");
  const RelationName clone = Relation("dev", "t");
  MakeSchema(Schema("prod"));
  MakeSchema(Schema("dev"));
  MakeTable(source, 3);
  Run(dialect().CloneTable(MakingOf(source, clone, RelationKind::kUnknown)));

  Run(absl::StrCat("delete from ", Render(clone), " where x = 1"));
  EXPECT_EQ(CountOf(source), "3");
  Run(absl::StrCat("delete from ", Render(source), " where x > 1"));
  EXPECT_EQ(CountOf(clone), "2");
  if (!Has(Feature::kLastingClones)) return;
  Run(dialect().Drop(source, {}, RelationKind::kTable));
  Reconnect();

  EXPECT_EQ(CountOf(clone), "2");
  EXPECT_EQ(ValueOf(absl::StrCat("select sum(x) from ", Render(clone))), "5");
}

TEST_P(WarehouseContract, ACloneReplacesEitherKind) {
  if (!Has(Feature::kZeroCopyClones)) return;
  const RelationName source = Relation("prod", "t");
  const RelationName target = Relation("dev", "t");
  MakeSchema(Schema("prod"));
  MakeSchema(Schema("dev"));
  MakeTable(source, 3);
  MakeTable(target, 1);

  for (const RelationKind replaced :
       {RelationKind::kTable, RelationKind::kTable, RelationKind::kView}) {
    if (replaced == RelationKind::kView) {
      Run(dialect().PointerView(
          MakingOf(source, target, RelationKind::kTable)));
    }
    Run(dialect().CloneTable(MakingOf(source, target, replaced)));
    EXPECT_EQ(Find(target).kind, RelationKind::kTable);
    EXPECT_EQ(CountOf(target), "3");
    EXPECT_EQ(List({Schema("dev")}).size(), 1u);
    AddRow(target, 9);
  }
  EXPECT_EQ(CountOf(source), "3");
}

TEST_P(WarehouseContract, EitherKindReplacesEitherKind) {
  const RelationName source = Relation("prod", "t");
  const RelationName target = Relation("dev", "t");
  MakeSchema(Schema("prod"));
  MakeSchema(Schema("dev"));
  MakeTable(source, 3);
  MakeTable(target, 1);
  const auto making = [&](RelationKind replaces) {
    return MakingOf(source, target, replaces);
  };
  const auto expect = [&](RelationKind kind) {
    EXPECT_EQ(Find(target).kind, kind);
    EXPECT_EQ(CountOf(target), "3");
    EXPECT_EQ(List({Schema("dev")}).size(), 1u);
  };

  Run(dialect().PointerView(making(RelationKind::kTable)));
  expect(RelationKind::kView);
  Run(dialect().PointerView(making(RelationKind::kView)));
  expect(RelationKind::kView);
  Run(dialect().CopyTable(making(RelationKind::kView)));
  expect(RelationKind::kTable);
  Run(dialect().CopyTable(making(RelationKind::kTable)));
  expect(RelationKind::kTable);
}

TEST_P(WarehouseContract, AFailedReplacementLosesNothing) {
  const RelationName target = Relation("dev", "t");
  MakeSchema(Schema("dev"));
  MakeTable(target, 2);

  for (const auto& statements :
       {dialect().PointerView(
            MakingOf(Relation("dev", "missing"), target, RelationKind::kTable)),
        dialect().CopyTable(MakingOf(Relation("dev", "missing"), target,
                                     RelationKind::kTable))}) {
    absl::Status status;
    for (size_t i = 0; status.ok() && i < statements.size(); ++i) {
      status = session().Execute(statements[i], {});
    }
    EXPECT_FALSE(status.ok());
    const bool is_transaction =
        statements.size() > 1 && Has(Feature::kTransactions);
    if (is_transaction) Run("rollback");
    EXPECT_EQ(Find(target).kind, RelationKind::kTable);
    EXPECT_EQ(CountOf(target), "2");
  }
}

TEST_P(WarehouseContract, TwoRelationsChangePlaces) {
  const RelationName table = Relation("prod", "a");
  const RelationName view = Relation("prod", "b");
  const auto statements = dialect().SwapRelations(
      {table, RelationKind::kTable}, {view, RelationKind::kView}, {});
  if (statements.empty()) {
    EXPECT_EQ(dialect().capabilities().swap, dialect::Swap::kVersions);
    return;
  }
  MakeSchema(Schema("prod"));
  MakeTable(table, 2);
  Run(absl::StrCat("create view ", Render(view), " as select 1 as x"));

  Run(statements);

  EXPECT_EQ(Find(table).kind, RelationKind::kView);
  EXPECT_EQ(Find(view).kind, RelationKind::kTable);
  EXPECT_EQ(CountOf(table), "1");
  EXPECT_EQ(CountOf(view), "2");
  EXPECT_EQ(List({Schema("prod")}).size(), 2u);
}

TEST_P(WarehouseContract, RelationsChangePlacesBetweenSchemas) {
  const RelationName blue = Relation("prod", "a");
  const RelationName green = Relation("next", "a");
  const auto statements = dialect().SwapRelations(
      {blue, RelationKind::kTable}, {green, RelationKind::kTable}, {});
  if (statements.empty()) {
    // Then a promotion makes the relation anew, in one step or beside the
    // other, which is renamed; or there is none.
    EXPECT_TRUE(Has(Feature::kTransactions) ||
                dialect().capabilities().swap <= dialect::Swap::kVersions);
    return;
  }
  MakeSchema(Schema("prod"));
  MakeSchema(Schema("next"));
  MakeTable(blue, 1);
  MakeTable(green, 2);

  Run(statements);

  EXPECT_EQ(CountOf(blue), "2");
  EXPECT_EQ(CountOf(green), "1");
  EXPECT_EQ(List({Schema("prod"), Schema("next")}).size(), 2u);
}

TEST_P(WarehouseContract, SchemasChangeNames) {
  const auto statements =
      dialect().SwapSchemas(Schema("prod"), Schema("next"), {});
  if (statements.empty()) {
    EXPECT_NE(dialect().capabilities().swap, dialect::Swap::kSchemas);
    return;
  }
  MakeSchema(Schema("prod"));
  MakeSchema(Schema("next"));
  MakeTable(Relation("prod", "a"), 1);
  MakeTable(Relation("next", "a"), 2);

  Run(statements);

  EXPECT_EQ(CountOf(Relation("prod", "a")), "2");
  EXPECT_EQ(CountOf(Relation("next", "a")), "1");
}

TEST_P(WarehouseContract, DropsTablesAndViews) {
  const RelationName table = Relation("dev", "t");
  const RelationName view = Relation("dev", "v");
  MakeSchema(Schema("dev"));
  MakeTable(table, 1);
  Run(absl::StrCat("create view ", Render(view), " as select 1 as x"));

  Run(dialect().Drop(view, {}, RelationKind::kView));
  EXPECT_EQ(List({Schema("dev")}).size(), 1u);
  Run(dialect().Drop(table, {}, RelationKind::kTable));
  EXPECT_TRUE(List({Schema("dev")}).empty());
}

TEST_P(WarehouseContract, DropsNothingOfAnotherKind) {
  const RelationName table = Relation("dev", "t");
  MakeSchema(Schema("dev"));
  MakeTable(table, 2);

  for (const std::string& statement :
       dialect().Drop(table, {}, RelationKind::kView)) {
    session().Execute(statement, {}).IgnoreError();
  }

  EXPECT_EQ(CountOf(table), "2");
}

TEST_P(WarehouseContract, UndoesWhatATransactionMade) {
  if (!Has(Feature::kTransactions)) return;
  MakeSchema(Schema("dev"));

  Run("begin");
  MakeTable(Relation("dev", "t"), 1);
  Run("rollback");

  EXPECT_TRUE(List({Schema("dev")}).empty());
}

// Names that end a quote, a statement or a comment if they are let.
std::vector<std::string> HostileNames(size_t longest, bool words_only) {
  if (words_only) {
    // None that begins with a digit: Spark reads the schema of ALTER VIEW ...
    // RENAME a second time, without its quotes.
    return {"plain",
            "select",
            "_",
            "table",
            "order",
            "a1e5",
            std::string(longest, 'n')};
  }
  return {"plain",
          "Mixed Case",
          "select",
          "a\"b",
          "\"",
          "\"\"",
          "a'b",
          "a`b",
          "a\\",
          "\\`",
          "[a]",
          "a]]b[",
          "]; drop table victim; --",
          "a.b",
          "a;b",
          "a--b",
          "a/*b",
          "\"; drop table victim; --",
          "x') or ('1'='1",
          "{{ jinja }}",
          "%s %n",
          "$1 ? :name",
          " lead and trail ",
          "tab\tand\nline",
          "\xC3\xBC\xC3\x9F\xE6\xBC\xA2\xF0\x9F\xA6\x86",
          "\xE2\x80\xAE\xCC\x81",
          std::string(longest, 'n')};
}

// Another name that is no longer than the longest.
std::string Beside(const std::string& name, size_t longest) {
  return absl::StrCat("v", name.size() < longest ? name : name.substr(1));
}

TEST_P(WarehouseContract, TakesAnyNameAsItIs) {
  const size_t longest = GetParam().longest_name;
  for (const std::string& name : HostileNames(longest, GetParam().words_only)) {
    SCOPED_TRACE(name);
    const RelationName table = Relation(name, name);
    const RelationName view = Relation(name, Beside(name, longest));
    MakeSchema(Schema(name));
    MakeTable(table, 2);
    Run(dialect().PointerView(MakingOf(table, view, RelationKind::kUnknown)));

    EXPECT_EQ(Find(table).kind, RelationKind::kTable);
    EXPECT_EQ(Find(view).kind, RelationKind::kView);
    EXPECT_EQ(CountOf(view), "2");
    EXPECT_EQ(List({Schema(name)}).size(), 2u);
    Run(dialect().CopyTable(MakingOf(table, view, RelationKind::kView)));
    EXPECT_EQ(Find(view).kind, RelationKind::kTable);

    Run(dialect().Drop(view, {}, RelationKind::kTable));
    Run(dialect().Drop(table, {}, RelationKind::kTable));
    EXPECT_TRUE(List({Schema(name)}).empty());
  }
}

}  // namespace
}  // namespace doppel::warehouse
