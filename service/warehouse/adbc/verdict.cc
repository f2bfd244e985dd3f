#include "service/warehouse/adbc/verdict.h"

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "service/base/error.h"
#include "service/warehouse/adbc/driver.h"

namespace doppel::warehouse::adbc {
namespace {

constexpr absl::string_view kNetworkWords[] = {"dial tcp",
                                               "connection refused",
                                               "connection reset",
                                               "no such host",
                                               "i/o timeout",
                                               "context deadline exceeded",
                                               "EOF",
                                               "TLS handshake",
                                               "tls: ",
                                               "x509: ",
                                               "broken pipe",
                                               "proxyconnect",
                                               "Client.Timeout",
                                               "network is unreachable",
                                               "HTTP Status: "};

}  // namespace

bool IsOfGosNetwork(absl::string_view message) {
  for (const absl::string_view words : kNetworkWords) {
    if (absl::StrContains(message, words)) return true;
  }
  return false;
}

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
