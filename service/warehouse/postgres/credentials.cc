#include "service/warehouse/postgres/credentials.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "service/base/status_macros.h"
#include "service/warehouse/profiles/profiles.h"

namespace doppel::warehouse::postgres {
namespace {

constexpr int32_t kMaxPort = 65535;

// The value of the first of these keys that the target has; dbt knows some by
// two names.
std::string Text(const profiles::Target& target,
                 std::initializer_list<absl::string_view> keys) {
  for (const absl::string_view key : keys) {
    std::string text = target.values.Text(key);
    if (!text.empty()) return text;
  }
  return "";
}

// A value of `options`, in which a space ends a word.
std::string OptionWord(absl::string_view text) {
  return absl::StrReplaceAll(text, {{"\\", "\\\\"}, {" ", "\\ "}});
}

// What every session begins with: no notices, strings in which a backslash is
// a backslash, and the profile's search path.
std::string OptionsOf(const profiles::Target& target) {
  std::string options =
      "-c client_min_messages=warning -c standard_conforming_strings=on";
  const std::string path = target.values.Text("search_path");
  if (!path.empty()) {
    absl::StrAppend(&options, " -c search_path=", OptionWord(path));
  }
  return options;
}

absl::Status CheckNumber(const profiles::Target& target, absl::string_view key,
                         absl::string_view text, int32_t most) {
  int32_t number = -1;
  if (absl::SimpleAtoi(text, &number) && number >= 0 && number <= most) {
    return absl::OkStatus();
  }
  return profiles::InvalidValue(
      target, key, absl::StrCat("must be a whole number from 0 to ", most));
}

class CredentialsReader {
 public:
  explicit CredentialsReader(const profiles::Target& target)
      : target_(target) {}

  absl::StatusOr<Credentials> Read() {
    read_.secrets = target_.secrets;
    read_.role = target_.values.Text("role");
    DOPPEL_ASSIGN_OR_RETURN(const std::string host, Needed("host", {"host"}));
    DOPPEL_ASSIGN_OR_RETURN(const std::string user, Needed("user", {"user"}));
    DOPPEL_ASSIGN_OR_RETURN(read_.database,
                            Needed("dbname", {"dbname", "database"}));
    Add("host", host);
    Add("user", user);
    Add("dbname", read_.database);
    Add("password", Text(target_, {"password", "pass"}));
    DOPPEL_RETURN_IF_ERROR(AddNumber("port", "5432", kMaxPort));
    DOPPEL_RETURN_IF_ERROR(AddNumber("connect_timeout", "10", INT32_MAX));
    DOPPEL_RETURN_IF_ERROR(AddNumber("keepalives_idle", "", INT32_MAX));
    for (const absl::string_view key :
         {"sslmode", "sslcert", "sslkey", "sslrootcert"}) {
      Add(key, target_.values.Text(key));
    }
    const std::string name = target_.values.Text("application_name");
    Add("application_name", name.empty() ? "doppel" : name);
    Add("options", OptionsOf(target_));
    return std::move(read_);
  }

 private:
  absl::StatusOr<std::string> Needed(
      absl::string_view key,
      std::initializer_list<absl::string_view> names) const {
    std::string text = Text(target_, names);
    if (text.empty()) return profiles::InvalidValue(target_, key, "is missing");
    return text;
  }

  void Add(absl::string_view key, absl::string_view value) {
    if (!value.empty()) {
      read_.parameters.emplace_back(std::string(key), std::string(value));
    }
  }

  // 0 keepalives mean the system's own number, for dbt.
  absl::Status AddNumber(absl::string_view key, absl::string_view otherwise,
                         int32_t most) {
    std::string text = target_.values.Text(key);
    if (text.empty()) text = std::string(otherwise);
    if (text.empty()) return absl::OkStatus();
    DOPPEL_RETURN_IF_ERROR(CheckNumber(target_, key, text, most));
    if (key != "keepalives_idle" || text != "0") Add(key, text);
    return absl::OkStatus();
  }

  const profiles::Target& target_;
  Credentials read_;
};

}  // namespace

absl::StatusOr<Credentials> ReadCredentials(const profiles::Target& target) {
  return CredentialsReader(target).Read();
}

std::string ConnectionString(const Credentials& credentials) {
  std::vector<std::string> words;
  for (const auto& [key, value] : credentials.parameters) {
    words.push_back(absl::StrCat(
        key, "='", absl::StrReplaceAll(value, {{"\\", "\\\\"}, {"'", "\\'"}}),
        "'"));
  }
  return absl::StrJoin(words, " ");
}

}  // namespace doppel::warehouse::postgres
