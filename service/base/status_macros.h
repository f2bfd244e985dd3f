// Early return on a failed absl::Status, as DOPPEL_RETURN_IF_ERROR and
// DOPPEL_ASSIGN_OR_RETURN; and DOPPEL_RET_CHECK for an invariant of doppel's
// own, which answers INTERNAL with its place instead of ending the server.
//
// absl 20220623 has no such macros; these are the three that are needed.
#ifndef DOPPEL_SERVICE_BASE_STATUS_MACROS_H_
#define DOPPEL_SERVICE_BASE_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

#define DOPPEL_STATUS_CONCAT_INNER(a, b) a##b
#define DOPPEL_STATUS_CONCAT(a, b) DOPPEL_STATUS_CONCAT_INNER(a, b)

#define DOPPEL_RETURN_IF_ERROR(expr)                                \
  do {                                                              \
    if (absl::Status doppel_status = (expr); !doppel_status.ok()) { \
      return doppel_status;                                         \
    }                                                               \
  } while (false)

#define DOPPEL_ASSIGN_OR_RETURN(lhs, expr) \
  DOPPEL_ASSIGN_OR_RETURN_INNER(           \
      DOPPEL_STATUS_CONCAT(doppel_statusor_, __LINE__), lhs, expr)

#define DOPPEL_ASSIGN_OR_RETURN_INNER(statusor, lhs, expr) \
  auto statusor = (expr);                                  \
  if (!statusor.ok()) return std::move(statusor).status(); \
  lhs = *std::move(statusor)

#define DOPPEL_RET_CHECK(condition)            \
  while (!(condition))                         \
  return ::absl::InternalError(::absl::StrCat( \
      "invariant broken: ", #condition, " at ", __FILE__, ":", __LINE__))

#endif  // DOPPEL_SERVICE_BASE_STATUS_MACROS_H_
