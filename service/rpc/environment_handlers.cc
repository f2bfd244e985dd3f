#include "service/rpc/environment_handlers.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "doppel/v1/environment_service.pb.h"
#include "service/base/error.h"
#include "service/base/identifier.h"
#include "service/base/status_macros.h"
#include "service/manifest/relation_of.h"
#include "service/rpc/convert_environment.h"
#include "service/rpc/convert_manifest.h"
#include "service/rpc/drift_question.h"
#include "service/rpc/live_catalog.h"
#include "service/rpc/page_token.h"
#include "service/rpc/request_digest.h"
#include "service/rpc/selecting.h"
#include "service/rpc/slice.h"

namespace doppel::rpc {
namespace {

constexpr int kMostListed = 1000;

// The environment's nodes by the names that the catalog knows them under.
absl::flat_hash_map<RelationName, std::string> NodesByRelation(
    const manifest::Manifest& manifest, const Rendering& rendering) {
  absl::flat_hash_map<RelationName, std::string> nodes;
  for (const manifest::Node& node : manifest.nodes()) {
    if (!manifest::HasRelation(node)) continue;
    nodes.emplace(rendering.dialect->CatalogKey(manifest::RelationOf(node),
                                                rendering.quoting),
                  std::string(node.unique_id));
  }
  return nodes;
}

v1::LiveRelation ToLiveRelation(const CatalogEntry& entry,
                                const dialect::Dialect& dialect) {
  v1::LiveRelation out;
  *out.mutable_relation() =
      ToProto(entry.name, entry.kind, {&dialect, dialect.default_quoting()});
  out.set_version(entry.version);
  out.set_size_bytes(entry.size_bytes);
  out.set_row_count(entry.row_count);
  return out;
}

}  // namespace

absl::Status EnvironmentHandlers::CheckReferences(
    const store::EnvironmentRecord& record) const {
  if (!record.manifest.empty()) {
    DOPPEL_RETURN_IF_ERROR(
        services_.store->GetManifest(record.manifest).status());
  }
  if (record.connection.empty()) return absl::OkStatus();
  return services_.connections->TypeOf(record.connection).status();
}

absl::Status EnvironmentHandlers::CreateEnvironment(
    const v1::CreateEnvironmentRequest& in, v1::CreateEnvironmentResponse* out,
    std::stop_token) {
  DOPPEL_ASSIGN_OR_RETURN(
      const bool answered,
      Replay(*services_.store, "CreateEnvironment", in, out));
  if (answered) return absl::OkStatus();
  DOPPEL_ASSIGN_OR_RETURN(store::EnvironmentRecord record,
                          FromProto(in.environment()));
  DOPPEL_RETURN_IF_ERROR(CheckReferences(record));
  record.etag = NewUuid();
  record.create_time = record.update_time = services_.clock();
  *out->mutable_environment() = ToProto(record);
  if (!in.validate_only()) {
    return services_.store->CreateEnvironment(
        record, Remember("CreateEnvironment", in, *out));
  }
  if (!services_.store->GetEnvironment(record.id).ok()) return absl::OkStatus();
  return Error(absl::StatusCode::kAlreadyExists, Reason::kEnvironmentExists,
               absl::StrCat(in.environment().name(), " is there already"))
      .With("environment", in.environment().name())
      .Resource("environment", in.environment().name());
}

absl::Status EnvironmentHandlers::GetEnvironment(
    const v1::GetEnvironmentRequest& in, v1::GetEnvironmentResponse* out,
    std::stop_token) {
  DOPPEL_ASSIGN_OR_RETURN(const store::EnvironmentRecord record,
                          LoadEnvironment(services_, in.name(), "name"));
  *out->mutable_environment() = ToProto(record);
  return absl::OkStatus();
}

absl::Status EnvironmentHandlers::ListEnvironments(
    const v1::ListEnvironmentsRequest& in, v1::ListEnvironmentsResponse* out,
    std::stop_token) {
  DOPPEL_ASSIGN_OR_RETURN(const int size,
                          PageSize(in.page_size(), 50, kMostListed));
  DOPPEL_ASSIGN_OR_RETURN(const std::string from,
                          ReadPageToken(in, in.page_token()));
  DOPPEL_ASSIGN_OR_RETURN(const store::Page<store::EnvironmentRecord> page,
                          services_.store->ListEnvironments(size, from));
  for (const store::EnvironmentRecord& record : page.items) {
    *out->add_environments() = ToProto(record);
  }
  out->set_next_page_token(MakePageToken(in, page.next));
  return absl::OkStatus();
}

absl::Status EnvironmentHandlers::UpdateEnvironment(
    const v1::UpdateEnvironmentRequest& in, v1::UpdateEnvironmentResponse* out,
    std::stop_token) {
  DOPPEL_ASSIGN_OR_RETURN(
      const bool answered,
      Replay(*services_.store, "UpdateEnvironment", in, out));
  if (answered) return absl::OkStatus();
  DOPPEL_ASSIGN_OR_RETURN(
      store::EnvironmentRecord record,
      LoadEnvironment(services_, in.environment().name(), "environment.name"));
  const std::string seen =
      in.environment().etag().empty() ? record.etag : in.environment().etag();
  DOPPEL_RETURN_IF_ERROR(ApplyMask(in.environment(), in.update_mask(), record));
  DOPPEL_RETURN_IF_ERROR(CheckReferences(record));
  const std::string current = record.etag;
  record.etag = NewUuid();
  record.update_time = services_.clock();
  *out->mutable_environment() = ToProto(record);
  if (!in.validate_only()) {
    return services_.store->UpdateEnvironment(
        record, seen, Remember("UpdateEnvironment", in, *out));
  }
  if (seen == current) return absl::OkStatus();
  return Error(absl::StatusCode::kAborted, Reason::kEtagMismatch,
               absl::StrCat(in.environment().name(),
                            " was changed since it was read; read it again"))
      .With("environment", in.environment().name());
}

absl::Status EnvironmentHandlers::DeleteEnvironment(
    const v1::DeleteEnvironmentRequest& in, v1::DeleteEnvironmentResponse* out,
    std::stop_token) {
  DOPPEL_ASSIGN_OR_RETURN(
      const bool answered,
      Replay(*services_.store, "DeleteEnvironment", in, out));
  if (answered) return absl::OkStatus();
  DOPPEL_ASSIGN_OR_RETURN(const store::EnvironmentRecord record,
                          LoadEnvironment(services_, in.name(), "name"));
  if (record.is_protected) {
    return Error(absl::StatusCode::kFailedPrecondition,
                 Reason::kEnvironmentProtected,
                 absl::StrCat(in.name(),
                              " is protected; set protected to false "
                              "before you delete it"))
        .With("environment", in.name())
        .Resource("environment", in.name());
  }
  if (in.validate_only()) return absl::OkStatus();
  return services_.store->DeleteEnvironment(
      record.id, in.etag(), Remember("DeleteEnvironment", in, *out));
}

absl::Status EnvironmentHandlers::ListRelations(
    const v1::ListRelationsRequest& in, v1::ListRelationsResponse* out,
    std::stop_token stop) {
  DOPPEL_ASSIGN_OR_RETURN(
      const store::EnvironmentRecord record,
      LoadEnvironment(services_, in.environment(), "environment"));
  ManifestPtr manifest;
  if (!record.manifest.empty()) {
    DOPPEL_ASSIGN_OR_RETURN(manifest, services_.library->Load(record.manifest));
  }
  std::vector<SchemaName> schemas;
  for (const v1::SchemaName& schema : in.schemas()) {
    schemas.push_back({schema.database(), schema.schema()});
  }
  if (schemas.empty()) {
    DOPPEL_RETURN_IF_ERROR(ManifestOf(record).status());
    schemas = SchemasOf(*manifest);
  }
  DOPPEL_ASSIGN_OR_RETURN(const auto warehouse,
                          OpenWarehouse(services_, record));
  for (SchemaName& schema : schemas) {
    if (schema.database.empty())
      schema.database = warehouse->default_database();
  }
  DOPPEL_ASSIGN_OR_RETURN(const std::vector<CatalogEntry> entries,
                          warehouse->ListRelations(schemas, std::move(stop)));
  const dialect::Dialect& dialect = warehouse->dialect();
  absl::flat_hash_map<RelationName, std::string> nodes;
  if (manifest != nullptr) {
    nodes = NodesByRelation(*manifest, RenderingOf(*manifest));
  }
  DOPPEL_ASSIGN_OR_RETURN(
      const Slice slice,
      SliceOf(in, entries.size(), 1000, services_.limits.max_page_size));
  for (size_t i = slice.begin; i < slice.end; ++i) {
    v1::LiveRelation* const relation = out->add_relations();
    *relation = ToLiveRelation(entries[i], dialect);
    const auto node = nodes.find(dialect.CatalogKey(
        entries[i].name, dialect::Quoting{true, true, true}));
    if (node != nodes.end()) relation->set_unique_id(node->second);
  }
  out->set_next_page_token(slice.next_page_token);
  out->set_total_size(static_cast<int32_t>(entries.size()));
  return absl::OkStatus();
}

absl::Status EnvironmentHandlers::DetectDrift(const v1::DetectDriftRequest& in,
                                              v1::DetectDriftResponse* out,
                                              std::stop_token stop) {
  return DetectDriftOf(services_, in, out, std::move(stop));
}

}  // namespace doppel::rpc
