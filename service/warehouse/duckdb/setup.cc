#include "service/warehouse/duckdb/setup.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "service/base/error.h"
#include "service/warehouse/adbc/instances.h"
#include "service/warehouse/duckdb/errors.h"
#include "service/warehouse/listing.h"

namespace doppel::warehouse::duckdb {
namespace {

std::string QuotedAlias(absl::string_view alias) {
  return absl::StrCat("\"", absl::StrReplaceAll(alias, {{"\"", "\"\""}}), "\"");
}

std::string Attach(const Attachment& attachment) {
  std::vector<std::string> options;
  if (attachment.is_read_only) options.push_back("READ_ONLY");
  for (const auto& [key, value] : attachment.options) {
    options.push_back(absl::StrCat(key, " ", Literal(value)));
  }
  std::string sql = absl::StrCat("ATTACH ", Literal(attachment.path), " AS ",
                                 QuotedAlias(attachment.alias));
  if (options.empty()) return sql;
  return absl::StrCat(sql, " (", absl::StrJoin(options, ", "), ")");
}

}  // namespace

adbc::InstanceSpec SpecOf(const Credentials& credentials,
                          absl::string_view unique) {
  adbc::InstanceSpec spec;
  spec.key = credentials.path;
  if (credentials.path == kInMemory) {
    spec.key = absl::StrCat(kInMemory, unique);
  } else {
    spec.claims.push_back({credentials.path, false});
  }
  spec.map_open_error = MapOpenError;
  spec.options = {{"path", credentials.path},
                  {"autoinstall_known_extensions", "false"}};
  for (const auto& option : credentials.config) spec.options.push_back(option);
  for (const std::string& extension : credentials.extensions) {
    spec.setup.push_back(absl::StrCat("LOAD ", Literal(extension)));
  }
  for (const Attachment& attachment : credentials.attachments) {
    spec.setup.push_back(Attach(attachment));
    if (attachment.path == kInMemory) continue;
    spec.claims.push_back({attachment.path, attachment.is_read_only});
  }
  return spec;
}

std::vector<std::string> SessionSetup(const Credentials& credentials) {
  std::vector<std::string> statements;
  for (const auto& [key, value] : credentials.settings) {
    statements.push_back(absl::StrCat("SET ", key, " = ", Literal(value)));
  }
  return statements;
}

absl::Status ExplainSetupError(const absl::Status& status) {
  if (!absl::StrContains(status.message(), "Extension")) return status;
  return Error(absl::StatusCode::kFailedPrecondition,
               Reason::kWarehouseUnsupported,
               absl::StrCat(status.message(),
                            "; doppel downloads no extension: INSTALL it once "
                            "with this version of DuckDB, or take it out of "
                            "the profile's \"extensions\""));
}

}  // namespace doppel::warehouse::duckdb
