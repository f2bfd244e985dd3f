// What the ledger gains and loses by an operation that took effect.
//
// Thread contract: immutable once made.
#ifndef DOPPEL_SERVICE_EXECUTION_OWNERSHIP_H_
#define DOPPEL_SERVICE_EXECUTION_OWNERSHIP_H_

#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "service/base/relation.h"
#include "service/clone/plan.h"
#include "service/execution/journal.h"

namespace doppel::execution {

class Ownership {
 public:
  // `plan` outlives it.
  Ownership(const clone::Plan* plan, absl::string_view execution);

  // Relations and schemas that the operation made are owned from now on, those
  // that it dropped are not any more.
  void Record(const clone::Operation& operation, absl::Time now,
              Journal::Entry* entry) const;

 private:
  const clone::Plan& plan_;
  const std::string execution_;
  absl::flat_hash_map<RelationName, std::string> source_versions_;
};

}  // namespace doppel::execution

#endif  // DOPPEL_SERVICE_EXECUTION_OWNERSHIP_H_
