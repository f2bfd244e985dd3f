#include "service/drift/drift.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "service/base/catalog.h"
#include "service/base/relation.h"
#include "service/dialect/dialect.h"

namespace doppel::drift {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Texts = std::vector<std::string>;

constexpr RelationKind kTable = RelationKind::kTable;
constexpr RelationKind kView = RelationKind::kView;

struct Question {
  std::vector<Made> made;
  std::vector<NewNode> new_nodes;
  std::vector<CatalogEntry> catalog;

  DriftInputs inputs() const {
    return {*dialect::FindDialect("postgres"), made, new_nodes, catalog};
  }

  // ci.<name> was made of prod.<name>, and both are as they were.
  void Stands(const std::string& name, RelationKind kind) {
    made.push_back({"model.shop." + name,
                    {"db", "ci", name},
                    kind,
                    "t1",
                    {"db", "prod", name},
                    "s1",
                    absl::FromUnixSeconds(7)});
    catalog.push_back({{"db", "ci", name}, kind, "t1"});
    catalog.push_back({{"db", "prod", name}, kTable, "s1"});
  }
  CatalogEntry& ci() { return catalog[catalog.size() - 2]; }
  CatalogEntry& prod() { return catalog.back(); }
  void Drop(const std::string& schema, const std::string& name) {
    std::erase_if(catalog, [&](const CatalogEntry& entry) {
      return entry.name == RelationName{"db", schema, name};
    });
  }
};

constexpr const char* kKinds[] = {"source_changed", "target_changed",
                                  "target_dropped", "source_dropped",
                                  "new_in_source",  "unknown"};

Texts Kinds(const Question& question) {
  Texts texts;
  for (const Drift& drift : DetectDrift(question.inputs())) {
    texts.push_back(
        absl::StrCat(drift.unique_id.substr(std::string("model.shop.").size()),
                     " ", kKinds[static_cast<int>(drift.kind)]));
  }
  return texts;
}

TEST(DriftTest, IsNoneWhereAllIsAsItWas) {
  Question question;
  question.Stands("a", kTable);
  question.Stands("b", kView);

  EXPECT_THAT(Kinds(question), IsEmpty());
  EXPECT_THAT(SchemasOf(question.inputs()),
              ElementsAre(SchemaName{"db", "ci"}, SchemaName{"db", "prod"}));
}

TEST(DriftTest, TellsWhatBecameOfTheTarget) {
  Question question;
  question.Stands("changed", kTable);
  question.ci().version = "t2";
  question.Stands("dropped", kTable);
  question.Drop("ci", "dropped");
  question.Stands("other_kind", kView);
  question.ci().kind = kTable;
  question.Stands("unseen", kTable);
  question.made.back().target_version = "";
  question.Stands("no_versions", kTable);
  question.made.back().target_version = "";
  question.ci().version = "";

  EXPECT_THAT(Kinds(question),
              ElementsAre("changed target_changed", "dropped target_dropped",
                          "other_kind target_changed", "unseen unknown"));
  const std::vector<Drift> drifts = DetectDrift(question.inputs());
  EXPECT_EQ(drifts[0].made_time, absl::FromUnixSeconds(7));
  EXPECT_EQ(drifts[0].target->name, (RelationName{"db", "ci", "changed"}));
  EXPECT_EQ(drifts[0].source->kind, kTable);
  EXPECT_EQ(drifts[1].target->kind, RelationKind::kUnknown);
  EXPECT_EQ(drifts[2].explanation,
            "doppel made a view, and \"db\".\"ci\".\"other_kind\" is a table "
            "now");
}

TEST(DriftTest, TellsWhatBecameOfTheSource) {
  Question question;
  question.Stands("changed", kTable);
  question.prod().version = "s2";
  question.Stands("dropped", kTable);
  question.Drop("prod", "dropped");
  question.Stands("orphan", kTable);
  question.made.back().is_orphan = true;
  question.Stands("pointer", kView);
  question.prod().version = "s2";

  EXPECT_THAT(Kinds(question),
              ElementsAre("changed source_changed", "dropped source_dropped",
                          "orphan source_dropped"));
  EXPECT_THAT(DetectDrift(question.inputs())[2].explanation,
              HasSubstr("has no model.shop.orphan any more"));
}

TEST(DriftTest, TellsOfBothSides) {
  Question question;
  question.Stands("a", kTable);
  question.ci().version = "t2";
  question.prod().version = "s2";

  EXPECT_THAT(Kinds(question),
              ElementsAre("a source_changed", "a target_changed"));
}

TEST(DriftTest, TellsOfNewNodesThatAreBuiltAndNotThereYet) {
  Question question;
  question.Stands("a", kTable);
  const RelationName prod = {"db", "prod", "a"};
  question.new_nodes = {
      {"model.shop.built", prod, RelationName{"db", "ci", "built"}},
      {"model.shop.nowhere", prod, std::nullopt},
      {"model.shop.not_built", {"db", "prod", "x"}, std::nullopt},
      {"model.shop.there", prod, RelationName{"db", "ci", "a"}},
  };

  EXPECT_THAT(Kinds(question),
              ElementsAre("built new_in_source", "nowhere new_in_source"));
  EXPECT_FALSE(DetectDrift(question.inputs())[0].made_time.has_value());
}

}  // namespace
}  // namespace doppel::drift
