// Statements that a swap consists of, beside those that a dialect gives whole.
//
// Thread contract: pure functions.
#ifndef DOPPEL_SERVICE_PROMOTION_STATEMENTS_H_
#define DOPPEL_SERVICE_PROMOTION_STATEMENTS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "service/base/relation.h"
#include "service/base/relation_details.h"
#include "service/clone/plan.h"
#include "service/dialect/dialect.h"
#include "service/promotion/swap.h"

namespace doppel::promotion {

// Catalogs spell names as they are.
inline constexpr dialect::Quoting kAsSpelled = {true, true, true};

// Operations that make the schemas that are missing; ids from 1.
std::vector<clone::Operation> MakeSchemas(const Swap& swap);

// What the definition says once all is in its place.
std::string Rerooted(const Swap& swap, absl::string_view definition);

// `verb` is "create" or "create or replace".
std::string CreateView(const dialect::Dialect& dialect, absl::string_view verb,
                       const RelationName& name, absl::string_view definition);

// A copy of the source in the place, with what hangs on it. None where it
// cannot be copied.
std::vector<std::string> CopyToPlace(const Swap& swap,
                                     const Exchange& exchange);

// The comments and the rights of what stood there that the new one lacks.
struct Carried {
  std::vector<std::string> given;       // statements that give it them
  std::vector<std::string> taken_back;  // and those that take them again
  // For people: what it does not get.
  std::vector<std::string> lost;
};

// For when the source is in its place.
Carried CarryOver(const dialect::Dialect& dialect, const Exchange& exchange);

// What must go before a relation can be renamed.
std::vector<std::string> DropIndexes(const dialect::Dialect& dialect,
                                     const RelationDetails& details);

}  // namespace doppel::promotion

#endif  // DOPPEL_SERVICE_PROMOTION_STATEMENTS_H_
