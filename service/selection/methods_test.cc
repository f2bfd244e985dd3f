#include "service/selection/methods.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "service/base/error.h"
#include "service/selection/lab_manifest.h"

namespace doppel::selection {
namespace {

// A node of every kind that the lab project lacks, and a second package.
constexpr char kKinds[] = R"("nodes": {
  "model.jaffle.a": {"resource_type": "model", "name": "a",
    "package_name": "jaffle", "fqn": ["jaffle", "core", "a"],
    "access": "public", "tags": ["daily", "größe"],
    "original_file_path": "models/core/a.v2.sql",
    "config": {"group": "finance", "meta": {"owner": "me", "levels": [1, "x"]},
               "tags": ["daily", "größe"], "limit": 5, "full_refresh": false,
               "flags": [true, 0], "schema": null}},
  "model.other.a": {"resource_type": "model", "name": "a",
    "package_name": "other", "fqn": ["other", "core", "a"],
    "original_file_path": "models/core/a.sql",
    "config": {"group": "", "meta": {"owner": "you"}}},
  "analysis.jaffle.look": {"resource_type": "analysis", "name": "look",
    "package_name": "jaffle", "fqn": ["jaffle", "analysis", "look"],
    "original_file_path": "analyses/look.sql"},
  "model.jaffle.dotted.name": {"resource_type": "model", "name": "dotted.name",
    "package_name": "jaffle", "fqn": ["jaffle", "core", "dotted.name"],
    "original_file_path": "models/core/dotted.name.sql"},
  "operation.jaffle.hook": {"resource_type": "operation", "name": "hook",
    "package_name": "jaffle", "fqn": ["jaffle", "hooks", "hook"],
    "original_file_path": "./dbt_project.yml"},
  "model.jaffle.off": {"resource_type": "model", "name": "off",
    "package_name": "jaffle", "fqn": ["jaffle", "core", "off"],
    "original_file_path": "models/core/off.sql", "tags": ["daily"],
    "config": {"enabled": false}}
}, "metrics": {
  "metric.jaffle.revenue": {"resource_type": "metric", "name": "revenue",
    "package_name": "jaffle", "fqn": ["jaffle", "revenue"],
    "config": {"group": "finance"}}
}, "semantic_models": {
  "semantic_model.jaffle.sem": {"resource_type": "semantic_model",
    "name": "sem", "package_name": "jaffle", "fqn": ["jaffle", "sem"]}
}, "saved_queries": {
  "saved_query.jaffle.saved": {"resource_type": "saved_query",
    "name": "saved", "package_name": "jaffle", "fqn": ["jaffle", "saved"]}
}, "functions": {
  "function.jaffle.fn": {"resource_type": "function", "name": "fn",
    "package_name": "jaffle", "fqn": ["jaffle", "fn"],
    "original_file_path": "functions/fn.sql"}
}, "sources": {
  "source.jaffle.raw.t": {"resource_type": "source", "name": "t",
    "source_name": "raw", "package_name": "jaffle",
    "fqn": ["jaffle", "raw", "t"], "tags": ["daily"],
    "original_file_path": "models/src.yml", "config": {"enabled": true}},
  "source.jaffle.raw.u": {"resource_type": "source", "name": "u",
    "source_name": "raw", "package_name": "jaffle",
    "fqn": ["jaffle", "raw", "u"], "original_file_path": "models/src.yml"}
}, "exposures": {
  "exposure.jaffle.dash": {"resource_type": "exposure", "name": "dash",
    "package_name": "jaffle", "fqn": ["jaffle", "dash"]}
})";

std::string Find(absl::string_view select) {
  const auto manifest = MustParse(kKinds);
  SelectionRequest request = Selecting(select);
  request.resource_types = {"all", "operation"};
  return Selected(request, *manifest);
}

