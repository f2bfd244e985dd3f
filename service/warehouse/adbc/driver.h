// An ADBC driver: a shared library that is found, loaded and asked for its
// table of functions.
//
// Thread contract: immutable; a driver may be used from any thread as far as
// ADBC allows (a database and a connection's cancel from several, the rest one
// at a time). A driver stays loaded until the program ends: libraries with
// threads of their own do not survive dlclose().
#ifndef DOPPEL_SERVICE_WAREHOUSE_ADBC_DRIVER_H_
#define DOPPEL_SERVICE_WAREHOUSE_ADBC_DRIVER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "arrow-adbc/adbc.h"

namespace doppel::warehouse::adbc {

// What a driver said of a failure, before anyone judges it.
struct DriverError {
  AdbcStatusCode code = ADBC_STATUS_UNKNOWN;
  std::string message;
  std::string sqlstate;     // five characters, or ""
  int32_t vendor_code = 0;  // the warehouse's own number; 0: it gives none
};

// One driver's way to say what happened, as doppel's status. A driver's codes
// are not portable, so each warehouse brings its own.
using ErrorMapper = absl::Status (*)(const DriverError& error);

struct Driver {
  AdbcDriver table;
  ErrorMapper map_error = nullptr;
};

struct DriverOptions {
  std::string library;      // "libduckdb.so"
  std::string entry_point;  // "duckdb_adbc_init"
  std::string directory;    // looked at instead of the default folders
  ErrorMapper map_error = nullptr;
  // Its function that takes whether to handle signals, where the library would
  // take those of crashes for itself; "" for none.
  std::string signals_switch = {};
};

// The folders in which a driver is looked for, in order: `directory` alone; or
// $DOPPEL_DRIVERS, then "drivers" in the folder that tools/setup fills.
std::vector<std::string> DriverFolders(absl::string_view directory);

// The path of the library, without loading it. FAILED_PRECONDITION
// WAREHOUSE_DRIVER_MISSING: says where it looked.
absl::StatusOr<std::string> FindDriver(absl::string_view library,
                                       absl::string_view directory);

// The driver, loaded once for each path. FAILED_PRECONDITION
// WAREHOUSE_DRIVER_MISSING: not there, or not such a driver.
absl::StatusOr<const Driver*> LoadDriver(const DriverOptions& options);

}  // namespace doppel::warehouse::adbc

#endif  // DOPPEL_SERVICE_WAREHOUSE_ADBC_DRIVER_H_
