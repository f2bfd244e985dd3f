// Every mutation of the project `everything`: doppel must give exactly the
// causes that oracle/mutations/causes.json states, for exactly those nodes.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "service/base/digest.h"
#include "service/base/status_macros.h"
#include "service/manifest/parse.h"
#include "service/state/cause.h"
#include "service/state/comparison.h"
#include "tests/conformance/oracle_case.h"
#include "tests/conformance/oracle_pack.h"

namespace doppel::conformance {
namespace {

namespace dom = simdjson::dom;

using ManifestPtr = std::shared_ptr<const manifest::Manifest>;
// Unique id -> "kind:subject", in the order in which doppel gives them.
using Causes = std::map<std::string, std::vector<std::string>>;

absl::StatusOr<ManifestPtr> Read(ManifestPacks& packs, const std::string& key) {
  DOPPEL_ASSIGN_OR_RETURN(const absl::string_view bytes, packs.Read(key));
  return manifest::ParseManifest(manifest::Text::Copy(bytes), Sha256Hex(bytes));
}

Causes CausesOf(const state::StateComparison& comparison) {
  Causes causes;
  for (manifest::NodeId id = 0; id < comparison.current().node_count(); ++id) {
    for (const state::Cause& cause : comparison.Causes(id)) {
      causes[std::string(comparison.current().node(id).unique_id)].push_back(
          state::CauseText(cause));
    }
  }
  return causes;
}

Causes CausesIn(const dom::object& nodes) {
  Causes causes;
  for (const dom::key_value_pair node : nodes) {
    auto& texts = causes[std::string(node.key)];
    for (const std::string_view text : dom::array(node.value)) {
      texts.emplace_back(text);
    }
  }
  return causes;
}

TEST(StateCausesTest, GivesEveryCauseOfEveryMutation) {
  const std::string folder = OwnOracleFolder();
  ManifestPacks packs(folder);
  dom::parser parser;
  dom::object mutations;
  ASSERT_EQ(parser.load(absl::StrCat(folder, "/oracle/mutations/causes.json"))
                .get(mutations),
            simdjson::SUCCESS);
  std::map<std::string, ManifestPtr> bases;
  EXPECT_GT(mutations.size(), 350u);
  for (const dom::key_value_pair mutation : mutations) {
    const std::string key(mutation.key);
    SCOPED_TRACE(key);
    const std::string base_key = key.substr(0, key.find('/')) + "/base";
    ManifestPtr& base = bases[base_key];
    if (base == nullptr) {
      auto read = Read(packs, base_key);
      ASSERT_TRUE(read.ok()) << read.status();
      base = *read;
    }
    const auto current = Read(packs, key);
    ASSERT_TRUE(current.ok()) << current.status();
    EXPECT_EQ(CausesOf(*state::StateComparison::Make(*current, base)),
              CausesIn(dom::object(mutation.value)));
  }
}

}  // namespace
}  // namespace doppel::conformance
