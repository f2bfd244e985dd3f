// Whether the world is still the one that a plan was made for.
//
// Thread contract: pure functions.
#ifndef DOPPEL_SERVICE_CLONE_PRECONDITIONS_H_
#define DOPPEL_SERVICE_CLONE_PRECONDITIONS_H_

#include <span>
#include <string>
#include <vector>

#include "service/base/catalog.h"
#include "service/base/relation.h"
#include "service/clone/plan.h"
#include "service/dialect/dialect.h"

namespace doppel::clone {

struct Violation {
  Precondition precondition;
  std::string found;  // in the words of Precondition::expected
};

// The schemas whose relations the preconditions are about, each once, sorted.
std::vector<SchemaName> SchemasToCheck(const Plan& plan);

// Every precondition that does not hold in a catalog of those schemas and a
// list of which of them exist. Where a precondition names no version, any does.
// Those of environments are not looked at: their
// etags are no matter of the warehouse.
std::vector<Violation> ViolatedPreconditions(
    const Plan& plan, const dialect::Dialect& dialect,
    std::span<const CatalogEntry> catalog,
    std::span<const SchemaName> existing_schemas);

}  // namespace doppel::clone

#endif  // DOPPEL_SERVICE_CLONE_PRECONDITIONS_H_
