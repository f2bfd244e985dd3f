#include "service/rpc/convert_plan.h"

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "doppel/v1/plan.pb.h"
#include "service/rpc/convert_manifest.h"

namespace doppel::rpc {
namespace {

// The engine's names are the contract's, in lower case and without the prefix
// (convert_plan_test shows it): "pointer_view" is OPERATION_KIND_POINTER_VIEW.
template <typename Enum>
Enum EnumOf(absl::string_view prefix, absl::string_view name,
            bool (*parse)(const std::string&, Enum*)) {
  Enum value{};
  parse(absl::StrCat(prefix, absl::AsciiStrToUpper(name)), &value);
  return value;
}

bool ParseKind(const std::string& name, v1::OperationKind* value) {
  return v1::OperationKind_Parse(name, value);
}
bool ParseReason(const std::string& name, v1::OperationReason* value) {
  return v1::OperationReason_Parse(name, value);
}
bool ParsePlanKind(const std::string& name, v1::PlanKind* value) {
  return v1::PlanKind_Parse(name, value);
}
bool ParsePrecondition(const std::string& name, v1::PreconditionKind* value) {
  return v1::PreconditionKind_Parse(name, value);
}

bool ParseEscape(const std::string& name, v1::EscapeReason* value) {
  return v1::EscapeReason_Parse(name, value);
}

v1::Relation ToRelation(const clone::PlannedRelation& relation) {
  v1::Relation out;
  out.set_database(relation.name.database);
  out.set_schema(relation.name.schema);
  out.set_identifier(relation.name.identifier);
  out.set_kind(ToProto(relation.kind));
  out.set_rendered(relation.rendered);
  return out;
}

v1::Placement ToPlacement(const clone::Placement& placement) {
  v1::Placement out;
  out.set_unique_id(placement.unique_id);
  if (placement.source.has_value()) {
    *out.mutable_source() = ToRelation(*placement.source);
  }
  out.set_copied(placement.copied);
  *out.mutable_target() = ToRelation(placement.target);
  if (placement.kept_as.has_value()) {
    *out.mutable_kept_as() = ToRelation(*placement.kept_as);
  }
  out.set_expires(placement.expires);
  if (placement.kept_version.has_value()) {
    out.set_kept_version(*placement.kept_version);
  }
  for (const clone::PlannedRelation& follower : placement.followers) {
    *out.add_followers() = ToRelation(follower);
  }
  return out;
}

v1::Precondition ToPrecondition(const clone::Precondition& precondition) {
  v1::Precondition out;
  out.set_kind(EnumOf("PRECONDITION_KIND_",
                      clone::PreconditionKindName(precondition.kind),
                      &ParsePrecondition));
  out.set_subject(precondition.subject);
  out.set_expected(precondition.expected);
  return out;
}

v1::Escape ToEscape(const clone::Escape& escape) {
  v1::Escape out;
  out.set_unique_id(escape.unique_id);
  *out.mutable_target() = ToRelation(escape.target);
  *out.mutable_reads() = ToRelation(escape.reads);
  out.set_reads_unique_id(escape.reads_unique_id);
  out.set_reason(EnumOf("ESCAPE_REASON_",
                        clone::EscapeReasonName(escape.reason), &ParseEscape));
  out.set_explanation(escape.explanation);
  return out;
}

void FillSummary(const clone::PlanSummary& summary, v1::PlanSummary* out) {
  out->set_clones(summary.clones);
  out->set_pointer_views(summary.pointer_views);
  out->set_copies(summary.copies);
  out->set_skips(summary.skips);
  out->set_schemas(summary.schemas);
  out->set_drops(summary.drops);
  out->set_renames(summary.renames);
  out->set_replaced_relations(summary.replaced_relations);
  out->set_statements(summary.statements);
  out->set_views(summary.views);
  out->set_escapes(summary.escapes);
}

std::string NameOrNone(absl::string_view collection, const std::string& id) {
  return id.empty() ? "" : absl::StrCat(collection, "/", id);
}

}  // namespace

v1::Operation ToProto(const clone::Operation& operation) {
  v1::Operation out;
  out.set_id(operation.id);
  out.set_kind(EnumOf("OPERATION_KIND_",
                      clone::OperationKindName(operation.kind), &ParseKind));
  out.set_unique_id(operation.unique_id);
  if (operation.source.has_value()) {
    *out.mutable_source() = ToRelation(*operation.source);
  }
  if (operation.target.has_value()) {
    *out.mutable_target() = ToRelation(*operation.target);
  }
  out.mutable_statements()->Add(operation.statements.begin(),
                                operation.statements.end());
  out.set_reason(EnumOf("OPERATION_REASON_",
                        clone::OperationReasonName(operation.reason),
                        &ParseReason));
  out.set_explanation(operation.explanation);
  out.mutable_depends_on()->Add(operation.depends_on.begin(),
                                operation.depends_on.end());
  if (operation.replaces.has_value()) {
    *out.mutable_replaces() = ToRelation(*operation.replaces);
  }
  for (const clone::Placement& placement : operation.placements) {
    *out.add_placements() = ToPlacement(placement);
  }
  return out;
}

v1::ClonePlan ToProto(const clone::Plan& plan, absl::string_view fingerprint,
                      absl::Time create_time, bool full) {
  v1::ClonePlan out;
  out.set_name(NameOrNone("plans", plan.id));
  out.set_kind(
      EnumOf("PLAN_KIND_", clone::PlanKindName(plan.kind), &ParsePlanKind));
  out.set_source_environment(
      NameOrNone("environments", plan.source_environment));
  out.set_target_environment(
      NameOrNone("environments", plan.target_environment));
  out.set_source_manifest(NameOrNone("manifests", plan.source_manifest));
  out.set_target_manifest(NameOrNone("manifests", plan.target_manifest));
  out.set_connection(plan.connection);
  out.set_warehouse(plan.warehouse);
  FillSummary(clone::Summarize(plan), out.mutable_summary());
  ToProto(plan.warnings, out.mutable_warnings());
  out.set_manifest_after(NameOrNone("manifests", plan.manifest_after));
  if (plan.keep_seconds != 0) {
    out.mutable_keep_old()->set_seconds(plan.keep_seconds);
  }
  out.set_fingerprint(std::string(fingerprint));
  *out.mutable_create_time() = ToProto(create_time);
  if (!full) return out;
  for (const clone::Operation& operation : plan.operations) {
    *out.add_operations() = ToProto(operation);
  }
  for (const clone::Precondition& precondition : plan.preconditions) {
    *out.add_preconditions() = ToPrecondition(precondition);
  }
  for (const clone::Escape& escape : plan.escapes) {
    *out.add_escapes() = ToEscape(escape);
  }
  return out;
}

}  // namespace doppel::rpc
