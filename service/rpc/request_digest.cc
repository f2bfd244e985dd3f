#include "service/rpc/request_digest.h"

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/message.h"
#include "service/base/digest.h"
#include "service/base/error.h"
#include "service/base/identifier.h"
#include "service/base/status_macros.h"
#include "service/store/store.h"

namespace doppel::rpc {
namespace {

// Deterministic within one build, which is all that is asked: a record lives
// for a day, and a new build that differs refuses the repeat instead of
// answering wrongly.
std::string Serialize(const google::protobuf::Message& message) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  message.SerializeToCodedStream(&coded);
  coded.Trim();
  return bytes;
}

std::string RequestIdOf(const google::protobuf::Message& request) {
  const google::protobuf::FieldDescriptor* const field =
      request.GetDescriptor()->FindFieldByName("request_id");
  return field == nullptr ? ""
                          : request.GetReflection()->GetString(request, field);
}

}  // namespace

std::string DigestWithout(const google::protobuf::Message& message,
                          std::initializer_list<absl::string_view> fields) {
  const std::unique_ptr<google::protobuf::Message> copy(message.New());
  copy->CopyFrom(message);
  for (const absl::string_view name : fields) {
    const google::protobuf::FieldDescriptor* const field =
        copy->GetDescriptor()->FindFieldByName(std::string(name));
    if (field != nullptr) copy->GetReflection()->ClearField(copy.get(), field);
  }
  return Sha256Hex(absl::StrCat(message.GetTypeName(), "\n", Serialize(*copy)));
}

absl::StatusOr<std::optional<std::string>> FindAnswer(
    store::Store& store, absl::string_view method,
    const google::protobuf::Message& request) {
  const std::string id = RequestIdOf(request);
  if (id.empty()) return std::nullopt;
  if (!IsUuid(id)) {
    return Error(absl::StatusCode::kInvalidArgument, Reason::kInvalidArgument,
                 absl::StrCat("request_id: expected a UUID, got \"", id, "\""))
        .With("request_id", id)
        .Field("request_id", "expected a UUID");
  }
  DOPPEL_ASSIGN_OR_RETURN(const std::optional<store::RequestRecord> found,
                          store.FindRequest(id));
  if (!found.has_value()) return std::nullopt;
  if (found->method != method ||
      found->digest != DigestWithout(request, {"request_id"})) {
    return Error(
               absl::StatusCode::kAlreadyExists, Reason::kRequestIdReused,
               absl::StrCat("request_id ", id, " was used before, by another ",
                            found->method, "; give each request its own"))
        .With("request_id", id)
        .With("method", found->method);
  }
  return found->response;
}

absl::StatusOr<bool> Replay(store::Store& store, absl::string_view method,
                            const google::protobuf::Message& request,
                            google::protobuf::Message* response) {
  DOPPEL_ASSIGN_OR_RETURN(const std::optional<std::string> answer,
                          FindAnswer(store, method, request));
  if (!answer.has_value()) return false;
  DOPPEL_RET_CHECK(response->ParseFromString(*answer));
  return true;
}

std::optional<store::RequestRecord> RememberAnswer(
    absl::string_view method, const google::protobuf::Message& request,
    absl::string_view answer) {
  const std::string id = RequestIdOf(request);
  if (id.empty()) return std::nullopt;
  return store::RequestRecord{id, std::string(method),
                              DigestWithout(request, {"request_id"}),
                              std::string(answer)};
}

std::optional<store::RequestRecord> Remember(
    absl::string_view method, const google::protobuf::Message& request,
    const google::protobuf::Message& response) {
  return RememberAnswer(method, request, response.SerializeAsString());
}

}  // namespace doppel::rpc
