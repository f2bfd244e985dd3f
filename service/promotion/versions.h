// A promotion, and its way back, where tables keep their earlier versions
// (Delta Lake): a table gets a new version of itself in one statement, so that
// a reader sees all of the old one or of the new one, and it stays the same
// table, with its history and what is granted on it; the way back restores the
// version before. Views are replaced once all tables are as they will be.
//
// There is no step for several relations: until the last one has changed,
// readers see new ones beside old ones.
//
// Thread contract: pure functions.
#ifndef DOPPEL_SERVICE_PROMOTION_VERSIONS_H_
#define DOPPEL_SERVICE_PROMOTION_VERSIONS_H_

#include "service/promotion/swap.h"

namespace doppel::promotion {

// Tables side by side, then views one after the other, then what is taken away.
// Warnings: DefinitionIsLost, PropertiesChange, WayBackIsShort.
SwapOperations VersionOperations(const Swap& swap);

}  // namespace doppel::promotion

#endif  // DOPPEL_SERVICE_PROMOTION_VERSIONS_H_
