// What becomes of one relation of the ledger.
//
// Thread contract: pure functions.
#ifndef DOPPEL_SERVICE_CLEANUP_VERDICT_H_
#define DOPPEL_SERVICE_CLEANUP_VERDICT_H_

#include <string>

#include "service/base/catalog.h"
#include "service/cleanup/cleanup.h"
#include "service/clone/plan.h"

namespace doppel::cleanup {

// kExpired: it is dropped. Any other reason: it is left.
struct Verdict {
  clone::OperationReason reason = clone::OperationReason::kExpired;
  std::string explanation;
};

// From the ledger and from what stands there (nullptr: nothing).
Verdict Judge(const Owned& owned, const std::string& rendered,
              const CatalogEntry* found);

}  // namespace doppel::cleanup

#endif  // DOPPEL_SERVICE_CLEANUP_VERDICT_H_
