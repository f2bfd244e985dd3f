// A page of a list that is computed whole: which part of it, and the token of
// the next.
#ifndef DOPPEL_SERVICE_RPC_SLICE_H_
#define DOPPEL_SERVICE_RPC_SLICE_H_

#include <algorithm>
#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "service/base/status_macros.h"
#include "service/rpc/page_token.h"

namespace doppel::rpc {

struct Slice {
  size_t begin = 0;
  size_t end = 0;
  std::string next_page_token;
};

// The part of `total` items that the request's page_size and page_token ask
// for. Errors: those of PageSize and ReadPageToken.
template <typename Request>
absl::StatusOr<Slice> SliceOf(const Request& request, size_t total,
                              int fallback, int most) {
  DOPPEL_ASSIGN_OR_RETURN(const int size,
                          PageSize(request.page_size(), fallback, most));
  DOPPEL_ASSIGN_OR_RETURN(const std::string from,
                          ReadPageToken(request, request.page_token()));
  Slice slice;
  if (!from.empty() && !absl::SimpleAtoi(from, &slice.begin)) slice.begin = 0;
  slice.begin = std::min(slice.begin, total);
  slice.end = std::min(total, slice.begin + static_cast<size_t>(size));
  if (slice.end < total) {
    slice.next_page_token = MakePageToken(request, absl::StrCat(slice.end));
  }
  return slice;
}

}  // namespace doppel::rpc

#endif  // DOPPEL_SERVICE_RPC_SLICE_H_
