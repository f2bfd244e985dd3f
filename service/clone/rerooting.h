// Queries that read other relations than they were written for.
//
// Thread contract: pure functions.
#ifndef DOPPEL_SERVICE_CLONE_REROOTING_H_
#define DOPPEL_SERVICE_CLONE_REROOTING_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "service/dialect/sql_text.h"

namespace doppel::clone {

// A relation's name as the query writes it, and the one that it is to read.
struct Reroute {
  std::string from;
  std::string to;
};

// Where a name stands in a query.
enum class Mention : uint8_t {
  kNone,
  kString,   // in strings, and maybe in comments
  kComment,  // in comments alone
  kCode,
};

struct Rerouted {
  std::string query;
  std::vector<Mention> mentions;  // of each `from`
};

// The query with each `from` that its code holds replaced: as whole names,
// letter by letter, outside of strings and comments.
Rerouted Reroot(absl::string_view query, std::span<const Reroute> routes,
                const dialect::Lexis& lexis);

}  // namespace doppel::clone

#endif  // DOPPEL_SERVICE_CLONE_REROOTING_H_
