#include "service/warehouse/adbc/database.h"

#include <memory>

#include "absl/memory/memory.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "arrow-adbc/adbc.h"
#include "service/base/status_macros.h"
#include "service/warehouse/adbc/call.h"

namespace doppel::warehouse::adbc {

absl::StatusOr<std::unique_ptr<Database>> Database::Open(
    const Driver* driver, const Options& options) {
  const AdbcDriver& table = driver->table;
  auto database = absl::WrapUnique(new Database(driver));
  Call call(*driver);
  DOPPEL_RETURN_IF_ERROR(
      call.Check(table.DatabaseNew(database->get(), call.error())));
  for (const auto& [key, value] : options) {
    const AdbcStatusCode code = table.DatabaseSetOption(
        database->get(), key.c_str(), value.c_str(), call.error());
    // Without the driver's words: they may quote the value, which may be a
    // secret.
    if (code != ADBC_STATUS_OK) {
      return driver->map_error(
          {code, absl::StrCat("the option \"", key, "\" was not accepted"),
           ""});
    }
  }
  DOPPEL_RETURN_IF_ERROR(
      call.Check(table.DatabaseInit(database->get(), call.error())));
  return database;
}

Database::~Database() {
  if (database_.private_data == nullptr) return;
  Call call(*driver_);
  driver_->table.DatabaseRelease(&database_, call.error());
}

}  // namespace doppel::warehouse::adbc
