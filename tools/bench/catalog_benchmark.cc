// How long it takes to read what is in some schemas of a warehouse, as a plan
// does before it says what is to be done.
//
//   catalog_benchmark --profiles_dir=FOLDER --connection=NAME [--rounds=N]
//     SCHEMA...
//
// Prints a line of JSON: how many relations there are, the seconds of the first
// reading (which connects) and the median of those after it. Exit status 1 for
// an error of the warehouse, 2 on a wrong call.
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "service/base/catalog.h"
#include "service/base/relation.h"
#include "service/base/status_macros.h"
#include "service/warehouse/connections.h"
#include "service/warehouse/warehouse.h"

namespace doppel::bench {
namespace {

struct Options {
  std::string profiles_dir;
  std::string connection;
  int rounds = 5;
  std::vector<std::string> schemas;
};

std::optional<Options> ReadOptions(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    absl::string_view argument = argv[i];
    if (absl::ConsumePrefix(&argument, "--profiles_dir=")) {
      options.profiles_dir = std::string(argument);
    } else if (absl::ConsumePrefix(&argument, "--connection=")) {
      options.connection = std::string(argument);
    } else if (absl::ConsumePrefix(&argument, "--rounds=")) {
      if (!absl::SimpleAtoi(argument, &options.rounds) || options.rounds < 1) {
        return std::nullopt;
      }
    } else if (absl::ConsumePrefix(&argument, "--")) {
      return std::nullopt;
    } else {
      options.schemas.emplace_back(argument);
    }
  }
  if (options.connection.empty() || options.schemas.empty()) {
    return std::nullopt;
  }
  return options;
}

absl::StatusOr<std::string> Measure(const Options& options) {
  warehouse::Connections connections({options.profiles_dir, ""});
  DOPPEL_ASSIGN_OR_RETURN(const std::shared_ptr<warehouse::Warehouse> warehouse,
                          connections.Open(options.connection));
  std::vector<SchemaName> schemas;
  for (const std::string& schema : options.schemas) {
    schemas.push_back({warehouse->default_database(), schema});
  }
  size_t relations = 0;
  std::vector<double> seconds;
  for (int round = 0; round <= options.rounds; ++round) {
    const auto begun = std::chrono::steady_clock::now();
    DOPPEL_ASSIGN_OR_RETURN(const std::vector<CatalogEntry> found,
                            warehouse->ListRelations(schemas, {}));
    seconds.push_back(
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begun)
            .count());
    relations = found.size();
  }
  const double first = seconds.front();
  const auto middle = seconds.begin() + 1 + options.rounds / 2;
  std::nth_element(seconds.begin() + 1, middle, seconds.end());
  return absl::StrFormat(
      R"({"relations": %d, "first_seconds": %g, "seconds": %g})", relations,
      first, *middle);
}

}  // namespace
}  // namespace doppel::bench

int main(int argc, char** argv) {
  const auto options = doppel::bench::ReadOptions(argc, argv);
  if (!options.has_value()) {
    std::fprintf(stderr,
                 "usage: catalog_benchmark --profiles_dir=FOLDER "
                 "--connection=NAME [--rounds=N] SCHEMA...\n");
    return 2;
  }
  const auto measured = doppel::bench::Measure(*options);
  if (!measured.ok()) {
    std::fprintf(stderr, "%s\n", measured.status().ToString().c_str());
    return 1;
  }
  std::printf("%s\n", measured->c_str());
  return 0;
}
