#include "tests/support/postgres_server.h"

#include <stdio.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "service/base/status_macros.h"
#include "service/warehouse/postgres/credentials.h"
#include "service/warehouse/postgres/postgres_warehouse.h"

namespace doppel::testing {
namespace {

using warehouse::postgres::Credentials;

constexpr absl::string_view kScript = "tests/support/start_postgres";

// What the script prints once the server is there.
absl::StatusOr<std::string> Start() {
  const std::string command = absl::StrCat(kScript, " ", getpid());
  FILE* const script = popen(command.c_str(), "r");
  if (script == nullptr) return absl::InternalError("cannot run a script");
  std::string printed;
  std::array<char, 256> part;
  while (fgets(part.data(), part.size(), script) != nullptr) {
    printed += part.data();
  }
  if (pclose(script) != 0) return absl::InternalError("no PostgreSQL server");
  absl::StripAsciiWhitespace(&printed);
  return printed;
}

const absl::StatusOr<std::string>& Host() {
  static const auto* const kHost = new absl::StatusOr<std::string>(Start());
  return *kHost;
}

void End() {
  const std::string command = absl::StrCat(kScript, " --end ", *Host());
  if (system(command.c_str()) != 0) fputs("the server did not end\n", stderr);
}

}  // namespace

absl::StatusOr<std::string> PostgresHost() {
  static const bool kEndsWithTheProgram = Host().ok() && std::atexit(&End) == 0;
  if (Host().ok() && !kEndsWithTheProgram) {
    return absl::InternalError("nobody would end the server");
  }
  return Host();
}

absl::StatusOr<Credentials> PostgresCredentials(absl::string_view database,
                                                absl::string_view user) {
  Credentials credentials;
  DOPPEL_ASSIGN_OR_RETURN(const std::string host, PostgresHost());
  credentials.database = std::string(database);
  credentials.parameters = {{"host", host},
                            {"user", std::string(user)},
                            {"dbname", std::string(database)},
                            {"options", "-c client_min_messages=warning"}};
  return credentials;
}

absl::StatusOr<std::string> NewPostgresDatabase() {
  static int count = 0;
  const std::string name = absl::StrCat("test_", ++count);
  DOPPEL_ASSIGN_OR_RETURN(const Credentials credentials,
                          PostgresCredentials("postgres"));
  DOPPEL_ASSIGN_OR_RETURN(
      const auto warehouse,
      warehouse::postgres::OpenPostgres(credentials, kDriverDir));
  DOPPEL_ASSIGN_OR_RETURN(const auto session, warehouse->Connect());
  DOPPEL_RETURN_IF_ERROR(
      session->Execute(absl::StrCat("create database ", name), {}));
  return name;
}

}  // namespace doppel::testing
