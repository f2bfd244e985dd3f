#include "service/warehouse/adbc/call.h"

#include <cerrno>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "arrow-adbc/adbc.h"
#include "service/warehouse/adbc/driver.h"

namespace doppel::warehouse::adbc {
namespace {

// A driver that has no such state leaves zeros.
std::string SqlState(const AdbcError& error) {
  if (error.sqlstate[0] == '\0') return "";
  return std::string(error.sqlstate, sizeof(error.sqlstate));
}

// A driver that gives details of ADBC 1.1 says so in the number's place.
int32_t VendorCode(const AdbcError& error) {
  return error.vendor_code == ADBC_ERROR_VENDOR_CODE_PRIVATE_DATA
             ? 0
             : error.vendor_code;
}

DriverError Read(AdbcStatusCode code, const AdbcError& error) {
  return {code,
          error.message == nullptr ? absl::StrCat("ADBC status ", code)
                                   : error.message,
          SqlState(error), VendorCode(error)};
}

}  // namespace

Call::Call(const Driver& driver) : driver_(driver), error_(ADBC_ERROR_INIT) {
  // The driver asks for it where it gives details of ADBC 1.1.
  error_.private_driver = const_cast<AdbcDriver*>(&driver.table);
}

Call::~Call() {
  if (error_.release != nullptr) error_.release(&error_);
}

absl::Status Call::Check(AdbcStatusCode code) {
  if (code == ADBC_STATUS_OK) return absl::OkStatus();
  return driver_.map_error(Read(code, error_));
}

absl::Status CheckStream(const Driver& driver, ArrowArrayStream* stream,
                         int code) {
  if (code == 0) return absl::OkStatus();
  if (driver.table.ErrorFromArrayStream != nullptr) {
    AdbcStatusCode status = ADBC_STATUS_UNKNOWN;
    const AdbcError* const error =
        driver.table.ErrorFromArrayStream(stream, &status);
    if (error != nullptr) return driver.map_error(Read(status, *error));
  }
  const char* const why = stream->get_last_error(stream);
  return driver.map_error(
      {code == ECANCELED ? AdbcStatusCode{ADBC_STATUS_CANCELLED}
                         : AdbcStatusCode{ADBC_STATUS_UNKNOWN},
       why == nullptr ? absl::StrCat("errno ", code) : why, ""});
}

}  // namespace doppel::warehouse::adbc