TEST(MethodsTest, MatchAsDbtsDo) {
  const std::pair<const char*, const char*> kCases[] = {
      {"tag:daily", "a raw.t"},
      {"tag:gr?ße", "a"},
      {"tag:DAILY", ""},
      {"group:finance", "revenue a"},
      {"group:fin*", "revenue a"},
      {"group:", ""},
      {"access:public", "a"},
      {"access:pub*", ""},
      {"source:*.u", "raw.u"},
      {"exposure:jaffle.d*", "dash"},
      {"exposure:dash", "dash"},
      {"metric:revenue", "revenue"},
      {"semantic_model:s*", "sem"},
      {"saved_query:jaffle.saved", "saved"},
      {"saved_query:other.saved", ""},
      {"package:other", "a"},
      {"package:this,resource_type:function", "fn"},
      {"resource_type:analysis", "look"},
      {"resource_type:macro", ""},
      {"file:a.v2.sql", "a"},
      {"file:a.v2", "a"},
      {"file:dotted*", "dotted.name"},
      {"core.a", "a a"},
      {"other.core.a", "a"},
      {"dotted.name", "dotted.name"},
      {"core.dotted", "dotted.name"},
      {"off", ""},
      {"config.meta.owner:me", "a"},
      {"config.meta.owner:m*", ""},
      {"config.meta.levels:x", "a"},
      {"config.meta.levels:1", ""},
      {"config.meta.levels:true", "a"},
      {"config.flags:True", "a"},
      {"config.flags:FALSE", "a"},
      {"config.full_refresh:False", "a"},
      {"config.limit:5", ""},
      {"config.schema:None", ""},
      {"config.missing:x", ""},
      {"config.meta:x", ""},
      {"config:x", ""},
  };
  for (const auto& [select, expected] : kCases) {
    EXPECT_EQ(Find(select), expected) << select;
  }
}

TEST(MethodsTest, GlobPathsAsPathlibDoes) {
  const std::pair<const char*, const char*> kCases[] = {
      {"path:models", "a dotted.name a raw.t raw.u"},
      {"path:models/", "a dotted.name a raw.t raw.u"},
      {"path:./models/src.yml", "raw.t raw.u"},
      {"path:models/src.yml/", ""},
      {"path:models/*", "a dotted.name a raw.t raw.u"},
      {"path:*.sql", ""},
      {"path:models/*/a*", "a"},
      {"path:models/c?re", "a dotted.name a"},
      {"path:**/[d-f]*.sql", "fn dotted.name"},
      {"path:models/**", "a dotted.name a raw.t raw.u"},
      {"path:**/core", "a dotted.name a"},
      {"path:models/**/src.yml", "raw.t raw.u"},
      {"path:../x", ""},
      {"path:dbt_*", "hook"},
  };
  for (const auto& [select, expected] : kCases) {
    EXPECT_EQ(Find(select), expected) << select;
  }
}

// dbt globs the project's own folder: the YAML file of a package is not there,
// although it describes a node of the project, and nodes of a package are found
// at paths that the project has as well.
TEST(MethodsTest, FindPathsOfTheProjectAlone) {
  const auto manifest = MustParse(R"("nodes": {
    "seed.jaffle.own": {"resource_type": "seed", "name": "own",
      "package_name": "jaffle", "fqn": ["jaffle", "own"],
      "original_file_path": "seeds/own.csv",
      "patch_path": "other://seeds/packaged.yml"},
    "model.other.taken": {"resource_type": "model", "name": "taken",
      "package_name": "other", "fqn": ["other", "taken"],
      "original_file_path": "models/taken.sql",
      "patch_path": "jaffle://overrides/taken.yml"},
    "test.other.lone": {"resource_type": "test", "name": "lone",
      "package_name": "other", "fqn": ["other", "lone"],
      "original_file_path": "tests/lone.sql"},
    "analysis.other.look": {"resource_type": "analysis", "name": "look",
      "package_name": "other", "fqn": ["other", "look"],
      "original_file_path": "analyses/look.sql"},
    "operation.other.hook": {"resource_type": "operation", "name": "hook",
      "package_name": "other", "fqn": ["other", "hook"],
      "original_file_path": "./dbt_project.yml"}
  }, "macros": {
    "macro.jaffle.test_odd": {"name": "test_odd", "package_name": "jaffle",
      "original_file_path": "tests/generic/odd.sql", "macro_sql": "x"},
    "macro.other.other": {"name": "other", "package_name": "other",
      "original_file_path": "analyses/other.sql", "macro_sql": "x"}
  })");
  const auto find = [&manifest](absl::string_view select) {
    SelectionRequest request = Selecting(select);
    request.resource_types = {"all", "operation"};
    return Selected(request, *manifest);
  };
  EXPECT_EQ(find("path:seeds/packaged.yml"), "");
  EXPECT_EQ(find("path:*/*.yml"), "taken");
  EXPECT_EQ(find("path:overrides/*.yml"), "taken");
  EXPECT_EQ(find("path:seeds"), "own");
  EXPECT_EQ(find("path:tests"), "lone");
  EXPECT_EQ(find("path:analyses"), "");
  EXPECT_EQ(find("path:dbt_project.yml"), "hook");
}

