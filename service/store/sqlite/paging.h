// Lists in pages: what the tables share.
#ifndef DOPPEL_SERVICE_STORE_SQLITE_PAGING_H_
#define DOPPEL_SERVICE_STORE_SQLITE_PAGING_H_

#include <cstdint>
#include <limits>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "service/base/error.h"
#include "service/base/status_macros.h"
#include "service/store/sqlite/database.h"
#include "service/store/store.h"

namespace doppel::store {

// The number that a list from the newest begins at. INVALID_ARGUMENT
// PAGE_TOKEN_INVALID.
inline absl::StatusOr<int64_t> FirstNumber(absl::string_view from) {
  if (from.empty()) return std::numeric_limits<int64_t>::max();
  int64_t number = 0;
  if (absl::SimpleAtoi(from, &number)) return number;
  return Error(absl::StatusCode::kInvalidArgument, Reason::kPageTokenInvalid,
               absl::StrCat("the list has no place \"", from,
                            "\"; begin with the first page"))
      .With("page_token", from);
}

// Reads a page of a query that was limited to page_size + 1 rows. `read` makes
// an item of the row, `key` is the column of what `from` means.
template <typename T, typename Read>
absl::StatusOr<Page<T>> ReadPage(Statement& query, int page_size, int key,
                                 Read read) {
  Page<T> page;
  while (true) {
    DOPPEL_ASSIGN_OR_RETURN(const bool more, query.Step());
    if (!more) return page;
    if (static_cast<int>(page.items.size()) == page_size) {
      page.next = query.Text(key);
      return page;
    }
    page.items.push_back(read(query));
  }
}

// NOT_FOUND: there is no <type> of that id.
inline Error NotFound(Reason reason, absl::string_view type,
                      absl::string_view id) {
  return Error(absl::StatusCode::kNotFound, reason,
               absl::StrCat("there is no ", type, " \"", id, "\""))
      .With(type, id)
      .Resource(type, absl::StrCat(type, "s/", id));
}

}  // namespace doppel::store

#endif  // DOPPEL_SERVICE_STORE_SQLITE_PAGING_H_
