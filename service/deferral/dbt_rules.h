// Which of dbt's rules of deferral are followed: those of the dbt version that
// the caller names.
#ifndef DOPPEL_SERVICE_DEFERRAL_DBT_RULES_H_
#define DOPPEL_SERVICE_DEFERRAL_DBT_RULES_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace doppel::deferral {

// dbt's newest, unless said otherwise.
struct DbtRules {
  std::string version = "1.12";  // "<major>.<minor>"

  // Up to 1.7: unselected nodes are replaced by the state's before anything
  // runs. From 1.8: each ref() is resolved as it is rendered.
  bool replaces_nodes = false;
  // From 0.19: the target's own relation wins where it exists.
  bool checks_existence = true;
  // From 1.4.
  bool has_favor_state = true;
  // In 1.8 alone: the project's quoting counts for sources.
  bool quotes_sources_as_project = false;
  // From 1.11.8.
  bool defers_functions = true;
  // From 1.12. Before, dbt forgets the alias of a function that it defers.
  bool knows_function_aliases = true;
  // Foreign keys: from 1.11, to whatever has a counterpart, whether it exists
  // in the target or not. From 1.12 not to what this run selects.
  bool defers_foreign_keys = true;
  bool keeps_keys_to_selected = true;
};

// The rules of a version such as "1.7", "1.12.6", "1.8.0b2" or "2.0.0"; ""
// stands for the newest. A version without its patch stands for the last patch.
// INVALID_ARGUMENT INVALID_ARGUMENT for text of another form and for versions
// before 0.18, which had no deferral.
absl::StatusOr<DbtRules> RulesOf(absl::string_view version);

}  // namespace doppel::deferral

#endif  // DOPPEL_SERVICE_DEFERRAL_DBT_RULES_H_
