#include "service/warehouse/bigquery/credentials.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <limits>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "service/base/error.h"
#include "service/base/json_string.h"
#include "service/base/status_macros.h"

namespace doppel::warehouse::bigquery {
namespace {

using profiles::Value;

constexpr absl::string_view kSql = "adbc.bigquery.sql.";
constexpr absl::string_view kCredentialsType = "bigquery.auth.credentials_type";
constexpr absl::string_view kTokenUri = "https://oauth2.googleapis.com/token";
constexpr absl::string_view kIam =
    "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/";
constexpr absl::string_view kScopes =
    "https://www.googleapis.com/auth/bigquery,"
    "https://www.googleapis.com/auth/cloud-platform,"
    "https://www.googleapis.com/auth/drive";

constexpr int64_t kMaxSeconds = 86'400;

// A flat map, as keyfile_json is one, as JSON. In the key dbt takes "\n" for
// the end of a line.
std::string ToJson(const Value& map) {
  std::vector<std::string> members;
  for (const auto& [key, value] : map.members) {
    const std::string text =
        key == "private_key" ? absl::StrReplaceAll(value.text, {{"\\n", "\n"}})
                             : value.text;
    members.push_back(absl::StrCat(JsonString(key), ":", JsonString(text)));
  }
  return absl::StrCat("{", absl::StrJoin(members, ","), "}");
}

class CredentialsReader {
 public:
  CredentialsReader(const profiles::Target& target, absl::string_view folder)
      : target_(target), folder_(folder) {}

  absl::StatusOr<Credentials> Read() {
    read_.secrets = target_.secrets;
    DOPPEL_RETURN_IF_ERROR(RefuseUnsupported());
    read_.project = Text({"project", "database"});
    if (read_.project.empty()) return Invalid("project", "is missing");
    read_.location = absl::AsciiStrToLower(Text({"location"}));
    const std::string execution = Text({"execution_project"});
    Add("project_id", execution.empty() ? read_.project : execution);
    Add("location", Text({"location"}));
    Add("auth.quota_project", Text({"quota_project"}));
    DOPPEL_RETURN_IF_ERROR(AddAuthentication());
    DOPPEL_RETURN_IF_ERROR(AddStatementOptions());
    return std::move(read_);
  }

 private:
  // Of the first of these keys that the target has; dbt knows some by two
  // names.
  std::string Text(std::initializer_list<absl::string_view> keys) const {
    for (const absl::string_view key : keys) {
      std::string text = target_.values.Text(key);
      if (!text.empty()) return text;
    }
    return "";
  }

  void Add(absl::string_view option, absl::string_view value) {
    if (value.empty()) return;
    read_.options.emplace_back(absl::StrCat(kSql, option), std::string(value));
  }

  Error Invalid(absl::string_view key, absl::string_view what) const {
    return profiles::InvalidValue(target_, key, what);
  }

  absl::Status RefuseUnsupported() const {
    if (!Text({"api_endpoint"}).empty()) {
      return profiles::UnsupportedValue(target_, "api_endpoint",
                                        "the driver has no such option");
    }
    const std::string uri = Text({"token_uri"});
    if (!uri.empty() && uri != kTokenUri) {
      return profiles::UnsupportedValue(
          target_, "token_uri",
          absl::StrCat("the driver asks ", kTokenUri, " alone"));
    }
    return absl::OkStatus();
  }

  absl::Status AddAuthentication() {
    const std::string method = Text({"method"});
    if (method == "oauth") return AddMachinesOwn();
    if (method == "service-account") {
      DOPPEL_ASSIGN_OR_RETURN(const std::string json, KeyFile());
      AddJson("service_account", json);
      return absl::OkStatus();
    }
    if (method == "service-account-json") {
      DOPPEL_ASSIGN_OR_RETURN(const std::string json, KeyInPlace());
      AddJson("service_account", json);
      return absl::OkStatus();
    }
    if (method == "oauth-secrets") return AddRefreshToken();
    if (method == "external-oauth-wif") {
      return profiles::UnsupportedValue(
          target_, "method",
          "the driver has no such option; let "
          "$GOOGLE_APPLICATION_CREDENTIALS name the workload's credential "
          "configuration, and take \"oauth\"");
    }
    return Invalid("method",
                   "must be oauth, service-account, service-account-json or "
                   "oauth-secrets");
  }

  absl::Status AddMachinesOwn() {
    Add("auth_type", "adbc.bigquery.sql.auth_type.app_default_credentials");
    const std::string principal = Text({"impersonate_service_account"});
    Add("impersonate.target_principal", principal);
    if (!principal.empty()) Add("impersonate.scopes", kScopes);
    return absl::OkStatus();
  }

