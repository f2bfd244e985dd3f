// Whether a target that is there is still what doppel made of its source.
//
// Thread contract: pure functions.
#ifndef DOPPEL_SERVICE_CLONE_RECONCILING_H_
#define DOPPEL_SERVICE_CLONE_RECONCILING_H_

#include "service/base/catalog.h"
#include "service/base/relation.h"
#include "service/clone/decision.h"
#include "service/clone/planner.h"
#include "service/dialect/dialect.h"

namespace doppel::clone {

struct Reconciling {
  const dialect::Dialect& dialect;
  const LedgerFact* fact;  // of the target; nullptr: doppel did not make it
  RelationName source_key;
  const CatalogEntry& source;
  const CatalogEntry& target;
  NoZeroCopy on_no_zero_copy;
  bool has_as_of;  // tables are cloned as they were at one time
  bool overwrite_changed = false;
};

// kDrifted where the target is to be made anew; else a skip. What somebody
// changed since doppel made it is made anew only where `overwrite_changed`.
Decision Reconcile(const Reconciling& reconciling);

}  // namespace doppel::clone

#endif  // DOPPEL_SERVICE_CLONE_RECONCILING_H_
