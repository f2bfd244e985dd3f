// The oracle's cases: what real dbt answered to `dbt ls` on real manifests.
//
// The oracle is a folder of data: the project's own, which stands beside this
// file, or another beside the repository (or wherever DOPPEL_ORACLE says), of
// which nothing is in the repository. The layout of both:
//   cases/<project>.jsonl.gz        one case a line
//   manifests/<project>.zst         the manifests "<project>/...":
//   oracle_pack.h manifests/<key>.json.gz         the manifests that the cases
//   name public/<path>/manifest.json.gz  those whose key is "manifests/<path>"
#ifndef DOPPEL_TESTS_CONFORMANCE_ORACLE_CASE_H_
#define DOPPEL_TESTS_CONFORMANCE_ORACLE_CASE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/state/cause.h"

namespace doppel::conformance {

struct OracleCase {
  std::string case_id;
  std::string current_manifest;
  std::optional<std::string> base_manifest;  // what --state held
  std::vector<std::string> args;             // after `dbt ls`
  // The dbt that answered.
  std::string dbt_version = "1.12.6";
  // Its flag of that name, where the project set it.
  std::optional<bool> compare_more_unrendered_values;
  bool rejected = false;
  std::string stderr_tail;
  std::vector<std::string> expected_unique_ids;  // sorted
  std::vector<state::Warning> warnings;          // sorted, each once
  // What stood beside the manifests, as text; none where dbt had no such file.
  std::optional<std::string> run_results;      // the state's run_results.json
  std::optional<std::string> sources;          // the state's sources.json
  std::optional<std::string> current_sources;  // the target's sources.json
};

// The folder beside the repository, or none where it is not on this machine.
std::optional<std::string> OracleFolder();

// The project's own. The program runs where Bazel put its data, among which
// must be this file.
std::string OwnOracleFolder();

// The lines of cases/<name>.jsonl.gz, each a JSON object, in the file's order.
absl::StatusOr<std::vector<std::string>> ReadOracleLines(
    absl::string_view folder, absl::string_view name);

// The cases of cases/<project>.jsonl.gz, in the file's order.
absl::StatusOr<std::vector<OracleCase>> ReadOracleCases(
    absl::string_view folder, absl::string_view project);

// The bytes of the manifest of that key; NOT_FOUND where the oracle has none.
absl::StatusOr<std::string> ReadOracleManifest(absl::string_view folder,
                                               absl::string_view key);

}  // namespace doppel::conformance

#endif  // DOPPEL_TESTS_CONFORMANCE_ORACLE_CASE_H_
