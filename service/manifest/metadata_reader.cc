#include "service/manifest/metadata_reader.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "service/base/error.h"
#include "service/base/status_macros.h"

namespace doppel::manifest {
namespace {

constexpr absl::string_view kUpload =
    "send the manifest.json of the same target folder";

absl::Status NotAManifest(absl::string_view what, absl::string_view found) {
  return Error(
             absl::StatusCode::kInvalidArgument, Reason::kNotAManifest,
             absl::StrCat("this is ", what, ", not a dbt manifest; ", kUpload))
      .With("found", found);
}

absl::Status VersionUnsupported(absl::string_view found,
                                absl::string_view dbt_version,
                                absl::string_view advice) {
  return Error(absl::StatusCode::kInvalidArgument,
               Reason::kManifestVersionUnsupported,
               absl::StrCat("metadata.dbt_schema_version ", found,
                            dbt_version.empty() ? "" : ", written by dbt ",
                            dbt_version, ": manifests of v", kOldestVersion,
                            " to v", kNewestVersion, " are read; ", advice))
      .With("found", found)
      .With("dbt_version", dbt_version)
      .With("oldest", kOldestVersion)
      .With("newest", kNewestVersion);
}

// Sets the version that `schema` names, such as
// "https://schemas.getdbt.com/dbt/manifest/v12.json".
absl::Status CheckSchema(absl::string_view schema, Metadata& metadata) {
  if (schema.empty()) {
    return VersionUnsupported(
        "is missing", metadata.dbt_version,
        "dbt 0.19 and later write one: build the project with a later dbt");
  }
  const std::vector<absl::string_view> parts = absl::StrSplit(schema, '/');
  absl::string_view version = parts.back();
  if (parts.size() > 1 && parts[parts.size() - 2] != "manifest") {
    const absl::string_view kind = parts[parts.size() - 2];
    const std::string file =
        absl::StrCat(kind == "run-results" ? "run_results" : kind, ".json");
    return NotAManifest(absl::StrCat("a ", file, " of dbt (", schema, ")"),
                        file);
  }
  int number = 0;
  const bool known = absl::ConsumePrefix(&version, "v") &&
                     absl::ConsumeSuffix(&version, ".json") &&
                     absl::SimpleAtoi(version, &number);
  if (!known || number < kOldestVersion) {
    return VersionUnsupported(absl::StrCat("is \"", schema, "\""),
                              metadata.dbt_version,
                              "build the project with a later dbt");
  }
  if (number > kNewestVersion) {
    return VersionUnsupported(absl::StrCat("is v", number),
                              metadata.dbt_version,
                              "a later doppel may read it");
  }
  metadata.schema_version = number;
  return absl::OkStatus();
}

absl::Status ReadQuoting(Reader& reader, JsonCursor& cursor, Quoting& quoting) {
  return reader.ReadMembers(
      cursor, [&](absl::string_view key, JsonCursor& member) -> absl::Status {
        std::optional<bool>* quoted = key == "database" ? &quoting.database
                                      : key == "schema" ? &quoting.schema
                                      : key == "identifier"
                                          ? &quoting.identifier
                                          : nullptr;
        if (quoted == nullptr) return reader.Skip(member);
        const bool is_null = member.kind() == JsonCursor::Kind::kNull;
        bool truth = false;
        DOPPEL_RETURN_IF_ERROR(reader.ReadBool(member, &truth));
        quoted->reset();
        if (!is_null) *quoted = truth;
        return absl::OkStatus();
      });
}

absl::string_view* TextField(Metadata& metadata, absl::string_view key) {
  if (key == "dbt_version") return &metadata.dbt_version;
  if (key == "project_name") return &metadata.project_name;
  if (key == "adapter_type") return &metadata.adapter_type;
  if (key == "generated_at") return &metadata.generated_at;
  if (key == "invocation_id") return &metadata.invocation_id;
  return nullptr;
}

}  // namespace

absl::Status ReadMetadata(Reader& reader, JsonCursor& cursor) {
  Metadata& metadata = reader.builder().metadata();
  std::string schema;
  DOPPEL_RETURN_IF_ERROR(reader.ReadMembers(
      cursor, [&](absl::string_view key, JsonCursor& member) -> absl::Status {
        reader.set_field(key);
        if (key == "quoting") {
          return ReadQuoting(reader, member, metadata.quoting);
        }
        std::optional<absl::string_view> text;
        if (key == "dbt_schema_version") {
          DOPPEL_RETURN_IF_ERROR(reader.ReadText(member, &text));
          schema = std::string(text.value_or(""));
          return absl::OkStatus();
        }
        absl::string_view* field = TextField(metadata, key);
        if (field == nullptr) return reader.Skip(member);
        DOPPEL_RETURN_IF_ERROR(reader.ReadInterned(member, &text));
        *field = text.value_or("");
        return absl::OkStatus();
      }));
  return CheckSchema(schema, metadata);
}

absl::Status NoMetadata(bool is_semantic_manifest) {
  if (is_semantic_manifest) {
    return NotAManifest("a semantic_manifest.json of dbt",
                        "semantic_manifest.json");
  }
  return NotAManifest("JSON without \"metadata\"", "no metadata");
}

}  // namespace doppel::manifest
