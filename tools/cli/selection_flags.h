// dbt's selection flags, for every command that selects.
#ifndef DOPPEL_TOOLS_CLI_SELECTION_FLAGS_H_
#define DOPPEL_TOOLS_CLI_SELECTION_FLAGS_H_

#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "doppel/v1/manifest.pb.h"
#include "tools/cli/comparison_flags.h"
#include "tools/cli/session.h"

namespace doppel::cli {

class SelectionFlags {
 public:
  // --select, --exclude, --selector, --indirect-selection, --resource-type,
  // --exclude-resource-type; --state, --run-results, --sources and
  // --state-sources for what methods look at; --dbt-version and the flags of
  // comparison_flags.h for whose answer it is.
  void AddTo(CLI::App& command);

  // The selection; not set where no flag was given.
  bool given() const;
  v1::Selection selection() const;

  // The older manifest, as it was named; "" where none was.
  const std::string& state() const { return state_; }

  // "" where none was given.
  const std::string& dbt_version() const { return dbt_version_; }

  // Reads and uploads what the flags name.
  absl::StatusOr<v1::SelectionContext> Context(Session& session) const;

 private:
  std::vector<std::string> select_;
  std::vector<std::string> exclude_;
  std::string selector_;
  std::string indirect_ = "eager";
  std::vector<std::string> types_;
  std::vector<std::string> exclude_types_;
  std::string state_;
  std::string run_results_;
  std::string sources_;
  std::string state_sources_;
  std::string dbt_version_;
  ComparisonFlags comparison_;
};

}  // namespace doppel::cli

#endif  // DOPPEL_TOOLS_CLI_SELECTION_FLAGS_H_
