// What a dialect can clone, for those who show it: an example instead of a
// grammar.
//
// Thread contract: pure functions.
#ifndef DOPPEL_SERVICE_DIALECT_CAPABILITY_H_
#define DOPPEL_SERVICE_DIALECT_CAPABILITY_H_

#include <string>
#include <vector>

#include "service/base/relation.h"
#include "service/dialect/dialect.h"

namespace doppel::dialect {

// The kinds of relation that can be cloned zero-copy, where their config does
// not stand against it.
std::vector<RelationKind> CloneableKinds(const Dialect& dialect);

// The statement that clones "prod.orders" to "dev.orders", as a project that
// says nothing of quoting has it; "" where there is none.
std::string CloneExample(const Dialect& dialect);

}  // namespace doppel::dialect

#endif  // DOPPEL_SERVICE_DIALECT_CAPABILITY_H_
