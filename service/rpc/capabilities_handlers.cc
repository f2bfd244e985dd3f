#include "service/rpc/capabilities_handlers.h"

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "doppel/v1/capabilities_service.pb.h"
#include "service/base/relation.h"
#include "service/base/status_macros.h"
#include "service/dialect/capability.h"
#include "service/dialect/dialect.h"
#include "service/rpc/convert_manifest.h"

namespace doppel::rpc {
namespace {

void FillLimits(const Limits& limits, v1::Limits* out) {
  out->set_max_manifest_bytes(limits.max_manifest_bytes);
  out->set_max_manifest_nodes(limits.max_manifest_nodes);
  out->set_max_chunk_bytes(limits.max_chunk_bytes);
  out->set_max_artifact_bytes(limits.max_artifact_bytes);
  out->set_max_page_size(limits.max_page_size);
  out->set_max_sources(limits.max_sources);
  out->set_max_connections(limits.max_connections);
}

v1::SwapStep StepOf(dialect::Swap swap) {
  switch (swap) {
    case dialect::Swap::kRename:
      return v1::SWAP_STEP_RENAME;
    case dialect::Swap::kVersions:
      return v1::SWAP_STEP_VERSIONS;
    case dialect::Swap::kRelations:
      return v1::SWAP_STEP_RELATIONS;
    case dialect::Swap::kSchemas:
      return v1::SWAP_STEP_SCHEMAS;
    case dialect::Swap::kTransaction:
      return v1::SWAP_STEP_TRANSACTION;
    case dialect::Swap::kNone:
      break;
  }
  return v1::SWAP_STEP_NONE;
}

v1::NameCase CaseOf(dialect::Folding folding) {
  switch (folding) {
    case dialect::Folding::kLower:
      return v1::NAME_CASE_LOWER;
    case dialect::Folding::kUpper:
      return v1::NAME_CASE_UPPER;
    case dialect::Folding::kKeep:
      break;
  }
  return v1::NAME_CASE_KEPT;
}

void FillCloning(const dialect::Dialect& dialect, v1::Warehouse& out) {
  const dialect::Capabilities& capabilities = dialect.capabilities();
  out.set_zero_copy_clone(capabilities.zero_copy_clone);
  out.set_clone_statement(dialect::CloneExample(dialect));
  for (const RelationKind kind : dialect::CloneableKinds(dialect)) {
    out.add_cloneable_kinds(ToProto(kind));
  }
  out.set_deepest_clone(capabilities.deepest_clone);
  out.set_clones_schemas(capabilities.clones_schemas);
  out.set_time_travel(capabilities.time_travel);
  if (capabilities.longest_time_travel > absl::ZeroDuration()) {
    out.mutable_longest_time_travel()->set_seconds(
        absl::ToInt64Seconds(capabilities.longest_time_travel));
  }
}

v1::Warehouse ToWarehouse(const dialect::Dialect& dialect,
                          const warehouse::Connections& connections) {
  const dialect::Capabilities& capabilities = dialect.capabilities();
  v1::Warehouse out;
  out.set_type(std::string(dialect.type()));
  out.set_unavailable_cause(connections.UnavailableCause(dialect.type()));
  out.set_executable(out.unavailable_cause().empty());
  FillCloning(dialect, out);
  out.set_transactional_ddl(capabilities.transactional_ddl);
  out.set_swap(StepOf(capabilities.swap));
  out.set_quoted_name(dialect.QuoteIdentifier("Ab"));
  out.set_quoted_case(CaseOf(dialect.folding(/*quoted=*/true)));
  out.set_unquoted_case(CaseOf(dialect.folding(/*quoted=*/false)));
  out.set_notes(capabilities.notes);
  return out;
}

}  // namespace

absl::Status CapabilitiesHandlers::GetCapabilities(
    const v1::GetCapabilitiesRequest&, v1::GetCapabilitiesResponse* out,
    std::stop_token) {
  out->set_server_version(services_.server_version);
  out->add_api_versions("doppel.v1");
  out->set_min_manifest_version(1);
  out->set_max_manifest_version(12);
  out->set_dbt_rules("1.12");
  FillLimits(services_.limits, out->mutable_limits());
  for (const dialect::Dialect* const dialect : dialect::AllDialects()) {
    *out->add_warehouses() = ToWarehouse(*dialect, *services_.connections);
  }
  DOPPEL_ASSIGN_OR_RETURN(const auto connections,
                          services_.connections->List());
  for (const warehouse::Connections::Listed& listed : connections) {
    v1::Connection* const connection = out->add_connections();
    connection->set_name(listed.name);
    connection->set_warehouse(listed.type);
  }
  return absl::OkStatus();
}

}  // namespace doppel::rpc
