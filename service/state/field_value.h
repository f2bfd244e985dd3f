// A node's field as dbt compares it, read from the source bytes.
//
// dbt reads a field into a dataclass first: a member that is null and one that
// a later dbt has added and an older one never wrote are the same, and of some
// fields it compares a part only.
//
// Thread contract: a pure function.
#ifndef DOPPEL_SERVICE_STATE_FIELD_VALUE_H_
#define DOPPEL_SERVICE_STATE_FIELD_VALUE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "service/manifest/manifest.h"

namespace doppel::state {

// Compact JSON with sorted keys, equal for what dbt holds for equal; "null"
// where the node has no such field.
std::string ComparedFieldValue(const manifest::Manifest& manifest,
                               const manifest::Node& node,
                               absl::string_view field);

}  // namespace doppel::state

#endif  // DOPPEL_SERVICE_STATE_FIELD_VALUE_H_
