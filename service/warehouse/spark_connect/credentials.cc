#include "service/warehouse/spark_connect/credentials.h"

#include <cstdint>
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
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "service/base/status_macros.h"
#include "service/warehouse/profiles/profiles.h"

namespace doppel::warehouse::spark_connect {
namespace {

constexpr char kRemote[] = "spark_remote";
constexpr char kRemoteVariable[] = "SPARK_REMOTE";
constexpr char kScheme[] = "sc://";
constexpr char kDefaultPort[] = "15002";  // Spark's own
constexpr char kClusterHeader[] = "x-databricks-cluster-id";

void AddToken(absl::string_view token, Credentials* read) {
  read->headers.emplace_back("authorization", absl::StrCat("Bearer ", token));
  read->secrets.emplace_back(token);
}

absl::Status ReadTimeout(const profiles::Target& target, Credentials* read) {
  constexpr char kKey[] = "connect_timeout";
  const std::string text = target.values.Text(kKey);
  if (text.empty()) return absl::OkStatus();
  int32_t seconds = 0;
  if (!absl::SimpleAtoi(text, &seconds) || seconds < 1) {
    return profiles::InvalidValue(target, kKey,
                                  "must be a whole number of seconds from 1");
  }
  read->connect_timeout = absl::Seconds(seconds);
  return absl::OkStatus();
}

bool IsLoopback(absl::string_view address) {
  const absl::string_view host = address.substr(0, address.rfind(':'));
  return host == "localhost" || host == "127.0.0.1" || host == "[::1]";
}

// "Bearer%20x" -> "Bearer x"; what is no such escape stays.
std::string PercentDecoded(absl::string_view text) {
  std::string decoded;
  for (size_t i = 0; i < text.size(); ++i) {
    const absl::string_view digits =
        text.size() - i > 2 ? text.substr(i + 1, 2) : "";
    const bool is_escape = text[i] == '%' && digits.size() == 2 &&
                           absl::ascii_isxdigit(digits[0]) &&
                           absl::ascii_isxdigit(digits[1]);
    if (!is_escape) {
      decoded.push_back(text[i]);
      continue;
    }
    decoded.append(absl::HexStringToBytes(digits));
    i += 2;
  }
  return decoded;
}

// A connection string.
class RemoteReader {
 public:
  RemoteReader(const profiles::Target& target, Credentials* read)
      : target_(target), read_(read) {}

  absl::Status Read(absl::string_view remote) {
    if (!absl::ConsumePrefix(&remote, kScheme)) {
      return Invalid("must begin with sc://, as in sc://localhost:15002");
    }
    const std::vector<absl::string_view> parts =
        absl::StrSplit(remote, absl::MaxSplits('/', 1));
    DOPPEL_RETURN_IF_ERROR(ReadAddress(parts[0]));
    if (parts.size() < 2) return absl::OkStatus();
    for (const absl::string_view parameter :
         absl::StrSplit(parts[1], ';', absl::SkipEmpty())) {
      DOPPEL_RETURN_IF_ERROR(ReadParameter(parameter));
    }
    // A token does not go over an open line.
    if (has_token_ && !IsLoopback(read_->address)) read_->uses_tls = true;
    return absl::OkStatus();
  }

 private:
  absl::Status Invalid(absl::string_view what) const {
    return profiles::InvalidValue(target_, kRemote, what);
  }

  // "host", "host:port", "[::1]:port".
  absl::Status ReadAddress(absl::string_view address) {
    if (address.empty()) return Invalid("names no host");
    const size_t colon = address.rfind(':');
    const bool has_port = colon != absl::string_view::npos &&
                          !absl::StrContains(address.substr(colon), ']');
    read_->address = has_port ? std::string(address)
                              : absl::StrCat(address, ":", kDefaultPort);
    const absl::string_view port =
        absl::string_view(read_->address).substr(read_->address.rfind(':') + 1);
    uint32_t number = 0;
    if (!absl::SimpleAtoi(port, &number) || number == 0 || number > 65535) {
      return Invalid("names no port from 1 to 65535");
    }
    return absl::OkStatus();
  }

