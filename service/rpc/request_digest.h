// Requests that can be told apart, and repeated: what request_id promises.
//
//   DOPPEL_ASSIGN_OR_RETURN(const bool answered,
//                           Replay(store, "CreateEnvironment", request,
//                                  response));
//   if (answered) return absl::OkStatus();
//   ... fill *response ...
//   return store.CreateEnvironment(
//       record, Remember("CreateEnvironment", request, *response));
//
// Thread contract: pure functions but for the store that they are given.
#ifndef DOPPEL_SERVICE_RPC_REQUEST_DIGEST_H_
#define DOPPEL_SERVICE_RPC_REQUEST_DIGEST_H_

#include <initializer_list>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "service/store/store.h"

namespace doppel::rpc {

// SHA-256 over the message without those fields.
std::string DigestWithout(const google::protobuf::Message& message,
                          std::initializer_list<absl::string_view> fields);

// Answers a request whose request_id was seen before with what was answered
// then: true. False for a new one or one without an id.
// ALREADY_EXISTS REQUEST_ID_REUSED when the id came with another request;
// INVALID_ARGUMENT when it is no UUID.
absl::StatusOr<bool> Replay(store::Store& store, absl::string_view method,
                            const google::protobuf::Message& request,
                            google::protobuf::Message* response);

// The same where the answer is kept as text.
absl::StatusOr<std::optional<std::string>> FindAnswer(
    store::Store& store, absl::string_view method,
    const google::protobuf::Message& request);

// What is to be stored with the effect of the request; none without an id.
std::optional<store::RequestRecord> Remember(
    absl::string_view method, const google::protobuf::Message& request,
    const google::protobuf::Message& response);
std::optional<store::RequestRecord> RememberAnswer(
    absl::string_view method, const google::protobuf::Message& request,
    absl::string_view answer);

}  // namespace doppel::rpc

#endif  // DOPPEL_SERVICE_RPC_REQUEST_DIGEST_H_
