// Which names a relation can have, and where it can be made.
//
// Thread contract: pure functions.
#ifndef DOPPEL_SERVICE_CLONE_REACH_H_
#define DOPPEL_SERVICE_CLONE_REACH_H_

#include <string>

#include "absl/strings/string_view.h"
#include "service/base/relation.h"
#include "service/dialect/dialect.h"

namespace doppel::clone {

// Why the warehouse can have no relation of that name; "" where it can.
std::string WhyNoName(const dialect::Dialect& dialect,
                      const RelationName& name);

// Why a connection to `database` cannot make a relation of that name; "" where
// it can. `database`: "" where it is not known.
std::string WhyOutOfReach(const dialect::Dialect& dialect,
                          const RelationName& name,
                          const dialect::Quoting& quoting,
                          absl::string_view database);

}  // namespace doppel::clone

#endif  // DOPPEL_SERVICE_CLONE_REACH_H_
