// The changes that dbt's state:modified misses, found where a caller asks for
// a strict comparison: why else a node that both manifests have counts as
// modified.
//
//   - its materialization macro, or one that this calls, changed or is another;
//   - it reads a variable of which the two sides have different values;
//   - it is a seed that dbt did not read, since it is too large: that it is
//     the same cannot be shown.
//
// Thread contract: immutable once made. It keeps views of both manifests and
// of the macro changes, which must live as long.
#ifndef DOPPEL_SERVICE_STATE_STRICT_H_
#define DOPPEL_SERVICE_STATE_STRICT_H_

#include <vector>

#include "service/manifest/manifest.h"
#include "service/state/cause.h"
#include "service/state/compare_options.h"
#include "service/state/macros.h"
#include "service/state/materialization.h"
#include "service/state/var_reads.h"

namespace doppel::state {

class StrictRules {
 public:
  StrictRules(const manifest::Manifest& current,
              const manifest::Manifest& older, const MacroChanges& macros,
              const CompareOptions& options);

  std::vector<Cause> Causes(const manifest::Node& older,
                            const manifest::Node& node) const;

 private:
  void AddMaterialization(const manifest::Node& older,
                          const manifest::Node& node,
                          std::vector<Cause>& causes) const;

  const manifest::Manifest* current_;
  const manifest::Manifest* older_;
  const MacroChanges* macros_;
  Materializations materializations_;
  Materializations older_materializations_;
  VarChanges vars_;
};

}  // namespace doppel::state

#endif  // DOPPEL_SERVICE_STATE_STRICT_H_
