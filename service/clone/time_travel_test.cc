#include "service/clone/time_travel.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "service/base/error.h"
#include "service/clone/preconditions.h"
#include "service/clone/test_question.h"

namespace doppel::clone {
namespace {

constexpr absl::Duration kDay = absl::Hours(24);
const absl::Time kNow = absl::FromUnixSeconds(1767323045);  // 03:04:05

// All tables of the project, as they were so long ago.
Question Ago(const std::string& adapter, absl::Duration age) {
  Question question;
  question.adapter = adapter;
  question.as_of = PointInTime{kNow - age, kNow};
  if (adapter == "snowflake") {
    for (CatalogEntry& entry : question.catalog) {
      RelationName& name = entry.name;
      for (std::string* const part :
           {&name.database, &name.schema, &name.identifier}) {
        absl::AsciiStrToUpper(part);
      }
    }
    question.schemas = {{"DB", "PROD"}, {"DB", "DEV"}};
  }
  return question;
}

// Those that the plan names as what it cannot do, each with why.
Texts Faults(const Question& question) {
  const absl::Status status = Ask(question).status();
  EXPECT_EQ(GetReason(status), Reason::kPlanHasErrors) << status;
  Texts faults;
  const auto details = GetErrorDetails(status);
  for (const auto& fault : details->preconditions) {
    faults.push_back(absl::StrCat(fault.subject, ": ", fault.description));
  }
  return faults;
}

TEST(TimeTravelTest, TakesAllClonesAtOneTimeWhereThatCanBe) {
  const std::map<std::string, std::string> expected = {
      {"bigquery",
       "create table `db`.`dev`.`orders` clone `db`.`prod`.`orders` for "
       "system_time as of timestamp '2026-01-02 02:04:05.000000+00:00'"},
      {"databricks",
       "create table `db`.`dev`.`orders` shallow clone `db`.`prod`.`orders` "
       "timestamp as of '2026-01-02T02:04:05.000000Z'"},
      {"fabric",
       "create table [db].[dev].[orders] as clone of [db].[prod].[orders] at "
       "'2026-01-02T02:04:05'"},
      {"snowflake",
       "create transient table db.dev.orders clone db.prod.orders at "
       "(timestamp => '2026-01-02T02:04:05.000000+00:00'::timestamp_tz)"},
      {"spark",
       "create table dev.orders shallow clone prod.orders timestamp as of "
       "'2026-01-02T02:04:05.000000Z'"}};
  for (const dialect::Dialect* dialect : dialect::AllDialects()) {
    const std::string type(dialect->type());
    Question question = Ago(type, absl::Hours(1));
    const auto statement = expected.find(type);
    if (statement == expected.end()) {
      const absl::Status status = Ask(question).status();
      EXPECT_EQ(GetReason(status), Reason::kWarehouseUnsupported) << status;
      EXPECT_TRUE(absl::StrContains(status.message(), type)) << status;
      continue;
    }
    if (type == "spark") {
      for (CatalogEntry& entry : question.catalog) entry.name.database = "";
      question.schemas = {{"", "prod"}, {"", "dev"}};
      for (auto& node : question.target) {
        node.config = "\"file_format\":\"delta\"";
      }
    }
    const auto plan = Ask(question);
    ASSERT_TRUE(plan.ok()) << type << plan.status();
    const Operation& orders = plan->operations[1];
    EXPECT_EQ(orders.statements, Texts{statement->second});
    EXPECT_TRUE(absl::StrContains(orders.explanation,
                                  "as it was at 2026-01-02T02:04:05Z"))
        << orders.explanation;
  }
}

TEST(TimeTravelTest, ATimeToComeIsRefused) {
  EXPECT_TRUE(Ask(Ago("bigquery", absl::ZeroDuration())).ok());
  const absl::Status status =
      Ask(Ago("bigquery", -absl::Microseconds(1))).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
  EXPECT_EQ(GetErrorDetails(status)->fields[0].field, "as_of");
}

TEST(TimeTravelTest, WhatTheWarehouseHasForgottenIsNamed) {
  EXPECT_TRUE(Ask(Ago("bigquery", 7 * kDay)).ok());
  EXPECT_EQ(Faults(Ago("bigquery", 7 * kDay + absl::Seconds(1))),
            (Texts{"`db`.`prod`.`orders`: it keeps what it was for 7 days, so "
                   "knows nothing before 2025-12-26T03:04:05Z; asked for was "
                   "2025-12-26T03:04:04Z",
                   "`db`.`prod`.`codes`: it keeps what it was for 7 days, so "
                   "knows nothing before 2025-12-26T03:04:05Z; asked for was "
                   "2025-12-26T03:04:04Z"}));
  EXPECT_TRUE(Ask(Ago("fabric", 30 * kDay)).ok());
  EXPECT_EQ(Faults(Ago("fabric", 31 * kDay)).size(), 2u);
}

TEST(TimeTravelTest, ATransientTableForgetsAfterADay) {
  EXPECT_TRUE(Ask(Ago("snowflake", kDay)).ok());
  // The seed's table is not transient, and says nothing.
  const Texts faults = Faults(Ago("snowflake", 2 * kDay));
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_TRUE(absl::StartsWith(faults[0],
                               "db.prod.orders: it keeps what it "
                               "was for 1 day,"));
}

TEST(TimeTravelTest, ATableKeepsWhatItsOwnConfigSays) {
  Question question = Ago("snowflake", 5 * kDay);
  question.source[1].config =
      "\"transient\":false,\"data_retention_time_in_days\":5";
  question.source[3].config = "\"data_retention_time_in_days\":\"4\"";
  // The target's config is no matter of the source's memory.
  question.target[1].config = "\"data_retention_time_in_days\":0";
  const Texts faults = Faults(question);
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_TRUE(absl::StartsWith(faults[0],
                               "db.prod.codes: it keeps what it "
                               "was for 4 days,"));
}

TEST(TimeTravelTest, ADeltaTableKeepsTheShorterOfLogAndFiles) {
  Question question = Ago("databricks", absl::Hours(73));
  question.source[1].config =
      "\"tblproperties\":{\"delta.logRetentionDuration\":\"interval 30 "
      "days\",\"delta.deletedFileRetentionDuration\":\"72 HOURS\"}";
  question.source[3].config =
      "\"tblproperties\":{\"delta.logRetentionDuration\":\"for long\"}";
  const Texts faults = Faults(question);
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_TRUE(absl::StartsWith(faults[0],
                               "`db`.`prod`.`orders`: it keeps "
                               "what it was for 3 days,"));
}

TEST(TimeTravelTest, ViewsReadThePresentAndThePlanSaysSo) {
  const auto plan = Ask(Ago("bigquery", kDay));
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->operations[2].statements,
            Texts{"create view `db`.`dev`.`report` as select * from "
                  "`db`.`prod`.`report`"});
  ASSERT_EQ(plan->warnings.size(), 1u);
  EXPECT_EQ(plan->warnings[0].name, "PointerViewsReadThePresent");
}

TEST(TimeTravelTest, ACopyWouldHoldThePresentSoIsRefused) {
  Question question = Ago("databricks", kDay);
  for (auto& node : question.target) {
    node.config = "\"file_format\":\"parquet\"";
  }
  question.options.on_no_zero_copy = NoZeroCopy::kCopy;
  EXPECT_EQ(Faults(question).size(), 2u);
}

TEST(TimeTravelTest, WhatTheSourceBecomesDoesNotMatter) {
  const Question question = Ago("bigquery", kDay);
  const Plan plan = *Ask(question);
  std::vector<CatalogEntry> catalog = question.catalog;
  catalog[0].version = "8";
  const auto violated = [&] {
    return ViolatedPreconditions(plan, **dialect::FindDialect("bigquery"),
                                 catalog, question.schemas)
        .size();
  };
  EXPECT_EQ(violated(), 0u);
  catalog[0].kind = RelationKind::kView;
  EXPECT_EQ(violated(), 1u);
  catalog.erase(catalog.begin());
  EXPECT_EQ(violated(), 1u);
}

TEST(TimeTravelTest, WhatWasMadeAtAnotherTimeIsMadeAnew) {
  Question question = Ago("bigquery", kDay);
  question.options.existing_target = ExistingTarget::kReconcile;
  question.catalog.push_back(Entry("dev", "orders", RelationKind::kTable, "3"));
  question.ledger = {{{"db", "dev", "orders"},
                      {"db", "prod", "orders"},
                      "7",
                      OperationKind::kCloneTable,
                      "",
                      "3"}};
  EXPECT_EQ(Decisions(*Ask(question))[1],
            "model.shop.orders: clone_table drifted");
}

}  // namespace
}  // namespace doppel::clone
