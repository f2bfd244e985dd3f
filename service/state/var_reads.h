// Which nodes read a variable (dbt's var()) of which the two sides of a
// comparison have different values. dbt compares no values of variables.
//
// A node reads one in its code, its config, a test's arguments, a source's
// database or schema, or through the macros that it calls.
//
// Thread contract: immutable once made. It keeps a view of the manifest, which
// must live as long.
#ifndef DOPPEL_SERVICE_STATE_VAR_READS_H_
#define DOPPEL_SERVICE_STATE_VAR_READS_H_

#include <set>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "service/manifest/manifest.h"
#include "service/state/cause.h"
#include "service/state/compare_options.h"
#include "service/state/macro_reach.h"

namespace doppel::state {

// The names of the variables that a template reads; "" for one whose name is
// computed. Anything else than Jinja reads none.
std::set<std::string> VarsRead(absl::string_view template_);

class VarChanges {
 public:
  VarChanges(const manifest::Manifest& current, const Vars& older_vars,
             const Vars& current_vars);

  // A cause of kind kVar for each variable that differs and that the node
  // reads, sorted by name; for one read through macros with the way there.
  // A variable whose name is computed may be any, so it counts.
  std::vector<Cause> Causes(const manifest::Node& node) const;

 private:
  struct Changed {
    std::string name;    // "" stands for one whose name is computed
    std::string detail;  // "1 -> 2"
    MacroReach readers;
  };

  const manifest::Manifest* current_;
  std::vector<Changed> changed_;
};

}  // namespace doppel::state

#endif  // DOPPEL_SERVICE_STATE_VAR_READS_H_
