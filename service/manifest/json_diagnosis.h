// Where and why a text is not JSON. simdjson says that something is wrong; this
// says what, at the price of a slow second look.
//
// Thread contract: pure function.
#ifndef DOPPEL_SERVICE_MANIFEST_JSON_DIAGNOSIS_H_
#define DOPPEL_SERVICE_MANIFEST_JSON_DIAGNOSIS_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace doppel::manifest {

struct JsonFault {
  enum class Kind : uint8_t {
    kNone,       // it is JSON
    kBroken,     // something else stands where `expected` should
    kTruncated,  // it ends where `expected` should stand
    kTooDeep,
  };

  Kind kind = Kind::kNone;
  size_t offset = 0;
  std::string expected;  // "a value", "',' or '}'"
  std::string found;     // for kBroken
};

// The first fault of `text`, for which at most `max_depth` objects and arrays
// may stand in each other.
JsonFault DiagnoseJson(absl::string_view text, size_t max_depth);

}  // namespace doppel::manifest

#endif  // DOPPEL_SERVICE_MANIFEST_JSON_DIAGNOSIS_H_
