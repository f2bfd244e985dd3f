// Text as a JSON string.
#ifndef DOPPEL_SERVICE_BASE_JSON_STRING_H_
#define DOPPEL_SERVICE_BASE_JSON_STRING_H_

#include <string>

#include "absl/strings/string_view.h"

namespace doppel {

// `text` as a JSON string with its quotes. Bytes that are not UTF-8 are
// replaced.
std::string JsonString(absl::string_view text);

}  // namespace doppel

#endif  // DOPPEL_SERVICE_BASE_JSON_STRING_H_
