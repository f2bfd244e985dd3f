// Which macro builds a node: `materialization_<materialized>_<adapter>`, which
// no depends_on lists.
//
// Rules: dbt 1.12, Manifest.find_materialization_macro_by_name: the nearest
// adapter of the family first, "default" last; among equal ones the root
// project's before another package's before dbt's own.
//
// Thread contract: immutable once made. It keeps views of the manifest, which
// must live as long.
#ifndef DOPPEL_SERVICE_STATE_MATERIALIZATION_H_
#define DOPPEL_SERVICE_STATE_MATERIALIZATION_H_

#include <optional>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "service/manifest/manifest.h"

namespace doppel::state {

class Materializations {
 public:
  explicit Materializations(const manifest::Manifest& manifest);

  // None for a node that is not built, or whose macro is not there.
  std::optional<manifest::MacroId> MacroOf(const manifest::Node& node) const;

 private:
  int PackageRank(absl::string_view package) const;

  const manifest::Manifest* manifest_;
  // "<materialized>_<adapter or default>" -> the macro that wins.
  absl::flat_hash_map<absl::string_view, manifest::MacroId> macros_;
};

}  // namespace doppel::state

#endif  // DOPPEL_SERVICE_STATE_MATERIALIZATION_H_
