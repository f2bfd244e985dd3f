// Asks doppel what dbt was asked, and says where the answers differ.
#ifndef DOPPEL_TESTS_CONFORMANCE_ORACLE_RUNNER_H_
#define DOPPEL_TESTS_CONFORMANCE_ORACLE_RUNNER_H_

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "service/manifest/manifest.h"
#include "service/selection/selection.h"
#include "service/state/comparison.h"
#include "tests/conformance/oracle_case.h"
#include "tests/conformance/oracle_pack.h"

namespace doppel::conformance {

enum class Verdict {
  kEqual,
  kDifferent,
  // dbt broke down (a Python exception, a missing adapter) or refuses an old
  // or incomplete state manifest that doppel reads: there is nothing to equal.
  kDbtBroke,
};

struct Outcome {
  Verdict verdict = Verdict::kEqual;
  std::string difference;  // for people; empty unless kDifferent
  bool answered = true;    // by doppel: it did not reject the call
};

// `dbt ls` arguments as a selection. `warn_error` is --warn-error, by which
// dbt rejects what it would warn of.
struct ListArguments {
  selection::SelectionRequest request;
  bool warn_error = false;
};
absl::StatusOr<ListArguments> ParseListArguments(
    const std::vector<std::string>& args);

// Thread contract: thread-compatible; it keeps what it has loaded.
class OracleRunner {
 public:
  explicit OracleRunner(std::string folder)
      : folder_(folder), packs_(std::move(folder)) {}

  Outcome Run(const OracleCase& oracle_case);

 private:
  using ManifestOr = absl::StatusOr<std::shared_ptr<const manifest::Manifest>>;

  struct Answer {
    std::vector<std::string> unique_ids;
    std::vector<state::Warning> warnings;
  };

  absl::StatusOr<Answer> Ask(const OracleCase& oracle_case);
  ManifestOr Load(const std::string& key);
  absl::StatusOr<std::shared_ptr<const state::StateComparison>> Compare(
      const OracleCase& oracle_case);

  std::string folder_;
  ManifestPacks packs_;
  std::map<std::string, ManifestOr> manifests_;
  // By current, base, the dbt that answered and its flag.
  std::map<std::tuple<std::string, std::string, std::string, bool>,
           std::shared_ptr<const state::StateComparison>>
      comparisons_;
};

}  // namespace doppel::conformance

#endif  // DOPPEL_TESTS_CONFORMANCE_ORACLE_RUNNER_H_
