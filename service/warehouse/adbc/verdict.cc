#include "service/warehouse/adbc/verdict.h"

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "service/base/error.h"
#include "service/warehouse/adbc/driver.h"

namespace doppel::warehouse::adbc {

absl::Status Judged(Verdict verdict, absl::string_view warehouse,
                    const DriverError& error) {
  Error judged(
      verdict.code, verdict.reason,
      absl::StrCat(warehouse, ": ", absl::StripAsciiWhitespace(error.message)));
  if (!error.sqlstate.empty()) judged.With("sqlstate", error.sqlstate);
  if (error.vendor_code != 0) judged.With("vendor_code", error.vendor_code);
  return judged;
}

}  // namespace doppel::warehouse::adbc
