#include "service/rpc/page_token.h"

#include <algorithm>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "service/base/error.h"
#include "service/rpc/request_digest.h"

namespace doppel::rpc {
namespace {

constexpr size_t kBindingSize = 16;  // hexadecimal digits

std::string BindingOf(const google::protobuf::Message& request) {
  return DigestWithout(request, {"page_size", "page_token"})
      .substr(0, kBindingSize);
}

}  // namespace

std::string MakePageToken(const google::protobuf::Message& request,
                          absl::string_view next) {
  if (next.empty()) return "";
  return absl::WebSafeBase64Escape(absl::StrCat(BindingOf(request), next));
}

absl::StatusOr<std::string> ReadPageToken(
    const google::protobuf::Message& request, absl::string_view token) {
  if (token.empty()) return std::string();
  std::string text;
  if (!absl::WebSafeBase64Unescape(token, &text) ||
      text.size() <= kBindingSize ||
      text.substr(0, kBindingSize) != BindingOf(request)) {
    const char* const message =
        "page_token was not given by this call with these fields; begin with "
        "the first page";
    return Error(absl::StatusCode::kInvalidArgument, Reason::kPageTokenInvalid,
                 message)
        .Field("page_token", message);
  }
  return text.substr(kBindingSize);
}

absl::StatusOr<int> PageSize(int page_size, int fallback, int most) {
  if (page_size < 0) {
    return Error(
               absl::StatusCode::kInvalidArgument, Reason::kInvalidArgument,
               absl::StrCat("page_size: must not be negative, got ", page_size))
        .With("page_size", page_size)
        .Field("page_size", "must not be negative");
  }
  return page_size == 0 ? fallback : std::min(page_size, most);
}

}  // namespace doppel::rpc
