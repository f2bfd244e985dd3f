// How two manifests are compared, for every command that compares some.
#ifndef DOPPEL_TOOLS_CLI_COMPARISON_FLAGS_H_
#define DOPPEL_TOOLS_CLI_COMPARISON_FLAGS_H_

#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "doppel/v1/manifest.pb.h"

namespace doppel::cli {

class ComparisonFlags {
 public:
  // --strict, --vars, --state-vars, --mute and
  // --[no-]compare-more-unrendered-values.
  void AddTo(CLI::App& command);

  v1::ComparisonOptions options() const;

 private:
  bool strict_ = false;
  std::string vars_;
  std::string state_vars_;
  std::vector<std::string> mutes_;
  bool unrendered_ = false;
  CLI::Option* unrendered_flag_ = nullptr;
};

}  // namespace doppel::cli

#endif  // DOPPEL_TOOLS_CLI_COMPARISON_FLAGS_H_
