// The contract's part on what is in a warehouse: relations, schemas, versions.
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "tests/contract/warehouse_contract.h"

namespace doppel::warehouse {
namespace {

TEST_P(WarehouseContract, ListsRelationsByNameWithTheirKinds) {
  MakeSchema(Schema("one"));
  MakeSchema(Schema("two"));
  MakeTable(Relation("two", "b_table"), 3);
  Run(absl::StrCat("create view ", Render(Relation("two", "a_view")),
                   " as select * from ", Render(Relation("two", "b_table"))));
  MakeTable(Relation("one", "c_table"), 1);

  const auto entries = List({Schema("two"), Schema("one")});

  ASSERT_EQ(entries.size(), 3u);
  EXPECT_EQ(entries[0].name, Relation("one", "c_table"));
  EXPECT_EQ(entries[1].name, Relation("two", "a_view"));
  EXPECT_EQ(entries[1].kind, RelationKind::kView);
  EXPECT_EQ(entries[2].name, Relation("two", "b_table"));
  EXPECT_EQ(entries[2].kind, RelationKind::kTable);
}

TEST_P(WarehouseContract, ListsOnlyTheSchemasAskedFor) {
  MakeSchema(Schema("one"));
  MakeSchema(Schema("one_more"));
  MakeTable(Relation("one", "t"), 1);
  MakeTable(Relation("one_more", "t"), 1);

  EXPECT_EQ(List({Schema("one")}).size(), 1u);
  EXPECT_TRUE(List({Schema("on_")}).empty());
  EXPECT_TRUE(List({Schema("%")}).empty());
  EXPECT_TRUE(List({Schema("missing")}).empty());
  EXPECT_TRUE(List({}).empty());
}

TEST_P(WarehouseContract, TakesNoDatabaseForTheDefaultOne) {
  MakeSchema(Schema("one"));
  MakeTable(Relation("one", "t"), 1);

  const auto entries = List({SchemaName{"", "one"}});

  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(entries[0].name, Relation("one", "t"));
}

TEST_P(WarehouseContract, SaysWhichSchemasExist) {
  MakeSchema(Schema("one"));
  const std::vector<SchemaName> asked = {Schema("missing"), Schema("one")};

  const auto existing = warehouse().ExistingSchemas(asked, {});

  ASSERT_TRUE(existing.ok()) << existing.status();
  EXPECT_EQ(*existing, std::vector<SchemaName>{Schema("one")});
}

TEST_P(WarehouseContract, MakesASchemaThatIsThereAlready) {
  MakeSchema(Schema("one"));
  MakeTable(Relation("one", "t"), 2);

  MakeSchema(Schema("one"));

  EXPECT_EQ(CountOf(Relation("one", "t")), "2");
}

TEST_P(WarehouseContract, SeesWhatOthersChanged) {
  MakeSchema(Schema("one"));
  EXPECT_TRUE(List({Schema("one")}).empty());
  MakeTable(Relation("one", "t"), 1);
  EXPECT_EQ(List({Schema("one")}).size(), 1u);
  Run(absl::StrCat("drop table ", Render(Relation("one", "t"))));
  EXPECT_TRUE(List({Schema("one")}).empty());
}

TEST_P(WarehouseContract, ListsAViewWhoseSourceIsGone) {
  if (!Has(Feature::kLooseViews)) return;
  const RelationName source = Relation("one", "t");
  MakeSchema(Schema("one"));
  MakeTable(source, 1);
  Run(absl::StrCat("create view ", Render(Relation("one", "v")),
                   " as select * from ", Render(source)));
  Run(absl::StrCat("drop table ", Render(source)));
  Reconnect();

  const auto entries = List({Schema("one")});

  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(entries[0].kind, RelationKind::kView);
}

TEST_P(WarehouseContract, ASourceIsGoneOnlyWhereItsViewMayBeLeftAlone) {
  const RelationName source = Relation("one", "t");
  MakeSchema(Schema("one"));
  MakeTable(source, 1);
  Run(absl::StrCat("create view ", Render(Relation("one", "v")),
                   " as select * from ", Render(source)));

  absl::Status dropped;
  for (const std::string& statement :
       dialect().Drop(source, {}, RelationKind::kTable)) {
    dropped.Update(session().Execute(statement, {}));
  }

  EXPECT_EQ(dropped.ok(), Has(Feature::kLooseViews)) << dropped;
  EXPECT_EQ(List({Schema("one")}).size(), dropped.ok() ? 1u : 2u);
}

TEST_P(WarehouseContract, TellsWhatHoldsARelation) {
  const RelationName table = Relation("one", "t");
  const RelationName view = Relation("two", "v");
  const RelationName next = Relation("two", "w");
  MakeSchema(Schema("one"));
  MakeSchema(Schema("two"));
  MakeTable(table, 1);
  for (const auto& [reader, source] : {std::pair(view, table), {next, view}}) {
    Run(absl::StrCat("create view ", Render(reader), " as select a.x from ",
                     Render(source), " a join ", Render(source),
                     " b on a.x = b.x"));
  }

  const bool holds = !Has(Feature::kLooseViews);
  using Names = std::vector<RelationName>;
  EXPECT_EQ(Find(table).holders, holds ? Names{view} : Names());
  EXPECT_EQ(Find(view).holders, holds ? Names{next} : Names());
  EXPECT_EQ(Find(next).holders, Names());
}

TEST_P(WarehouseContract, ATablesVersionChangesWithItsRowsAndColumns) {
  const RelationName table = Relation("one", "t");
  MakeSchema(Schema("one"));
  MakeTable(table, 2);
  const std::string first = Find(table).version;
  ASSERT_FALSE(first.empty());

  AddRow(table, 3);
  const std::string second = Find(table).version;
  Run(absl::StrCat("alter table ", Render(table), " add column y integer"));
  const std::string third = Find(table).version;

  EXPECT_NE(first, second);
  EXPECT_NE(second, third);
  EXPECT_NE(first, third);
}

TEST_P(WarehouseContract, AViewsVersionChangesWithItsDefinition) {
  const RelationName view = Relation("one", "v");
  MakeSchema(Schema("one"));
  Run(absl::StrCat("create view ", Render(view), " as select 1 as x"));
  const std::string first = Find(view).version;
  ASSERT_FALSE(first.empty());

  Run(absl::StrCat("create or replace view ", Render(view),
                   " as select 2 as x"));

  EXPECT_NE(Find(view).version, first);
}

TEST_P(WarehouseContract, ATableAndAViewHaveDifferentVersions) {
  const RelationName name = Relation("one", "r");
  MakeSchema(Schema("one"));
  MakeTable(name, 1);
  const std::string first = Find(name).version;

  Run(absl::StrCat("drop table ", Render(name)));
  Run(absl::StrCat("create view ", Render(name), " as select 1 as x"));

  EXPECT_NE(Find(name).version, first);
}

// A plan is made and executed with other sessions, and other plans' work lies
// in between.
TEST_P(WarehouseContract, AVersionStaysWhenNothingChanged) {
  const RelationName table = Relation("m", "t");
  const RelationName view = Relation("m", "v");
  MakeSchema(Schema("m"));
  MakeTable(table, 1000);
  Run(absl::StrCat("create view ", Render(view), " as select * from ",
                   Render(table)));
  const std::string of_table = Find(table).version;
  const std::string of_view = Find(view).version;

  MakeSchema(Schema("a"));
  MakeTable(Relation("a", "other"), 1);
  MakeTable(Relation("m", "another"), 1);
  for (int i = 0; i < 3; ++i) {
    Reconnect();
    EXPECT_EQ(Find(table).version, of_table) << i;
    EXPECT_EQ(Find(view).version, of_view) << i;
  }
}

}  // namespace
}  // namespace doppel::warehouse
