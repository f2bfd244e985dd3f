// The names that doppel renders are those that dbt's adapters render: for every
// node of every manifest of the oracle, the manifest's own relation_name is the
// measure. The project's manifests are of twelve adapters.
//
// dbt also writes names without quotes that no warehouse would take so (a
// project that quotes nothing, and a name with a blank in it); doppel quotes
// them. Those are counted apart and must mean the same name.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "service/base/dbt_version.h"
#include "service/base/relation.h"
#include "service/deferral/project_quoting.h"
#include "service/dialect/dialect.h"
#include "service/manifest/manifest.h"
#include "service/manifest/parse.h"
#include "service/manifest/relation_of.h"
#include "tests/conformance/oracle_case.h"
#include "tests/conformance/oracle_manifests.h"

namespace doppel::conformance {
namespace {

namespace dom = simdjson::dom;

// dbt-duckdb reads such a source from a file: read_csv('...').
bool IsExpression(const manifest::Node& node) {
  return node.type == manifest::ResourceType::kSource &&
         absl::StrContains(*node.relation_name, "(");
}

struct Tally {
  int equal = 0, quoted_more = 0, different = 0;
};

void Override(const dom::element& quoting, std::string_view part, bool& value) {
  bool said = false;
  if (quoting[part].get(said) == simdjson::SUCCESS) value = said;
}

// What a node says of its quoting itself: a source as a field, others in their
// config.
dialect::Quoting QuotingOf(const dom::element& node, dialect::Quoting quoting) {
  dom::element own;
  const auto found = node["source_name"].error() == simdjson::SUCCESS
                         ? node["quoting"]
                         : node["config"]["quoting"];
  if (found.get(own) != simdjson::SUCCESS) return quoting;
  Override(own, "database", quoting.database);
  Override(own, "schema", quoting.schema);
  Override(own, "identifier", quoting.identifier);
  return quoting;
}

// A rendered name without quotes and in lower case.
std::string Bare(absl::string_view name) {
  return absl::AsciiStrToLower(
      absl::StrReplaceAll(name, {{"\"", ""}, {"`", ""}, {"[", ""}, {"]", ""}}));
}

class RelationNames {
 public:
  void Look(absl::string_view key, absl::string_view bytes) {
    const auto manifest =
        manifest::ParseManifest(manifest::Text::Copy(bytes), "digest");
    ASSERT_TRUE(manifest.ok()) << key << ": " << manifest.status();
    const std::string adapter((*manifest)->metadata().adapter_type);
    const auto dialect = dialect::FindDialect(adapter);
    if (!dialect.ok()) return;
    dom::element json;
    ASSERT_EQ(parser_.parse(bytes.data(), bytes.size()).get(json),
              simdjson::SUCCESS);
    for (const manifest::Node& node : (*manifest)->nodes()) {
      if (!node.relation_name.has_value() || IsExpression(node)) continue;
      Compare(key, **manifest, **dialect, node, json);
    }
  }

  const std::map<std::string, Tally>& tallies() const { return tallies_; }

 private:
  void Compare(absl::string_view key, const manifest::Manifest& manifest,
               const dialect::Dialect& dialect, const manifest::Node& node,
               const dom::element& json) {
    dialect::Quoting quoting = deferral::QuotingOf(manifest, dialect);
    // Until 1.7, the project's quoting counts for no source.
    if (node.type == manifest::ResourceType::kSource &&
        DbtVersionOf(manifest.metadata().dbt_version) < DbtVersion{1, 8, 0}) {
      quoting = dialect.default_quoting();
    }
    const std::string_view id(node.unique_id.data(), node.unique_id.size());
    for (std::string_view section : {"nodes", "sources", "functions"}) {
      dom::element found;
      if (json[section][id].get(found) == simdjson::SUCCESS) {
        quoting = QuotingOf(found, quoting);
      }
    }
    const std::string rendered =
        dialect.Render(manifest::RelationOf(node), quoting);
    Tally& tally = tallies_[std::string(dialect.type())];
    if (rendered == *node.relation_name) {
      ++tally.equal;
    } else if (Bare(rendered) == Bare(*node.relation_name) &&
               rendered.size() > node.relation_name->size()) {
      ++tally.quoted_more;
    } else if (tally.different++ < 5) {
      ADD_FAILURE() << key << " (dbt " << manifest.metadata().dbt_version
                    << "): " << node.unique_id << " is " << *node.relation_name
                    << ", doppel says " << rendered;
    }
  }

  dom::parser parser_;
  std::map<std::string, Tally> tallies_;
};

void Check(const std::string& folder, size_t adapters) {
  RelationNames names;
  const auto status = ForEachManifest(
      folder, [&](absl::string_view key, absl::string_view bytes) {
        if (!IsBrokenOnPurpose(key)) names.Look(key, bytes);
      });
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_GE(names.tallies().size(), adapters);
  for (const auto& [adapter, tally] : names.tallies()) {
    std::cout << adapter << ": " << tally.equal << " equal, "
              << tally.quoted_more << " quoted by doppel alone, "
              << tally.different << " different\n";
    EXPECT_GT(tally.equal, 0) << adapter;
    EXPECT_EQ(tally.different, 0) << adapter;
  }
}

TEST(RelationNamesTest, AreThoseOfDbtForTheProjectsOwnManifests) {
  Check(OwnOracleFolder(), 12);
}

TEST(RelationNamesTest, AreThoseOfDbtForPublicManifests) {
  const std::optional<std::string> folder = OracleFolder();
  if (!folder.has_value()) {
    GTEST_SKIP() << "the oracle is not on this machine; set DOPPEL_ORACLE to "
                    "its folder";
  }
  Check(*folder, 8);
}

}  // namespace
}  // namespace doppel::conformance
