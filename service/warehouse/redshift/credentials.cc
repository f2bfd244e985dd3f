#include "service/warehouse/redshift/credentials.h"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "service/base/error.h"
#include "service/base/status_macros.h"
#include "service/warehouse/listing.h"

namespace doppel::warehouse::redshift {
namespace {

constexpr int32_t kMaxPort = 65535;

// dbt's key, libpq's, what holds where the profile has none, and the most.
struct Number {
  absl::string_view key;
  absl::string_view parameter;
  absl::string_view otherwise;
  int32_t most;
};
constexpr Number kNumbers[] = {
    {"port", "port", "5439", kMaxPort},
    {"connect_timeout", "connect_timeout", "10", INT32_MAX},
    {"tcp_keepalive_idle", "keepalives_idle", "", INT32_MAX},
    {"tcp_keepalive_interval", "keepalives_interval", "", INT32_MAX},
    {"tcp_keepalive_count", "keepalives_count", "", INT32_MAX},
};

class CredentialsReader {
 public:
  explicit CredentialsReader(const profiles::Target& target)
      : target_(target) {}

  absl::StatusOr<Credentials> Read() {
    read_.server.secrets = target_.secrets;
    DOPPEL_RETURN_IF_ERROR(CheckMethod());
    DOPPEL_RETURN_IF_ERROR(AddNeeded("host", {"host"}));
    DOPPEL_RETURN_IF_ERROR(AddNeeded("user", {"user"}));
    DOPPEL_RETURN_IF_ERROR(AddNeeded("password", {"password", "pass"}));
    DOPPEL_RETURN_IF_ERROR(AddNeeded("dbname", {"dbname", "database"}));
    // Redshift keeps every name in lower case.
    read_.server.database =
        absl::AsciiStrToLower(read_.server.parameters.back().second);
    for (const Number& number : kNumbers) {
      DOPPEL_RETURN_IF_ERROR(AddNumber(number));
    }
    const profiles::Value* const keepalive =
        target_.values.Find("tcp_keepalive");
    if (keepalive != nullptr && !keepalive->IsTrue()) Add("keepalives", "0");
    Add("sslmode", target_.values.Text("sslmode"));
    Add("application_name", "doppel");
    AddSetup();
    return std::move(read_);
  }

 private:
  absl::Status CheckMethod() const {
    const std::string method = target_.values.Text("method");
    if (method.empty() || method == "database") return absl::OkStatus();
    return profiles::UnsupportedValue(
        target_, "method",
        "doppel asks AWS for no credentials; take \"database\", with a user "
        "and a password");
  }

  void Add(absl::string_view parameter, absl::string_view value) {
    if (value.empty()) return;
    read_.server.parameters.emplace_back(std::string(parameter),
                                         std::string(value));
  }

  absl::Status AddNeeded(absl::string_view parameter,
                         std::initializer_list<absl::string_view> keys) {
    for (const absl::string_view key : keys) {
      const std::string text = target_.values.Text(key);
      if (text.empty()) continue;
      Add(parameter, text);
      return absl::OkStatus();
    }
    return profiles::InvalidValue(target_, *keys.begin(), "is missing");
  }

  absl::Status AddNumber(const Number& known) {
    std::string text = target_.values.Text(known.key);
    if (text.empty()) text = std::string(known.otherwise);
    if (text.empty()) return absl::OkStatus();
    int32_t number = -1;
    if (!absl::SimpleAtoi(text, &number) || number < 0 || number > known.most) {
      return profiles::InvalidValue(
          target_, known.key,
          absl::StrCat("must be a whole number from 0 to ", known.most));
    }
    Add(known.parameter, text);
    return absl::OkStatus();
  }

  void AddSetup() {
    const std::string role = target_.values.Text("role");
    if (!role.empty()) read_.setup.push_back(absl::StrCat("set role ", role));
    const std::string group = target_.values.Text("query_group");
    if (!group.empty()) {
      read_.setup.push_back(
          absl::StrCat("set query_group to ", Literal(group)));
    }
  }

  const profiles::Target& target_;
  Credentials read_;
};

}  // namespace

absl::StatusOr<Credentials> ReadCredentials(const profiles::Target& target) {
  return CredentialsReader(target).Read();
}

}  // namespace doppel::warehouse::redshift
