// A small project and what is asked of the planner about it, for its tests.
#ifndef DOPPEL_SERVICE_CLONE_TEST_QUESTION_H_
#define DOPPEL_SERVICE_CLONE_TEST_QUESTION_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "service/base/catalog.h"
#include "service/base/relation.h"
#include "service/clone/planner.h"
#include "service/deferral/test_manifest.h"

namespace doppel::clone {

using Texts = std::vector<std::string>;

// An ephemeral model "eph", a table "orders", a view "report", a seed "codes"
// and a test, in this order.
std::vector<deferral::TestNode> Project();

// Of the database "db".
CatalogEntry Entry(const std::string& schema, const std::string& identifier,
                   RelationKind kind, const std::string& version = "");

// What stands in the schema "prod" when all is built.
std::vector<CatalogEntry> Built();

// What is asked, with what the tests vary.
struct Question {
  std::string adapter = "duckdb";
  std::vector<deferral::TestNode> source = Project();
  std::vector<deferral::TestNode> target = Project();
  std::string target_schema = "dev";
  std::vector<NamingRule> rules;  // instead of the target
  std::vector<CatalogEntry> catalog = Built();
  std::vector<SchemaName> schemas = {{"db", "prod"}, {"db", "dev"}};
  std::vector<LedgerFact> ledger;
  CloneOptions options;
  std::optional<PointInTime> as_of;
};

absl::StatusOr<Plan> Ask(const Question& question);
absl::StatusOr<std::vector<SchemaName>> AskForSchemas(const Question& question);

// Each operation as "<unique id or schema>: <kind> <reason>".
Texts Decisions(const Plan& plan);

}  // namespace doppel::clone

#endif  // DOPPEL_SERVICE_CLONE_TEST_QUESTION_H_
