#include "tests/support/snowflake_server.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "service/base/status_macros.h"
#include "service/warehouse/profiles/profiles.h"
#include "service/warehouse/snowflake/credentials.h"
#include "service/warehouse/snowflake/snowflake_warehouse.h"

namespace doppel::testing {
namespace {

using warehouse::snowflake::Credentials;

constexpr char kPython[] = "../drivers/fakesnow_python";
constexpr char kScript[] = "tests/support/start_snowflake";

const std::string& Folder() {
  static const auto* const kFolder = [] {
    const char* const parent = getenv("TEST_TMPDIR");
    auto* const folder = new std::string(
        absl::StrCat(parent == nullptr ? "/tmp" : parent, "/snowflake.XXXXXX"));
    return mkdtemp(folder->data()) == nullptr ? new std::string() : folder;
  }();
  return *kFolder;
}

struct Place {
  std::string port;
  pid_t process = 0;
};

// What the script prints once the server is there.
absl::StatusOr<Place> Start() {
  const std::string command =
      absl::StrCat(kPython, " ", kScript, " ", getpid(), " ", Folder());
  FILE* const script = popen(command.c_str(), "r");
  if (script == nullptr) return absl::InternalError("cannot run a script");
  std::string printed;
  std::array<char, 256> part;
  while (fgets(part.data(), part.size(), script) != nullptr) {
    printed += part.data();
  }
  if (pclose(script) != 0) return absl::InternalError("no emulator");
  const std::vector<std::string> words =
      absl::StrSplit(printed, absl::ByAnyChar(" \n"), absl::SkipEmpty());
  Place place;
  if (words.size() != 2 || !absl::SimpleAtoi(words[1], &place.process)) {
    return absl::InternalError("the emulator says not where it is");
  }
  place.port = words[0];
  return place;
}

// Where it is; none: nobody has asked, or it was killed.
std::optional<Place>& Running() {
  static auto* const running = new std::optional<Place>();
  return *running;
}

absl::StatusOr<std::string> Port() {
  if (!Running()) {
    DOPPEL_ASSIGN_OR_RETURN(Running(), Start());
  }
  return Running()->port;
}

}  // namespace

std::string WhyNoSnowflake() {
  const absl::Status driver =
      warehouse::snowflake::CheckDriver(kSnowflakeDriverDir);
  if (!driver.ok()) return std::string(driver.message());
  if (std::filesystem::exists(kPython)) return "";
  return "no emulator of Snowflake here: run tools/setup --only snowflake";
}

std::string NewSnowflakeDatabase() {
  static int count = 0;
  return absl::StrCat("TEST_", ++count);
}

absl::StatusOr<Credentials> SnowflakeCredentials(absl::string_view database,
                                                 absl::string_view login) {
  DOPPEL_ASSIGN_OR_RETURN(const std::string port, Port());
  const std::string yaml = absl::StrCat(
      "p: {outputs: {t: {type: snowflake, account: fakesnow, database: ",
      database, ", host: 127.0.0.1, protocol: http, port: ", port,
      ", connect_timeout: 5, ", login, "}}}");
  DOPPEL_ASSIGN_OR_RETURN(
      const auto profiles,
      warehouse::profiles::Profiles::Parse(yaml, "profiles.yml"));
  DOPPEL_ASSIGN_OR_RETURN(
      const auto target,
      profiles.Get("p/t", [](absl::string_view) { return std::nullopt; }));
  return warehouse::snowflake::ReadCredentials(target, "/");
}

void KillSnowflake() {
  if (!Running()) return;
  kill(Running()->process, SIGKILL);
  Running().reset();
}

std::string LastSnowflakeLogin() {
  std::ifstream logins(Folder() + "/logins.jsonl");
  std::string line;
  std::string last;
  while (std::getline(logins, line)) last = line;
  return last;
}

}  // namespace doppel::testing
