#include "tests/conformance/oracle_case.h"

#include <simdjson.h>
#include <zlib.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string_view>
#include <system_error>
#include <tuple>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "service/base/status_macros.h"

namespace doppel::conformance {
namespace {

namespace dom = simdjson::dom;

absl::StatusOr<std::string> ReadGzip(const std::string& path) {
  std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"),
                                                  gzclose);
  if (file == nullptr) {
    return absl::NotFoundError(absl::StrCat("no file ", path));
  }
  std::string bytes;
  std::string chunk(1 << 20, '\0');
  int read = 0;
  while ((read = gzread(file.get(), chunk.data(), chunk.size())) > 0) {
    bytes.append(chunk, 0, read);
  }
  if (read < 0) {
    return absl::DataLossError(absl::StrCat(path, " is not a gzip file"));
  }
  return bytes;
}

std::string StringAt(const dom::element& object, std::string_view key) {
  std::string_view text;
  return object[key].get(text) == simdjson::SUCCESS ? std::string(text) : "";
}

std::vector<std::string> StringsAt(const dom::element& object,
                                   std::string_view key) {
  std::vector<std::string> strings;
  dom::array array;
  if (object[key].get(array) != simdjson::SUCCESS) return strings;
  for (dom::element element : array) {
    std::string_view text;
    if (element.get(text) == simdjson::SUCCESS) strings.emplace_back(text);
  }
  return strings;
}

// The text of one of the case's artifacts.
std::optional<std::string> ArtifactAt(const dom::element& line,
                                      std::string_view path) {
  std::string_view text;
  if (line["artifacts"][path].get(text) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  return std::string(text);
}

// dbt prints a finding of a contract once for each look at it; doppel reports
// it once.
std::vector<state::Warning> WarningsAt(const dom::element& object) {
  std::vector<state::Warning> warnings;
  dom::array array;
  if (object["warnings"].get(array) != simdjson::SUCCESS) return warnings;
  for (dom::element element : array) {
    const std::string message = StringAt(element, "msg");
    warnings.push_back(
        {.name = StringAt(element, "name"),
         .message = std::string(absl::StripPrefix(message, "[WARNING]: "))});
  }
  auto by_text = [](const state::Warning& a, const state::Warning& b) {
    return std::tie(a.name, a.message) < std::tie(b.name, b.message);
  };
  std::sort(warnings.begin(), warnings.end(), by_text);
  warnings.erase(std::unique(warnings.begin(), warnings.end()), warnings.end());
  return warnings;
}

OracleCase CaseOf(const dom::element& line) {
  OracleCase result;
  result.case_id = StringAt(line, "case_id");
  result.current_manifest = StringAt(line, "current_manifest");
  std::string_view base;
  if (line["base_manifest"].get(base) == simdjson::SUCCESS) {
    result.base_manifest = std::string(base);
  }
  result.args = StringsAt(line, "args");
  if (std::string version = StringAt(line, "dbt_version"); !version.empty()) {
    result.dbt_version = std::move(version);
  }
  bool flag = false;
  if (line["flags"]["state_modified_compare_more_unrendered_values"].get(
          flag) == simdjson::SUCCESS) {
    result.compare_more_unrendered_values = flag;
  }
  int64_t rc = 0;
  result.rejected = line["rc"].get(rc) != simdjson::SUCCESS || rc != 0;
  result.stderr_tail = StringAt(line, "stderr_tail");
  result.expected_unique_ids = StringsAt(line, "expected_unique_ids");
  std::sort(result.expected_unique_ids.begin(),
            result.expected_unique_ids.end());
  result.warnings = WarningsAt(line);
  result.run_results = ArtifactAt(line, "state/run_results.json");
  result.sources = ArtifactAt(line, "state/sources.json");
  result.current_sources = ArtifactAt(line, "target/sources.json");
  return result;
}

}  // namespace

std::string OwnOracleFolder() {
  // Under Bazel the working directory holds links into the repository.
  return std::filesystem::weakly_canonical("tests/conformance/oracle_case.h")
      .parent_path()
      .string();
}

std::optional<std::string> OracleFolder() {
  std::filesystem::path folder;
  if (const char* variable = std::getenv("DOPPEL_ORACLE")) {
    folder = variable;
  } else {
    folder =
        std::filesystem::path(OwnOracleFolder()) / "../../../shared/oracle";
  }
  std::error_code none;
  if (!std::filesystem::is_directory(folder / "cases", none)) {
    return std::nullopt;
  }
  return folder.string();
}

absl::StatusOr<std::vector<std::string>> ReadOracleLines(
    absl::string_view folder, absl::string_view name) {
  DOPPEL_ASSIGN_OR_RETURN(
      const std::string text,
      ReadGzip(absl::StrCat(folder, "/cases/", name, ".jsonl.gz")));
  return std::vector<std::string>(
      absl::StrSplit(text, '\n', absl::SkipEmpty()));
}

absl::StatusOr<std::vector<OracleCase>> ReadOracleCases(
    absl::string_view folder, absl::string_view project) {
  DOPPEL_ASSIGN_OR_RETURN(const std::vector<std::string> lines,
                          ReadOracleLines(folder, project));
  std::vector<OracleCase> cases;
  dom::parser parser;
  for (const std::string& line : lines) {
    dom::element element;
    if (parser.parse(line).get(element) != simdjson::SUCCESS) {
      return absl::DataLossError(
          absl::StrCat("cases of ", project, ": a line is not JSON"));
    }
    cases.push_back(CaseOf(element));
  }
  return cases;
}

absl::StatusOr<std::string> ReadOracleManifest(absl::string_view folder,
                                               absl::string_view key) {
  if (absl::ConsumePrefix(&key, "manifests/")) {
    return ReadGzip(absl::StrCat(folder, "/public/", key, "/manifest.json.gz"));
  }
  return ReadGzip(absl::StrCat(folder, "/manifests/", key, ".json.gz"));
}

}  // namespace doppel::conformance
