#include "service/warehouse/snowflake/credentials.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "service/base/error.h"
#include "service/base/status_macros.h"
#include "service/warehouse/snowflake/private_key.h"

namespace doppel::warehouse::snowflake {
namespace {

using profiles::Value;

constexpr absl::string_view kSql = "adbc.snowflake.sql.";
constexpr absl::string_view kClient = "adbc.snowflake.sql.client_option.";

// How long the driver tries to log in, and to send a statement again.
constexpr absl::string_view kTimeout = "30";

constexpr int32_t kMaxPort = 65535;
constexpr int32_t kMaxSeconds = 86'400;

constexpr absl::string_view kIdentityProviders[] = {"OIDC", "AZURE", "GCP",
                                                    "AWS"};

// A way to log in, as a profile's `authenticator` names it.
struct Authenticator {
  absl::string_view name;
  absl::string_view auth_type;  // the driver's
  std::vector<absl::string_view> needs;
};

const std::vector<Authenticator>& Authenticators() {
  static const auto* const kAll = new std::vector<Authenticator>{
      {"snowflake", "auth_snowflake", {"user", "password"}},
      {"username_password_mfa", "auth_mfa", {"user", "password"}},
      {"externalbrowser", "auth_ext_browser", {"user"}},
      {"oauth", "auth_oauth", {"token"}},
      {"jwt", "auth_oauth", {"token"}},
      {"programmatic_access_token", "auth_pat", {"token"}},
      {"snowflake_jwt", "auth_jwt", {"user"}},
      {"workload_identity", "auth_wif", {"workload_identity_provider"}},
  };
  return *kAll;
}

// A name in SQL, as the catalog has it: folded unless it is in quotes.
std::string CatalogSpelling(absl::string_view name) {
  if (name.size() < 2 || name.front() != '"' || name.back() != '"') {
    return absl::AsciiStrToUpper(name);
  }
  return absl::StrReplaceAll(name.substr(1, name.size() - 2), {{"\"\"", "\""}});
}

class CredentialsReader {
 public:
  CredentialsReader(const profiles::Target& target, absl::string_view folder)
      : target_(target), folder_(folder) {}

  absl::StatusOr<Credentials> Read() {
    read_.secrets = target_.secrets;
    DOPPEL_RETURN_IF_ERROR(RefuseUnsupported());
    DOPPEL_RETURN_IF_ERROR(Need({"account", "database"}));
    read_.database = CatalogSpelling(Text("database"));
    AddPlace();
    DOPPEL_RETURN_IF_ERROR(AddAuthentication());
    DOPPEL_RETURN_IF_ERROR(AddServer());
    DOPPEL_RETURN_IF_ERROR(AddSession());
    return std::move(read_);
  }

 private:
  std::string Text(absl::string_view key) const {
    return target_.values.Text(key);
  }

  bool IsTrue(absl::string_view key) const {
    const Value* const value = target_.values.Find(key);
    return value != nullptr && value->IsTrue();
  }

  void Add(absl::string_view prefix, absl::string_view option,
           absl::string_view value) {
    if (value.empty()) return;
    read_.options.emplace_back(absl::StrCat(prefix, option),
                               std::string(value));
  }

  Error Invalid(absl::string_view key, absl::string_view what) const {
    return profiles::InvalidValue(target_, key, what);
  }

  absl::Status Need(const std::vector<absl::string_view>& keys) const {
    for (const absl::string_view key : keys) {
      if (Text(key).empty()) return Invalid(key, "is missing");
    }
    return absl::OkStatus();
  }

  absl::Status RefuseUnsupported() const {
    if (!Text("proxy_host").empty()) {
      return profiles::UnsupportedValue(
          target_, "proxy_host",
          "the driver takes its proxy from $HTTPS_PROXY alone; set it for "
          "doppel, and leave this out");
    }
    if (!Text("oauth_client_secret").empty()) {
      return profiles::UnsupportedValue(
          target_, "oauth_client_secret",
          "doppel exchanges no refresh token; put an access token under "
          "token, and leave this out");
    }
    if (!Text("workload_identity_entra_resource").empty()) {
      return profiles::UnsupportedValue(target_,
                                        "workload_identity_entra_resource",
                                        "the driver has no such option");
    }
    return absl::OkStatus();
  }

  // Where sessions begin. Snowflake folds these names as it does in SQL.
  void AddPlace() {
    // dbt does the same: a host name has no underscores.
    Add(kSql, "account", absl::StrReplaceAll(Text("account"), {{"_", "-"}}));
    Add(kSql, "db", Text("database"));
    Add(kSql, "schema", Text("schema"));
    Add(kSql, "warehouse", Text("warehouse"));
    Add(kSql, "role", Text("role"));
  }

  absl::Status AddAuthentication() {
    std::string name = Text("authenticator");
    const bool has_key =
        !Text("private_key").empty() || !Text("private_key_path").empty();
    if (name.empty()) name = has_key ? "snowflake_jwt" : "snowflake";
    if (absl::StartsWithIgnoreCase(name, "https://")) return AddOkta(name);
    for (const Authenticator& authenticator : Authenticators()) {
      if (absl::EqualsIgnoreCase(authenticator.name, name)) {
        return AddAuthenticator(authenticator);
      }
    }
    return Invalid("authenticator",
                   absl::StrCat("must be Okta's URL, \"https://...\", or one "
                                "of ",
                                absl::StrJoin(Authenticators(), ", ",
                                              [](std::string* out, auto& a) {
                                                absl::StrAppend(out, a.name);
                                              })));
  }

