#include "tools/cli/comparison_flags.h"

namespace doppel::cli {

void ComparisonFlags::AddTo(CLI::App& command) {
  command.add_flag("--strict", strict_,
                   "count the changes that dbt misses, too: new sources and "
                   "the like, large seeds, materialization macros, --vars");
  command.add_option("--vars", vars_,
                     "with --strict: the variables, as dbt takes them "
                     "('{days: 7}')");
  command.add_option("--state-vars", state_vars_,
                     "with --strict: the variables of the older side");
  command.add_option("--mute", mutes_,
                     "causes that do not count: dbt_macros, "
                     "environment_config, or a kind as in macro, config:meta, "
                     "'macro:macro.dbt_utils.*'");
  unrendered_flag_ = command.add_flag(
      "--compare-more-unrendered-values,"
      "!--no-compare-more-unrendered-values",
      unrendered_,
      "dbt's flag state_modified_compare_more_unrendered_values (default: as "
      "that dbt has it)");
}

v1::ComparisonOptions ComparisonFlags::options() const {
  v1::ComparisonOptions options;
  options.set_strict(strict_);
  options.set_vars(vars_);
  options.set_state_vars(state_vars_);
  options.mutable_mutes()->Add(mutes_.begin(), mutes_.end());
  if (unrendered_flag_ != nullptr && !unrendered_flag_->empty()) {
    options.set_compare_more_unrendered_values(unrendered_);
  }
  return options;
}

}  // namespace doppel::cli
