#include "tests/support/spark_server.h"

#include <stdio.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "service/base/error.h"
#include "service/base/status_macros.h"
#include "service/warehouse/spark_connect/credentials.h"
#include "service/warehouse/spark_connect/spark_warehouse.h"
#include "service/warehouse/warehouse.h"

namespace doppel::testing {
namespace {

using warehouse::spark_connect::Credentials;

constexpr absl::string_view kScript = "tests/support/start_spark";
// Where Bazel puts the jars of a test that has them in its data.
constexpr char kJars[] = "../spark/jars";

// The server's address and its folder.
using Server = std::pair<std::string, std::string>;

absl::StatusOr<Server> Start() {
  const std::string command = absl::StrCat(kScript, " ", getpid(), " ", kJars);
  FILE* const script = popen(command.c_str(), "r");
  if (script == nullptr) return absl::InternalError("cannot run a script");
  std::string printed;
  std::array<char, 256> part;
  while (fgets(part.data(), part.size(), script) != nullptr) {
    printed += part.data();
  }
  if (pclose(script) != 0) return absl::InternalError("no Spark server");
  absl::StripAsciiWhitespace(&printed);
  return Server(absl::StrSplit(printed, ' '));
}

const absl::StatusOr<Server>& TheServer() {
  static const auto* const kServer = new absl::StatusOr<Server>(Start());
  return *kServer;
}

void End() {
  const std::string command =
      absl::StrCat(kScript, " --end ", TheServer()->second);
  if (system(command.c_str()) != 0) fputs("the server did not end\n", stderr);
}

}  // namespace

std::string SparkMissing() {
  if (std::filesystem::exists(kJars)) return "";
  return "no Spark here: run tools/setup --only spark";
}

absl::StatusOr<Credentials> SparkCredentials() {
  if (!SparkMissing().empty()) {
    return Error(absl::StatusCode::kFailedPrecondition,
                 Reason::kWarehouseDriverMissing, SparkMissing());
  }
  static const bool kEndsWithTheProgram =
      TheServer().ok() && std::atexit(&End) == 0;
  DOPPEL_ASSIGN_OR_RETURN(const Server server, TheServer());
  if (!kEndsWithTheProgram) {
    return absl::InternalError("nobody would end the server");
  }
  return SparkAt(server.first);
}

Credentials SparkAt(absl::string_view address) {
  Credentials credentials;
  credentials.type = "spark";
  credentials.address = std::string(address);
  credentials.headers = {{"authorization", "Bearer guard"}};
  credentials.connect_timeout = absl::Seconds(60);
  return credentials;
}

absl::StatusOr<std::shared_ptr<warehouse::Warehouse>> EmptySpark() {
  DOPPEL_ASSIGN_OR_RETURN(const Credentials credentials, SparkCredentials());
  DOPPEL_ASSIGN_OR_RETURN(const auto warehouse,
                          warehouse::spark_connect::OpenSpark(credentials));
  DOPPEL_ASSIGN_OR_RETURN(const auto session, warehouse->Connect());
  DOPPEL_ASSIGN_OR_RETURN(const warehouse::Rows schemas,
                          session->Query("show schemas", {}));
  for (const auto& row : schemas.rows) {
    const std::string schema = row[0].value_or("");
    if (schema == "default") continue;
    DOPPEL_RETURN_IF_ERROR(
        session->Execute(absl::StrCat("drop schema ", schema, " cascade"), {}));
  }
  return warehouse;
}

}  // namespace doppel::testing
