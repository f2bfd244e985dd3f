// Compares manifests from files, for programs that compare doppel with dbt.
//
//   state_probe < questions
//
// A question is a line "CURRENT<tab>BASE<tab>DBT_VERSION<tab>FLAG": two paths,
// the dbt whose answer is wanted ("" for the newest) and 1 or 0 for its flag
// state_modified_compare_more_unrendered_values. The answer is a line of JSON:
//   {"values": {"modified": [ids], ...},
//    "warnings": {"modified": [[name, message], ...], ...},
//    "errors": {"modified": message, ...},
//    "causes": {id: ["kind:subject", ...], ...}}
// Values without warnings or errors have no entry under them. A manifest that
// cannot be read ends the program.
#include <cstddef>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "service/base/digest.h"
#include "service/base/json_string.h"
#include "service/base/status_macros.h"
#include "service/manifest/parse.h"
#include "service/state/comparison.h"

namespace doppel {
namespace {

using ManifestPtr = std::shared_ptr<const manifest::Manifest>;
using state::StateComparison;
using state::StateValue;

// Keeps what it has read: most questions share their manifests.
class Manifests {
 public:
  absl::StatusOr<ManifestPtr> Read(const std::string& path) {
    ManifestPtr& kept = manifests_[path];
    if (kept != nullptr) return kept;
    std::ifstream file(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    DOPPEL_ASSIGN_OR_RETURN(
        kept,
        manifest::ParseManifest(manifest::Text::Copy(bytes), Sha256Hex(bytes)));
    return kept;
  }

 private:
  std::map<std::string, ManifestPtr> manifests_;
};

std::string Listed(const std::vector<std::string>& items) {
  return absl::StrCat("[", absl::StrJoin(items, ", "), "]");
}

using Members = std::vector<std::string>;

void Add(Members& members, absl::string_view key, std::string value) {
  members.push_back(absl::StrCat(JsonString(key), ": ", value));
}

std::string Object(const Members& members) {
  return absl::StrCat("{", absl::StrJoin(members, ", "), "}");
}

std::string CausesOf(const StateComparison& comparison) {
  Members causes;
  for (manifest::NodeId id = 0; id < comparison.current().node_count(); ++id) {
    Members texts;
    for (const state::Cause& cause : comparison.Causes(id)) {
      texts.push_back(JsonString(state::CauseText(cause)));
    }
    if (texts.empty()) continue;
    Add(causes, comparison.current().node(id).unique_id, Listed(texts));
  }
  return Object(causes);
}

std::string AnswerOf(const StateComparison& comparison) {
  Members values, warnings, errors;
  for (size_t i = 0; i < state::kStateValueCount; ++i) {
    const auto value = static_cast<StateValue>(i);
    const absl::string_view name = state::StateValueName(value);
    Members ids;
    for (manifest::NodeId id = 0; id < comparison.current().node_count();
         ++id) {
      if (!comparison.Matches(id, value)) continue;
      ids.push_back(JsonString(comparison.current().node(id).unique_id));
    }
    Add(values, name, Listed(ids));
    Members texts;
    for (const state::Warning& warning : comparison.WarningsFor(value)) {
      texts.push_back(
          Listed({JsonString(warning.name), JsonString(warning.message)}));
    }
    if (!texts.empty()) Add(warnings, name, Listed(texts));
    const absl::Status& error = comparison.ErrorFor(value);
    if (!error.ok()) {
      Add(errors, name,
          JsonString(absl::string_view(error.message().data(),
                                       error.message().size())));
    }
  }
  return Object({absl::StrCat("\"values\": ", Object(values)),
                 absl::StrCat("\"warnings\": ", Object(warnings)),
                 absl::StrCat("\"errors\": ", Object(errors)),
                 absl::StrCat("\"causes\": ", CausesOf(comparison))});
}

absl::Status Answer(const std::string& question, Manifests& manifests) {
  const std::vector<std::string> parts = absl::StrSplit(question, '\t');
  if (parts.size() != 4) {
    return absl::InvalidArgumentError("a question has four parts");
  }
  DOPPEL_ASSIGN_OR_RETURN(ManifestPtr current, manifests.Read(parts[0]));
  DOPPEL_ASSIGN_OR_RETURN(ManifestPtr base, manifests.Read(parts[1]));
  state::CompareOptions options;
  if (!parts[2].empty()) options.dbt_version = parts[2];
  options.compare_more_unrendered_values = parts[3] == "1";
  options.now = absl::Now();
  std::cout << AnswerOf(*StateComparison::Make(current, base, options))
            << std::endl;
  return absl::OkStatus();
}

}  // namespace
}  // namespace doppel

int main() {
  doppel::Manifests manifests;
  for (std::string line; std::getline(std::cin, line);) {
    const absl::Status status = doppel::Answer(line, manifests);
    if (!status.ok()) {
      std::cerr << line << ": " << status << "\n";
      return 1;
    }
  }
  return 0;
}
