#include "tests/contract/warehouse_contract.h"

#include <stdlib.h>

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/substitute.h"
#include "gtest/gtest.h"
#include "service/base/error.h"

namespace doppel::warehouse {
namespace {

constexpr dialect::Quoting kQuoted;

bool DialectHas(const dialect::Dialect& dialect, Feature feature,
                const dialect::TableOptions& options) {
  const dialect::Capabilities& capabilities = dialect.capabilities();
  switch (feature) {
    case Feature::kTransactions:
      return capabilities.transactional_ddl;
    case Feature::kZeroCopyClones:
      return capabilities.zero_copy_clone &&
             dialect.CanClone(RelationKind::kTable, options);
    case Feature::kLastingClones:
      // Delta's shallow clones read their source's files.
      return capabilities.zero_copy_clone && dialect.type() != "spark";
    case Feature::kLooseViews:
      return !capabilities.views_hold_sources;
  }
  return false;
}

// Why the running test cannot be passed; "": it can.
std::string WhyBeyond(const WarehouseUnderTest& warehouse) {
  // "<test>/<warehouse>"
  const std::string name =
      testing::UnitTest::GetInstance()->current_test_info()->name();
  for (const std::string& key :
       {std::string("*"), name.substr(0, name.find('/'))}) {
    const auto found = warehouse.beyond.find(key);
    if (found != warehouse.beyond.end()) return found->second;
  }
  return "";
}

}  // namespace

void ExpectStatus(const absl::Status& status, absl::StatusCode code,
                  Reason reason) {
  EXPECT_EQ(status.code(), code) << status;
  EXPECT_EQ(GetReason(status), reason) << status;
}

void WarehouseContract::SetUp() {
  const std::string reason = WhyBeyond(GetParam());
  if (!reason.empty()) GTEST_SKIP() << reason;
  std::string pattern = testing::TempDir() + "/warehouse.XXXXXX";
  ASSERT_NE(mkdtemp(pattern.data()), nullptr);
  directory_ = pattern;
  auto opened = GetParam().open(directory_);
  if (GetParam().is_optional &&
      GetReason(opened.status()) == Reason::kWarehouseDriverMissing) {
    GTEST_SKIP() << opened.status().message();
  }
  ASSERT_TRUE(opened.ok()) << opened.status();
  warehouse_ = *std::move(opened);
  Reconnect();
}

void WarehouseContract::TearDown() {
  session_.reset();
  warehouse_.reset();
  if (!directory_.empty()) std::filesystem::remove_all(directory_);
}

bool WarehouseContract::Has(Feature feature) const {
  const bool has = !GetParam().lacks.contains(feature);
  EXPECT_EQ(DialectHas(dialect(), feature, GetParam().table_options), has)
      << "the dialect and the engine differ in feature "
      << static_cast<int>(feature);
  return has;
}

void WarehouseContract::Reconnect() {
  session_.reset();
  auto connected = warehouse_->Connect();
  ASSERT_TRUE(connected.ok()) << connected.status();
  session_ = *std::move(connected);
}

SchemaName WarehouseContract::Schema(absl::string_view schema) const {
  return {warehouse_->default_database(), std::string(schema)};
}

RelationName WarehouseContract::Relation(absl::string_view schema,
                                         absl::string_view identifier) const {
  return {warehouse_->default_database(), std::string(schema),
          std::string(identifier)};
}

std::string WarehouseContract::Render(const RelationName& name) const {
  return dialect().Render(name, kQuoted);
}

dialect::Making WarehouseContract::MakingOf(const RelationName& source,
                                            const RelationName& target,
                                            RelationKind replaces) const {
  dialect::Making making;
  making.source = source;
  making.target = target;
  making.replaces = replaces;
  making.options = GetParam().table_options;
  return making;
}

void WarehouseContract::Run(absl::string_view sql) {
  const absl::Status status = session_->Execute(sql, {});
  ASSERT_TRUE(status.ok()) << sql << "\n" << status;
}

void WarehouseContract::Run(const std::vector<std::string>& statements) {
  ASSERT_FALSE(statements.empty());
  for (const std::string& statement : statements) {
    ASSERT_NO_FATAL_FAILURE(Run(statement));
  }
}

void WarehouseContract::MakeSchema(const SchemaName& schema) {
  Run(dialect().CreateSchema(schema, kQuoted));
}

void WarehouseContract::TellOfRows() {
  if (!GetParam().tell_of_rows.empty()) Run(GetParam().tell_of_rows);
}

void WarehouseContract::AddRow(const RelationName& name, int x) {
  Run(absl::StrCat("insert into ", Render(name), " values (", x, ")"));
  TellOfRows();
}

void WarehouseContract::MakeTable(const RelationName& name, int rows) {
  std::string query = "select 1 as x";
  for (int i = 2; i <= rows; ++i)
    absl::StrAppend(&query, " union all select ", i);
  if (!GetParam().numbers_query.empty()) {
    query = absl::Substitute(GetParam().numbers_query, rows + 1);
  }
  Run(absl::StrCat("create table ", Render(name), " as ", query));
  TellOfRows();
}

std::optional<std::string> WarehouseContract::ValueOf(absl::string_view sql) {
  const auto rows = session_->Query(sql, {});
  EXPECT_TRUE(rows.ok()) << sql << "\n" << rows.status();
  if (!rows.ok() || rows->rows.size() != 1 || rows->rows[0].size() != 1) {
    ADD_FAILURE() << sql << "\ngave no single value";
    return std::nullopt;
  }
  return rows->rows[0][0];
}

std::string WarehouseContract::CountOf(const RelationName& name) {
  return ValueOf(absl::StrCat("select count(*) from ", Render(name)))
      .value_or("null");
}

std::vector<CatalogEntry> WarehouseContract::List(
    const std::vector<SchemaName>& schemas) {
  auto entries = warehouse_->ListRelations(schemas, {});
  EXPECT_TRUE(entries.ok()) << entries.status();
  return entries.ok() ? *std::move(entries) : std::vector<CatalogEntry>();
}

CatalogEntry WarehouseContract::Find(const RelationName& name) {
  for (CatalogEntry& entry : List({name.schema_name()})) {
    if (entry.name == name) return std::move(entry);
  }
  return {};
}

}  // namespace doppel::warehouse
