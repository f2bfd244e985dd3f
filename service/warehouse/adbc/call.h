// One call into a driver, with the error that it may leave behind.
//
//   Call call(*driver);
//   DOPPEL_RETURN_IF_ERROR(
//       call.Check(driver->table.ConnectionNew(&connection, call.error())));
//
// Thread contract: thread-compatible.
#ifndef DOPPEL_SERVICE_WAREHOUSE_ADBC_CALL_H_
#define DOPPEL_SERVICE_WAREHOUSE_ADBC_CALL_H_

#include "absl/status/status.h"
#include "arrow-adbc/adbc.h"
#include "service/warehouse/adbc/driver.h"

namespace doppel::warehouse::adbc {

class Call {
 public:
  explicit Call(const Driver& driver);
  ~Call();
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  AdbcError* error() { return &error_; }

  // What the call came to, by the driver's own mapping.
  absl::Status Check(AdbcStatusCode code);

 private:
  const Driver& driver_;
  AdbcError error_;
};

// The same for a stream of results, which fails with a number of errno's and
// keeps its message to itself.
absl::Status CheckStream(const Driver& driver, ArrowArrayStream* stream,
                         int code);

}  // namespace doppel::warehouse::adbc

#endif  // DOPPEL_SERVICE_WAREHOUSE_ADBC_CALL_H_