  // `json` has a secret.
  void AddJson(absl::string_view type, std::string json) {
    read_.secrets.push_back(json);
    const std::string principal = Text({"impersonate_service_account"});
    if (!principal.empty()) {
      json = absl::StrCat(
          "{\"type\":\"impersonated_service_account\",\"delegates\":[],",
          "\"service_account_impersonation_url\":",
          JsonString(absl::StrCat(kIam, principal, ":generateAccessToken")),
          ",\"source_credentials\":", json, "}");
      type = "impersonated_service_account";
    }
    Add("auth_type", "adbc.bigquery.sql.auth_type.json_credential_string");
    read_.options.emplace_back(std::string(kCredentialsType),
                               std::string(type));
    Add("auth_credentials", json);
  }

  absl::StatusOr<std::string> KeyFile() const {
    const std::string name = Text({"keyfile"});
    if (name.empty()) return Invalid("keyfile", "is missing");
    std::ifstream file(std::filesystem::path(std::string(folder_)) / name);
    std::ostringstream text;
    if (file) text << file.rdbuf();
    if (!file || file.bad()) {
      return Invalid("keyfile", "names a file that cannot be read");
    }
    return text.str();
  }

  // A map, or base64 of JSON.
  absl::StatusOr<std::string> KeyInPlace() const {
    const Value* const key = target_.values.Find("keyfile_json");
    if (key == nullptr) return Invalid("keyfile_json", "is missing");
    if (key->kind == Value::Kind::kMap) return ToJson(*key);
    std::string json;
    if (key->kind == Value::Kind::kText &&
        absl::Base64Unescape(key->text, &json) && absl::StartsWith(json, "{")) {
      return json;
    }
    return Invalid("keyfile_json", "must be a map, or base64 of JSON");
  }

  absl::Status AddRefreshToken() {
    if (Text({"refresh_token"}).empty() && !Text({"token"}).empty()) {
      return profiles::UnsupportedValue(
          target_, "token",
          "the driver takes no access token; give refresh_token, client_id "
          "and client_secret");
    }
    for (const absl::string_view key :
         {"refresh_token", "client_id", "client_secret"}) {
      if (Text({key}).empty()) return Invalid(key, "is missing");
    }
    AddJson(
        "authorized_user",
        absl::StrCat("{\"type\":\"authorized_user\",\"client_id\":",
                     JsonString(Text({"client_id"})),
                     ",\"client_secret\":", JsonString(Text({"client_secret"})),
                     ",\"refresh_token\":", JsonString(Text({"refresh_token"})),
                     "}"));
    return absl::OkStatus();
  }

  absl::Status AddStatementOptions() {
    const std::string priority = absl::AsciiStrToUpper(Text({"priority"}));
    if (!priority.empty()) {
      if (priority != "BATCH" && priority != "INTERACTIVE") {
        return Invalid("priority", "must be batch or interactive");
      }
      read_.statement_options.emplace_back(absl::StrCat(kSql, "query.priority"),
                                           priority);
    }
    DOPPEL_RETURN_IF_ERROR(AddNumber({"maximum_bytes_billed"},
                                     "query.max_bytes_billed", 1,
                                     std::numeric_limits<int64_t>::max()));
    DOPPEL_RETURN_IF_ERROR(
        AddNumber({"job_execution_timeout_seconds", "timeout_seconds"},
                  "query.job_timeout", 1000, kMaxSeconds));
    const std::string text = Text({"job_creation_timeout_seconds"});
    if (text.empty()) return absl::OkStatus();
    DOPPEL_ASSIGN_OR_RETURN(
        const int64_t seconds,
        Number("job_creation_timeout_seconds", text, kMaxSeconds));
    read_.connect_seconds = static_cast<int32_t>(seconds);
    return absl::OkStatus();
  }

  absl::Status AddNumber(std::initializer_list<absl::string_view> keys,
                         absl::string_view option, int64_t times,
                         int64_t most) {
    const std::string text = Text(keys);
    if (text.empty()) return absl::OkStatus();
    DOPPEL_ASSIGN_OR_RETURN(const int64_t number,
                            Number(*keys.begin(), text, most));
    read_.statement_numbers.emplace_back(absl::StrCat(kSql, option),
                                         number * times);
    return absl::OkStatus();
  }

  absl::StatusOr<int64_t> Number(absl::string_view key, absl::string_view text,
                                 int64_t most) const {
    int64_t number = 0;
    if (absl::SimpleAtoi(text, &number) && number > 0 && number <= most) {
      return number;
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

}  // namespace doppel::warehouse::bigquery