  absl::Status ReadParameter(absl::string_view parameter) {
    const std::vector<std::string> parts =
        absl::StrSplit(parameter, absl::MaxSplits('=', 1));
    if (parts.size() < 2 || parts[0].empty()) {
      return Invalid("has a parameter that is not key=value");
    }
    return Take(parts[0], PercentDecoded(parts[1]));
  }

  // Others are headers of every call, as in pyspark.
  absl::Status Take(const std::string& key, const std::string& value) {
    if (key == "use_ssl") {
      if (!absl::SimpleAtob(value, &read_->uses_tls)) {
        return Invalid("has a use_ssl that is neither true nor false");
      }
    } else if (key == "token") {
      AddToken(value, read_);
      has_token_ = true;
    } else if (key == "user_id") {
      read_->user = value;
    } else if (key != "user_agent" && key != "session_id" &&
               key != "grpc_max_message_size") {
      read_->headers.emplace_back(absl::AsciiStrToLower(key), value);
      read_->secrets.push_back(value);
    }
    return absl::OkStatus();
  }

  const profiles::Target& target_;
  Credentials* const read_;
  bool has_token_ = false;
};

absl::Status ReadSpark(const profiles::Target& target,
                       const profiles::Variables& variables,
                       Credentials* read) {
  std::string remote = target.values.Text(kRemote);
  if (remote.empty()) remote = variables(kRemoteVariable).value_or("");
  if (remote.empty()) {
    return profiles::InvalidValue(
        target, kRemote,
        "is missing: doppel reaches Spark by Spark Connect alone, at an "
        "address "
        "such as sc://localhost:15002 (or set $SPARK_REMOTE)");
  }
  return RemoteReader(target, read).Read(remote);
}

// The last part of "sql/protocolv1/o/<organization>/<cluster>".
absl::StatusOr<std::string> ClusterOf(const profiles::Target& target) {
  constexpr char kKey[] = "http_path";
  const std::string path = target.values.Text(kKey);
  const std::vector<absl::string_view> parts =
      absl::StrSplit(path, '/', absl::SkipEmpty());
  if (parts.empty()) return profiles::InvalidValue(target, kKey, "is missing");
  if (parts.size() == 5 && parts[1] == "protocolv1") {
    return std::string(parts.back());
  }
  return profiles::UnsupportedValue(
      target, kKey,
      "is not that of an all-purpose cluster, "
      "sql/protocolv1/o/<organization>/<cluster>; SQL warehouses do not speak "
      "Spark Connect");
}

absl::Status ReadDatabricks(const profiles::Target& target, Credentials* read) {
  const std::string host = target.values.Text("host");
  if (host.empty()) {
    return profiles::InvalidValue(target, "host", "is missing");
  }
  const std::string auth = target.values.Text("auth_type");
  if (!auth.empty() && auth != "token") {
    return profiles::UnsupportedValue(
        target, "auth_type", "is not one that doppel knows; use a token");
  }
  const std::string token = target.values.Text("token");
  if (token.empty()) {
    return profiles::InvalidValue(target, "token", "is missing");
  }
  DOPPEL_ASSIGN_OR_RETURN(const std::string cluster, ClusterOf(target));
  read->address = absl::StrCat(host, ":443");
  read->uses_tls = true;
  AddToken(token, read);
  read->headers.emplace_back(kClusterHeader, cluster);
  read->database = target.values.Text("catalog");
  if (read->database.empty()) read->database = "hive_metastore";
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Credentials> ReadCredentials(
    const profiles::Target& target, const profiles::Variables& variables) {
  Credentials read;
  read.type = target.type;
  read.secrets = target.secrets;
  DOPPEL_RETURN_IF_ERROR(target.type == "databricks"
                             ? ReadDatabricks(target, &read)
                             : ReadSpark(target, variables, &read));
  DOPPEL_RETURN_IF_ERROR(ReadTimeout(target, &read));
  return read;
}

}  // namespace doppel::warehouse::spark_connect
