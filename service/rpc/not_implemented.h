// The answer of a call that is part of the contract and not of this server yet.
#ifndef DOPPEL_SERVICE_RPC_NOT_IMPLEMENTED_H_
#define DOPPEL_SERVICE_RPC_NOT_IMPLEMENTED_H_

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "service/base/error.h"

namespace doppel::rpc {

inline absl::Status NotImplemented(absl::string_view call) {
  return Error(absl::StatusCode::kUnimplemented, Reason::kNotImplemented,
               absl::StrCat(call, " is not implemented by this server"))
      .With("call", call);
}

}  // namespace doppel::rpc

#endif  // DOPPEL_SERVICE_RPC_NOT_IMPLEMENTED_H_
