#include "service/rpc/convert_environment.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "doppel/v1/environment.pb.h"
#include "service/base/digest.h"
#include "service/base/error.h"
#include "service/base/identifier.h"
#include "service/base/status_macros.h"
#include "service/rpc/convert_manifest.h"

namespace doppel::rpc {
namespace {

constexpr size_t kMaxDescriptionBytes = 1000;

using Violations = std::vector<ErrorDetails::FieldViolation>;

// The digest of a manifest's name, or "" where none is named.
std::string ManifestDigest(const v1::Environment& environment,
                           Violations& violations) {
  if (environment.manifest().empty()) return "";
  absl::string_view digest = environment.manifest();
  if (!absl::ConsumePrefix(&digest, "manifests/") || !IsSha256Hex(digest)) {
    violations.push_back(
        {"environment.manifest",
         absl::StrCat("expected \"manifests/{sha256}\", got \"",
                      environment.manifest(), "\"")});
    return "";
  }
  return std::string(digest);
}

std::string EnvironmentId(const v1::Environment& environment,
                          Violations& violations) {
  absl::string_view id = environment.name();
  if (!absl::ConsumePrefix(&id, "environments/") || !IsResourceId(id)) {
    violations.push_back(
        {"environment.name",
         absl::StrCat("expected \"environments/\" and an id of 1 to 63 of a-z, "
                      "0-9, '-', '_' that begins with a letter, got \"",
                      environment.name(), "\"")});
  }
  return std::string(id);
}

absl::Status Rejected(const Violations& violations) {
  if (violations.empty()) return absl::OkStatus();
  Error error(
      absl::StatusCode::kInvalidArgument, Reason::kInvalidArgument,
      absl::StrCat(violations[0].field, ": ", violations[0].description));
  for (const ErrorDetails::FieldViolation& violation : violations) {
    error.With(violation.field, violation.description)
        .Field(violation.field, violation.description);
  }
  return error;
}

}  // namespace

v1::Environment ToProto(const store::EnvironmentRecord& record) {
  v1::Environment out;
  out.set_name(absl::StrCat("environments/", record.id));
  if (!record.manifest.empty()) {
    out.set_manifest(absl::StrCat("manifests/", record.manifest));
  }
  out.set_connection(record.connection);
  out.set_protected_(record.is_protected);
  if (record.expire_time.has_value()) {
    *out.mutable_expire_time() = ToProto(*record.expire_time);
  }
  out.set_description(record.description);
  out.set_etag(record.etag);
  *out.mutable_create_time() = ToProto(record.create_time);
  *out.mutable_update_time() = ToProto(record.update_time);
  return out;
}

absl::StatusOr<store::EnvironmentRecord> FromProto(
    const v1::Environment& environment) {
  Violations violations;
  store::EnvironmentRecord record;
  record.id = EnvironmentId(environment, violations);
  record.manifest = ManifestDigest(environment, violations);
  record.connection = environment.connection();
  record.is_protected = environment.protected_();
  if (environment.has_expire_time()) {
    record.expire_time = FromProto(environment.expire_time());
  }
  record.description = environment.description();
  if (record.description.size() > kMaxDescriptionBytes) {
    violations.push_back(
        {"environment.description",
         absl::StrCat("has ", record.description.size(), " bytes, at most ",
                      kMaxDescriptionBytes, " are kept")});
  }
  DOPPEL_RETURN_IF_ERROR(Rejected(violations));
  return record;
}

absl::Status ApplyMask(const v1::Environment& changes,
                       const google::protobuf::FieldMask& mask,
                       store::EnvironmentRecord& record) {
  DOPPEL_ASSIGN_OR_RETURN(store::EnvironmentRecord from, FromProto(changes));
  std::vector<std::string> paths(mask.paths().begin(), mask.paths().end());
  if (paths.empty()) {
    if (!changes.manifest().empty()) paths.emplace_back("manifest");
    if (!changes.connection().empty()) paths.emplace_back("connection");
    if (changes.protected_()) paths.emplace_back("protected");
    if (changes.has_expire_time()) paths.emplace_back("expire_time");
    if (!changes.description().empty()) paths.emplace_back("description");
  }
  for (const std::string& path : paths) {
    if (path == "manifest") {
      record.manifest = from.manifest;
    } else if (path == "connection") {
      record.connection = from.connection;
    } else if (path == "protected") {
      record.is_protected = from.is_protected;
    } else if (path == "expire_time") {
      record.expire_time = from.expire_time;
    } else if (path == "description") {
      record.description = from.description;
    } else {
      return Rejected(
          {{"update_mask", absl::StrCat("\"", path,
                                        "\" is none of manifest, "
                                        "connection, protected, expire_time, "
                                        "description")}});
    }
  }
  return absl::OkStatus();
}

}  // namespace doppel::rpc
