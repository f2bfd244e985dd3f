// What a driver's error means to doppel: the few answers that Session
// documents.
//
// Thread contract: constants, and functions of their arguments alone.
#ifndef DOPPEL_SERVICE_WAREHOUSE_ADBC_VERDICT_H_
#define DOPPEL_SERVICE_WAREHOUSE_ADBC_VERDICT_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "service/base/reason.h"
#include "service/warehouse/adbc/driver.h"

namespace doppel::warehouse::adbc {

struct Verdict {
  absl::StatusCode code;
  Reason reason;
};

inline constexpr Verdict kCancelled = {absl::StatusCode::kCancelled,
                                       Reason::kCancelled};
inline constexpr Verdict kBusy = {absl::StatusCode::kUnavailable,
                                  Reason::kWarehouseBusy};
inline constexpr Verdict kUnreachable = {absl::StatusCode::kUnavailable,
                                         Reason::kWarehouseUnreachable};
inline constexpr Verdict kUnauthenticated = {
    absl::StatusCode::kFailedPrecondition,
    Reason::kWarehouseAuthenticationFailed};
inline constexpr Verdict kDenied = {absl::StatusCode::kFailedPrecondition,
                                    Reason::kWarehousePermissionDenied};
inline constexpr Verdict kFailed = {absl::StatusCode::kFailedPrecondition,
                                    Reason::kWarehouseStatementFailed};

// "<warehouse>: <the driver's words>", with "sqlstate" and "vendor_code" in the
// metadata where the driver gives them.
absl::Status Judged(Verdict verdict, absl::string_view warehouse,
                    const DriverError& error);

// Whether these are the words of Go's network library: a driver that is written
// in Go could not reach its server.
bool IsOfGosNetwork(absl::string_view message);

}  // namespace doppel::warehouse::adbc

#endif  // DOPPEL_SERVICE_WAREHOUSE_ADBC_VERDICT_H_
