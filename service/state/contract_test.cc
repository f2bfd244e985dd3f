#include "service/state/contract.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "service/base/error.h"
#include "service/state/test_manifest.h"

namespace doppel::state {
namespace {

const std::pair<std::string, std::string> kOtherTerms = {R"("checksum": "t1")",
                                                         R"("checksum": "t2")"};

std::string TermsMessage(const Edits& edits) {
  Edits all = edits;
  all.push_back(kOtherTerms);
  const auto comparison = Compare({}, all);
  EXPECT_TRUE(comparison->ErrorFor(StateValue::kModified).ok());
  for (const Warning& warning :
       comparison->WarningsFor(StateValue::kModifiedContract)) {
    EXPECT_EQ(warning.name, "UnversionedBreakingChange");
    return warning.message;
  }
  return "";
}

TEST(ContractTest, BreakingContractChangesOfUnversionedModelsWarn) {
  constexpr absl::string_view kStart =
      "Breaking change to contracted, unversioned model terms "
      "(models/terms.sql)\nWhile comparing to previous project state, dbt "
      "detected a breaking change to an unversioned model.\n  - ";
  struct Row {
    Edits edits;
    std::string finding;
  };
  const Row rows[] = {
      {{{R"("kind": {"name": "kind")", R"("sort": {"name": "sort")"}},
       "Columns were removed: \n    - kind"},
      {{{"varchar(3)", "integer(3)"}},
       "Columns with data_type changes: \n    - kind (varchar(3) -> "
       "integer(3))"},
      {{{R"([{"type": "not_null"}])", "[]"}},
       "Enforced column level constraints were removed: \n    - "
       "'ConstraintType.not_null' constraint on column id"},
      {{{R"("constraints": [{"type": "primary_key")",
         R"("constraints": [{"type": "unique")"}},
       "Enforced model level constraints were removed: \n    - "
       "'ConstraintType.primary_key' constraint on columns ['id']"},
      {{{R"("materialized": "incremental"},
    "unrendered)",
         R"("materialized": "view"},
    "unrendered)"}},
       "Materialization changed with enforced constraints: \n    - "
       "incremental -> view"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(TermsMessage(row.edits), absl::StrCat(kStart, row.finding, "\n"));
  }
}

TEST(ContractTest, ConstraintsCountWhereTheEngineEnforcesThem) {
  const Edits no_not_null = {{R"([{"type": "not_null"}])", "[]"}};
  EXPECT_NE(TermsMessage(no_not_null), "");
  Edits on_spark = no_not_null;
  on_spark.emplace_back("duckdb", "spark");
  EXPECT_EQ(TermsMessage(on_spark), "");
  const Edits no_key = {{R"("constraints": [{"type": "primary_key")",
                         R"("constraints": [{"type": "custom")"},
                        {"duckdb", "snowflake"}};
  EXPECT_EQ(TermsMessage(no_key), "");
}

TEST(ContractTest, BreakingTheContractOfAVersionIsAnError) {
  const auto comparison =
      Compare({}, {{R"("contract": {"enforced": true, "alias_types": true, )"
                    R"("checksum": "s1"})",
                    R"("contract": {"enforced": false})"}});
  for (StateValue value : {StateValue::kModified, StateValue::kUnmodified,
                           StateValue::kModifiedContract}) {
    const absl::Status& error = comparison->ErrorFor(value);
    EXPECT_EQ(GetReason(error), Reason::kContractBroken);
    EXPECT_TRUE(absl::StrContains(error.message(), "models/sales_v1.sql"));
    EXPECT_TRUE(
        absl::StrContains(error.message(), "Contract enforcement was removed"));
  }
  EXPECT_TRUE(comparison->ErrorFor(StateValue::kModifiedBody).ok());
  EXPECT_EQ(CausesOf(*comparison, IdOf(*comparison, "model.lab.sales.v1")),
            Texts{"contract enforced: true -> false"});
}

// The project without the model "terms", by giving it another name.
const Edits kWithoutTerms = {
    {R"("model.lab.terms": {)", R"("model.lab.words": {)"},
    {R"("unique_id": "model.lab.terms")", R"("unique_id": "model.lab.words")"},
};

TEST(ContractTest, RemovingAContractedModelBreaksItsContract) {
  const auto removed = Compare({}, kWithoutTerms);
  const auto& warnings = removed->WarningsFor(StateValue::kModified);
  ASSERT_EQ(warnings.size(), 2u);  // the large seed's is the other
  EXPECT_TRUE(absl::StrContains(
      warnings[1].message,
      "  - Contracted model 'model.lab.terms' was deleted or renamed.\n"));
}

TEST(ContractTest, AModelPastItsDateMayGo) {
  CompareOptions late;
  late.now = absl::FromCivil(absl::CivilDay(2030, 1, 2), absl::UTCTimeZone());
  EXPECT_TRUE(Compare({}, kWithoutTerms, late)
                  ->WarningsFor(StateValue::kModifiedContract)
                  .empty());
}

TEST(ContractTest, DisablingAContractedModelBreaksItsContract) {
  Edits disabled = kWithoutTerms;
  disabled.emplace_back(
      R"("disabled": {})",
      R"("disabled": {"model.lab.terms": [{"unique_id": "model.lab.terms",
         "resource_type": "model", "name": "terms",
         "original_file_path": "models/terms.sql",
         "config": {"enabled": false}, "contract": {"enforced": true}}]})");
  const auto comparison = Compare({}, disabled);
  const auto& warnings = comparison->WarningsFor(StateValue::kModifiedContract);
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_TRUE(absl::StrContains(
      warnings[0].message,
      "  - Contracted model 'model.lab.terms' was disabled.\n"));
}

}  // namespace
}  // namespace doppel::state
