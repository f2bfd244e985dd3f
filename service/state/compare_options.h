// How two manifests are compared. The defaults give dbt's own answer.
#ifndef DOPPEL_SERVICE_STATE_COMPARE_OPTIONS_H_
#define DOPPEL_SERVICE_STATE_COMPARE_OPTIONS_H_

#include <map>
#include <string>

#include "absl/time/time.h"
#include "service/state/mutes.h"

namespace doppel::state {

// What dbt's --vars holds: name -> the value in one fixed spelling.
using Vars = std::map<std::string, std::string>;

struct CompareOptions {
  // dbt's flag state_modified_compare_more_unrendered_values (default true
  // from dbt 1.12): compare sources by unrendered database and schema.
  bool compare_more_unrendered_values = true;
  // The dbt whose answer is wanted, "1.11" or "1.11.3". With the flag on, dbt
  // reads the config() calls of a manifest that another dbt has written anew
  // (dbt 1.12, upgrade_manifest_dbt_version.py).
  std::string dbt_version = "1.12.6";
  // The time by which a deprecation date has passed: a contracted model that
  // is removed after its date breaks no promise.
  absl::Time now = absl::InfinitePast();

  // Count as modified what dbt misses, too: new sources, exposures, metrics,
  // semantic models and saved queries; seeds that are too large for dbt to
  // read; nodes whose materialization macro changed; and nodes that read a
  // variable of which the two sides below have different values.
  bool strict = false;
  Vars older_vars;
  Vars current_vars;

  // Causes that do not count.
  Mutes mutes;

  friend bool operator==(const CompareOptions&,
                         const CompareOptions&) = default;
};

}  // namespace doppel::state

#endif  // DOPPEL_SERVICE_STATE_COMPARE_OPTIONS_H_
