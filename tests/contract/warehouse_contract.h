// What every Warehouse must do, through the statements of its own dialect. An
// implementation runs the suite by saying how it is opened:
//
//   INSTANTIATE_TEST_SUITE_P(DuckDb, WarehouseContract, testing::Values(...));
#ifndef DOPPEL_TESTS_CONTRACT_WAREHOUSE_CONTRACT_H_
#define DOPPEL_TESTS_CONTRACT_WAREHOUSE_CONTRACT_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "service/base/reason.h"
#include "service/base/relation.h"
#include "service/dialect/dialect.h"
#include "service/warehouse/warehouse.h"

namespace doppel::warehouse {

// What not every engine can do.
enum class Feature : uint8_t {
  kTransactions,    // statements that are one step, and can be undone
  kZeroCopyClones,  // of tables
  kLastingClones,   // that stand when their source is dropped
  kLooseViews,      // views that stay when what they read is dropped
};

struct WarehouseUnderTest {
  std::string name;
  // The warehouse of an empty folder, for this test alone.
  std::function<absl::StatusOr<std::shared_ptr<Warehouse>>(
      const std::string& directory)>
      open;
  // All that the engine cannot do. Its dialect must say the same; tests of it
  // then have nothing to try.
  std::set<Feature> lacks;
  // The engine may not be on this machine: then its tests are skipped.
  bool is_optional = false;
  // Runs for hours.
  std::string endless_query;
  // The longest name that a relation can have, in bytes.
  size_t longest_name = 255;
  // Where the engine learns late of the rows that a session changed: what that
  // session says so that it learns of them now. "": it knows.
  std::string tell_of_rows;
  // Names have letters, digits and underscores alone, in one case.
  bool words_only = false;
  // The numbers from 1 to below $0 as "x", for absl::Substitute, where a long
  // union is slow. "": it is not.
  std::string numbers_query;
  // Of the tables that the tests make.
  dialect::TableOptions table_options = {};
  // Tests that cannot be passed by what stands in for the engine here, each
  // with the reason; "*" for all of them.
  std::map<std::string, std::string> beyond;

  friend std::ostream& operator<<(std::ostream& out,
                                  const WarehouseUnderTest& warehouse) {
    return out << warehouse.name;
  }
};

class WarehouseContract : public testing::TestWithParam<WarehouseUnderTest> {
 protected:
  void SetUp() override;
  void TearDown() override;

  Warehouse& warehouse() { return *warehouse_; }
  const dialect::Dialect& dialect() const { return warehouse_->dialect(); }
  // One session that lasts for the test.
  Session& session() { return *session_; }
  // Fails the test where the dialect says otherwise than the engine's entry.
  bool Has(Feature feature) const;

  // All sessions end; session() is a new one.
  void Reconnect();

  SchemaName Schema(absl::string_view schema) const;
  RelationName Relation(absl::string_view schema,
                        absl::string_view identifier) const;
  std::string Render(const RelationName& name) const;
  dialect::Making MakingOf(const RelationName& source,
                           const RelationName& target,
                           RelationKind replaces) const;

  // Fail the test where a statement fails.
  void Run(absl::string_view sql);
  void Run(const std::vector<std::string>& statements);
  void MakeSchema(const SchemaName& schema);
  // Adds one row to such a table, so that the catalog knows of it.
  void AddRow(const RelationName& name, int x);
  // A table of one column "x" with the numbers from 1 to `rows`.
  void MakeTable(const RelationName& name, int rows);

  // The single value of a query; nothing for null.
  std::optional<std::string> ValueOf(absl::string_view sql);
  std::string CountOf(const RelationName& name);

  std::vector<CatalogEntry> List(const std::vector<SchemaName>& schemas);
  // The relation's entry; one of kUnknown where it is not there.
  CatalogEntry Find(const RelationName& name);

 private:
  void TellOfRows();

  std::string directory_;
  std::shared_ptr<Warehouse> warehouse_;
  std::unique_ptr<Session> session_;
};

// Fails the test where the status is not this one.
void ExpectStatus(const absl::Status& status, absl::StatusCode code,
                  Reason reason);

}  // namespace doppel::warehouse

#endif  // DOPPEL_TESTS_CONTRACT_WAREHOUSE_CONTRACT_H_
