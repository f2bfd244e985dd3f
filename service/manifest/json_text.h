// Strings as they stand in JSON text, and places in it.
//
// simdjson has checked the text when these are called: it is UTF-8, each
// string ends, and no raw control character is in one.
//
// Thread contract: pure functions; Unescaper is thread-compatible.
#ifndef DOPPEL_SERVICE_MANIFEST_JSON_TEXT_H_
#define DOPPEL_SERVICE_MANIFEST_JSON_TEXT_H_

#include <cstddef>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"

namespace doppel::manifest {

// Undoes escapes.
class Unescaper {
 public:
  // The text of a JSON string whose bytes between the quotes are `raw`; none
  // where an escape is not one. A lone half of a surrogate pair, which Python
  // lets pass, is U+FFFD. Valid until the next call, or as long as `raw`.
  std::optional<absl::string_view> Unescape(absl::string_view raw);

 private:
  std::vector<char> buffer_;
};

// Line and column, from 1; columns count code points.
struct LineColumn {
  size_t line = 1;
  size_t column = 1;
};
LineColumn LocateOffset(absl::string_view text, size_t offset);

// Whether dbt's `raw_code.strip()` would leave nothing.
bool IsBlank(absl::string_view text);

}  // namespace doppel::manifest

#endif  // DOPPEL_SERVICE_MANIFEST_JSON_TEXT_H_
