#include "service/base/identifier.h"

#include <openssl/rand.h>

#include <algorithm>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "service/base/error.h"

namespace doppel {

std::string NewUuid() {
  unsigned char bytes[16];
  RAND_bytes(bytes, sizeof(bytes));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;  // version 4 (RFC 4122, 4.4)
  bytes[8] = (bytes[8] & 0x3f) | 0x80;  // variant 1
  const std::string hex = absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(bytes), sizeof(bytes)));
  return absl::StrCat(hex.substr(0, 8), "-", hex.substr(8, 4), "-",
                      hex.substr(12, 4), "-", hex.substr(16, 4), "-",
                      hex.substr(20));
}

bool IsUuid(absl::string_view text) {
  if (text.size() != 36) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !absl::ascii_isxdigit(text[i])) return false;
  }
  return true;
}

bool IsResourceId(absl::string_view text) {
  if (text.empty() || text.size() > 63 || !absl::ascii_islower(text[0])) {
    return false;
  }
  return std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-' ||
           c == '_';
  });
}

absl::StatusOr<std::string> ResourceIdOf(absl::string_view collection,
                                         absl::string_view name,
                                         absl::string_view field) {
  absl::string_view id = name;
  const std::string prefix = absl::StrCat(collection, "/");
  if (!absl::ConsumePrefix(&id, prefix) || id.empty() ||
      id.find('/') != absl::string_view::npos) {
    const std::string wanted = absl::StrCat(
        "expected a resource name \"", prefix, "<id>\", got \"", name, "\"");
    return Error(absl::StatusCode::kInvalidArgument, Reason::kInvalidArgument,
                 absl::StrCat(field, ": ", wanted))
        .With("field", field)
        .With("value", name)
        .Field(field, wanted);
  }
  return std::string(id);
}

}  // namespace doppel
