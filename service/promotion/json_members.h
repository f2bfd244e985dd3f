// An object's text with other values for some of its members.
//
// Thread contract: a pure function.
#ifndef DOPPEL_SERVICE_PROMOTION_JSON_MEMBERS_H_
#define DOPPEL_SERVICE_PROMOTION_JSON_MEMBERS_H_

#include <map>
#include <string>

#include "absl/strings/string_view.h"

namespace doppel::promotion {

// `object` is the text of a JSON object that has been checked; `values` are
// texts of JSON, by their keys as they stand in it. Members that the object
// has not are not added.
std::string WithMembers(absl::string_view object,
                        const std::map<absl::string_view, std::string>& values);

}  // namespace doppel::promotion

#endif  // DOPPEL_SERVICE_PROMOTION_JSON_MEMBERS_H_
