// A private key as a profile writes it -> as drivers take it.
//
// Rule: dbt-snowflake 1.12, auth.py: PEM of any kind, or base64 of DER; with a
// passphrase or without.
//
// Thread contract: a function of its arguments alone.
#ifndef DOPPEL_SERVICE_WAREHOUSE_SNOWFLAKE_PRIVATE_KEY_H_
#define DOPPEL_SERVICE_WAREHOUSE_SNOWFLAKE_PRIVATE_KEY_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace doppel::warehouse::snowflake {

// The same RSA key as PEM of PKCS #8 without a passphrase. None where the text
// is no such key, or the passphrase does not open it.
std::optional<std::string> ToPkcs8Pem(absl::string_view key,
                                      absl::string_view passphrase);

}  // namespace doppel::warehouse::snowflake

#endif  // DOPPEL_SERVICE_WAREHOUSE_SNOWFLAKE_PRIVATE_KEY_H_