  absl::Status AddOkta(const std::string& url) {
    DOPPEL_RETURN_IF_ERROR(Need({"user", "password"}));
    Add("", "username", Text("user"));
    Add("", "password", Text("password"));
    Add(kSql, "auth_type", "auth_okta");
    Add(kClient, "okta_url", url);
    return absl::OkStatus();
  }

  absl::Status AddAuthenticator(const Authenticator& authenticator) {
    DOPPEL_RETURN_IF_ERROR(Need(authenticator.needs));
    Add("", "username", Text("user"));
    Add(kSql, "auth_type", authenticator.auth_type);
    if (authenticator.auth_type == "auth_jwt") return AddPrivateKey();
    if (authenticator.auth_type == "auth_wif") return AddIdentity();
    if (authenticator.needs.front() == "token") {
      Add(kClient, "auth_token", Text("token"));
      return absl::OkStatus();
    }
    Add("", "password", Text("password"));
    return absl::OkStatus();
  }

  absl::Status AddIdentity() {
    const std::string provider =
        absl::AsciiStrToUpper(Text("workload_identity_provider"));
    for (const absl::string_view known : kIdentityProviders) {
      if (provider != known) continue;
      Add(kClient, "identity_provider", provider);
      Add(kClient, "auth_token", Text("token"));
      return absl::OkStatus();
    }
    return Invalid("workload_identity_provider",
                   absl::StrCat("must be one of ",
                                absl::StrJoin(kIdentityProviders, ", ")));
  }

  absl::Status AddPrivateKey() {
    const bool has_path = !Text("private_key_path").empty();
    const bool has_key = !Text("private_key").empty();
    if (has_path == has_key) {
      return Invalid("private_key",
                     has_key
                         ? "and private_key_path are both there; leave one out"
                         : "is missing, and so is private_key_path");
    }
    std::string key = Text("private_key");
    if (has_path) {
      DOPPEL_ASSIGN_OR_RETURN(key, KeyFile());
    }
    std::optional<std::string> pem =
        ToPkcs8Pem(key, Text("private_key_passphrase"));
    if (!pem) {
      return Invalid(has_path ? "private_key_path" : "private_key",
                     "is no RSA key (PEM, or DER in base64) that "
                     "private_key_passphrase opens");
    }
    Add(kClient, "jwt_private_key_pkcs8_value", *pem);
    read_.secrets.push_back(*std::move(pem));
    return absl::OkStatus();
  }

  absl::StatusOr<std::string> KeyFile() const {
    const auto path =
        std::filesystem::path(std::string(folder_)) / Text("private_key_path");
    std::ifstream file(path);
    std::ostringstream text;
    if (file) text << file.rdbuf();
    if (!file || file.bad()) {
      return Invalid("private_key_path", "names a file that cannot be read");
    }
    return text.str();
  }

  // Another address than <account>.snowflakecomputing.com: a private link, a
  // proxy in front, an emulator.
  absl::Status AddServer() {
    const std::string protocol = absl::AsciiStrToLower(Text("protocol"));
    if (!protocol.empty() && protocol != "https" && protocol != "http") {
      return Invalid("protocol", "must be https or http");
    }
    Add(kSql, "uri.protocol", protocol);
    Add(kSql, "uri.host", Text("host"));
    DOPPEL_ASSIGN_OR_RETURN(const std::string port,
                            Number("port", "", kMaxPort));
    Add(kSql, "uri.port", port);
    // Of certificates' revocation; dbt's connector leaves it out, too.
    if (IsTrue("insecure_mode")) Add(kClient, "tls_skip_verify", "true");
    return absl::OkStatus();
  }

  absl::Status AddSession() {
    DOPPEL_ASSIGN_OR_RETURN(const std::string seconds,
                            Number("connect_timeout", kTimeout, kMaxSeconds));
    Add(kClient, "login_timeout", absl::StrCat(seconds, "s"));
    Add(kClient, "request_timeout", absl::StrCat(seconds, "s"));
    Add(kClient, "app_name", "doppel");
    Add(kClient, "disable_telemetry", "true");
    if (IsTrue("client_session_keep_alive")) {
      Add(kClient, "keep_session_alive", "true");
    }
    // The driver takes what it does not know for a session's parameter.
    Add("", "QUERY_TAG", Text("query_tag"));
    return absl::OkStatus();
  }

  absl::StatusOr<std::string> Number(absl::string_view key,
                                     absl::string_view otherwise,
                                     int32_t most) const {
    std::string text = Text(key);
    if (text.empty()) return std::string(otherwise);
    int32_t number = 0;
    if (absl::SimpleAtoi(text, &number) && number > 0 && number <= most) {
      return text;
    }
    return Invalid(key,
                   absl::StrCat("must be a whole number from 1 to ", most));
  }

  const profiles::Target& target_;
  const absl::string_view folder_;
  Credentials read_;
};

}  // namespace

absl::StatusOr<Credentials> ReadCredentials(const profiles::Target& target,
                                            absl::string_view folder) {
  return CredentialsReader(target, folder).Read();
}

}  // namespace doppel::warehouse::snowflake
