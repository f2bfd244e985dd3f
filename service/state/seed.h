// What dbt warns of when it compares a seed that is too large to be read: it
// knows such a file by its path alone.
//
// Rules and texts: dbt 1.12, SeedNode.same_seeds and events/types.py.
//
// Thread contract: a pure function.
#ifndef DOPPEL_SERVICE_STATE_SEED_H_
#define DOPPEL_SERVICE_STATE_SEED_H_

#include <optional>

#include "service/manifest/node.h"
#include "service/state/cause.h"

namespace doppel::state {

std::optional<Warning> SeedWarning(const manifest::Node& older,
                                   const manifest::Node& current);

}  // namespace doppel::state

#endif  // DOPPEL_SERVICE_STATE_SEED_H_
