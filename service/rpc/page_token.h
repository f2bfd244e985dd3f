// The opaque page_token of the List calls: where the next page begins, bound to
// the rest of the request, so that a token of one query is refused by another
// (AIP-158).
//
// Thread contract: pure functions.
#ifndef DOPPEL_SERVICE_RPC_PAGE_TOKEN_H_
#define DOPPEL_SERVICE_RPC_PAGE_TOKEN_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

namespace doppel::rpc {

// The token for `next`; "" for "". `request` is the List request: all its
// fields but page_size and page_token bind the token.
std::string MakePageToken(const google::protobuf::Message& request,
                          absl::string_view next);

// Where the page begins: "" for a request without a token. INVALID_ARGUMENT
// PAGE_TOKEN_INVALID for a token that MakePageToken did not make for it.
absl::StatusOr<std::string> ReadPageToken(
    const google::protobuf::Message& request, absl::string_view token);

// page_size, where 0 stands for `fallback` and more than `most` for `most`.
// INVALID_ARGUMENT for a negative one.
absl::StatusOr<int> PageSize(int page_size, int fallback, int most);

}  // namespace doppel::rpc

#endif  // DOPPEL_SERVICE_RPC_PAGE_TOKEN_H_