TEST(MethodsTest, RefuseWhatPathlibRefuses) {
  for (const char* select :
       {"path:/models", "path:", "path:.", "./", "path:models/**.sql"}) {
    const auto manifest = MustParse(kKinds);
    SelectionInputs inputs;
    inputs.current = manifest.get();
    const auto result = Select(Selecting(select), inputs);
    EXPECT_EQ(GetReason(result.status()), Reason::kSelectionInvalidValue)
        << select;
  }
}

TEST(MethodsTest, RefuseValuesThatTheyDoNotKnow) {
  const std::pair<const char*, const char*> kCases[] = {
      {"source:a.b.c.d", "package.source.table"},
      {"exposure:a.b.c", "package.name"},
      {"metric:a.b.c", "package.name"},
      {"unit_test:a.b.c", "package.name"},
      {"resource_type:models", "resource type"},
      {"test_type:bogus", "singular"},
      {"version:newest", "latest"},
  };
  for (const auto& [select, expected] : kCases) {
    const auto manifest = MustParse(kKinds);
    SelectionInputs inputs;
    inputs.current = manifest.get();
    const auto result = Select(Selecting(select), inputs);
    EXPECT_EQ(GetReason(result.status()), Reason::kSelectionInvalidValue);
    EXPECT_TRUE(absl::StrContains(result.status().message(), expected))
        << result.status();
    EXPECT_TRUE(absl::StrContains(result.status().message(),
                                  "selection.select[0], column 1"))
        << result.status();
  }
}

TEST(MethodsTest, NeedTheArtifactsThatTheyLookAt) {
  const std::pair<const char*, Reason> kCases[] = {
      {"state:modified", Reason::kStateManifestRequired},
      {"result:error", Reason::kRunResultsRequired},
      {"source_status:fresher", Reason::kSourceFreshnessRequired},
  };
  for (const auto& [select, reason] : kCases) {
    const auto manifest = MustParse(kKinds);
    SelectionInputs inputs;
    inputs.current = manifest.get();
    EXPECT_EQ(GetReason(Select(Selecting(select), inputs).status()), reason);
  }
}

TEST(MethodsTest, MatchStatesByTheComparison) {
  const auto current = MustParse(kKinds);
  const auto older = MustParse(R"("nodes": {
      "model.other.a": {"resource_type": "model", "name": "a",
        "package_name": "other", "fqn": ["other", "elsewhere", "a"]}})");
  const auto comparison = state::StateComparison::Make(current, older);
  SelectionInputs inputs;
  inputs.current = current.get();
  inputs.state = comparison.get();
  EXPECT_EQ(Selected(Selecting("state:old"), inputs), "a");
  EXPECT_EQ(Selected(Selecting("state:modified,package:other"), inputs), "a");
  EXPECT_EQ(GetReason(Select(Selecting("state:changed"), inputs).status()),
            Reason::kSelectionInvalidValue);
}

TEST(MethodsTest, MatchResults) {
  const auto manifest = MustParse(kKinds);
  RunResults results;
  results.statuses.emplace("model.jaffle.a", "error");
  results.statuses.emplace("model.jaffle.off", "error");
  results.statuses.emplace("model.jaffle.gone", "error");
  results.statuses.emplace("model.other.a", "success");
  SelectionInputs inputs;
  inputs.current = manifest.get();
  inputs.run_results = &results;
  EXPECT_EQ(Selected(Selecting("result:error"), inputs), "a");
  EXPECT_EQ(Selected(Selecting("result:err*"), inputs), "");
}

TEST(MethodsTest, MatchSourcesThatAreFresher) {
  const auto manifest = MustParse(kKinds);
  SourceFreshness freshness;
  freshness.older["source.jaffle.raw.t"] = "2024-01-01T00:00:00Z";
  freshness.current["source.jaffle.raw.t"] = "2024-01-01T00:00:00Z";
  SelectionInputs inputs;
  inputs.current = manifest.get();
  inputs.source_freshness = &freshness;
  EXPECT_EQ(Selected(Selecting("source_status:fresher"), inputs), "");
  // Later by a part of a second; by its zone; not there before.
  freshness.current["source.jaffle.raw.t"] = "2024-01-01T00:00:00.5Z";
  EXPECT_EQ(Selected(Selecting("source_status:fresher"), inputs), "raw.t");
  freshness.current["source.jaffle.raw.t"] = "2024-01-01T00:30:00+01:00";
  EXPECT_EQ(Selected(Selecting("source_status:fresher"), inputs), "");
  freshness.current["source.jaffle.raw.u"] = "2020-01-01T00:00:00";
  EXPECT_EQ(Selected(Selecting("source_status:fresher"), inputs), "raw.u");
  EXPECT_EQ(Selected(Selecting("source_status:pass"), inputs), "");
}

}  // namespace
}  // namespace doppel::selection
