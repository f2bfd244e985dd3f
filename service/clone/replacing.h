// The order in which relations are replaced where views hold their sources: a
// relation cannot go while a view that reads it is still the old one.
//
// Thread contract: pure functions.
#ifndef DOPPEL_SERVICE_CLONE_REPLACING_H_
#define DOPPEL_SERVICE_CLONE_REPLACING_H_

#include <span>

#include "service/clone/plan.h"
#include "service/manifest/manifest.h"

namespace doppel::clone {

// Lets each operation that replaces a relation depend on those that replace the
// views of it, as `manifest` has them, ephemeral nodes between them seen
// through. Needs the operations' ids. Linear in the edges, but for chains of
// ephemeral nodes.
void ReplaceViewsFirst(const manifest::Manifest& manifest,
                       std::span<Operation> operations);

}  // namespace doppel::clone

#endif  // DOPPEL_SERVICE_CLONE_REPLACING_H_
