// Identifiers that doppel hands out and resource names that it accepts.
#ifndef DOPPEL_SERVICE_BASE_IDENTIFIER_H_
#define DOPPEL_SERVICE_BASE_IDENTIFIER_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace doppel {

// A random version 4 UUID, such as "9f1c2f0e-0e5f-4a57-8a55-5c0f3a1d2b44".
std::string NewUuid();

// True for the text form of any UUID (8-4-4-4-12 hexadecimal digits).
bool IsUuid(absl::string_view text);

// True for an identifier that a client may choose (an environment's): 1 to 63
// of a-z, 0-9, '-' and '_', beginning with a letter.
bool IsResourceId(absl::string_view text);

// The identifier of the resource name "<collection>/<id>": ResourceIdOf(
// "environments", "environments/prod") is "prod". INVALID_ARGUMENT, naming
// `field`, for any other form.
absl::StatusOr<std::string> ResourceIdOf(absl::string_view collection,
                                         absl::string_view name,
                                         absl::string_view field);

}  // namespace doppel

#endif  // DOPPEL_SERVICE_BASE_IDENTIFIER_H_
