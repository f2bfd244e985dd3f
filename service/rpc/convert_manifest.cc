#include "service/rpc/convert_manifest.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "doppel/v1/manifest.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "service/base/error.h"
#include "service/deferral/project_quoting.h"
#include "service/manifest/manifest.h"
#include "service/manifest/node.h"
#include "service/manifest/relation_of.h"

namespace doppel::rpc {
namespace {

using manifest::Node;
using manifest::ResourceType;

v1::DifferenceCauseKind ToCauseKind(state::CauseKind kind) {
  switch (kind) {
    case state::CauseKind::kNew:
      return v1::DIFFERENCE_CAUSE_KIND_NEW;
    case state::CauseKind::kBody:
      return v1::DIFFERENCE_CAUSE_KIND_BODY;
    case state::CauseKind::kConfig:
      return v1::DIFFERENCE_CAUSE_KIND_CONFIG;
    case state::CauseKind::kPersistedDescription:
      return v1::DIFFERENCE_CAUSE_KIND_PERSISTED_DESCRIPTION;
    case state::CauseKind::kRelation:
      return v1::DIFFERENCE_CAUSE_KIND_RELATION;
    case state::CauseKind::kFqn:
      return v1::DIFFERENCE_CAUSE_KIND_FQN;
    case state::CauseKind::kMacro:
      return v1::DIFFERENCE_CAUSE_KIND_MACRO;
    case state::CauseKind::kContract:
      return v1::DIFFERENCE_CAUSE_KIND_CONTRACT;
    case state::CauseKind::kField:
      return v1::DIFFERENCE_CAUSE_KIND_FIELD;
    case state::CauseKind::kVar:
      return v1::DIFFERENCE_CAUSE_KIND_VAR;
  }
  return v1::DIFFERENCE_CAUSE_KIND_UNSPECIFIED;
}

void AddCauses(const std::vector<state::Cause>& causes,
               google::protobuf::RepeatedPtrField<v1::DifferenceCause>* out) {
  for (const state::Cause& cause : causes) {
    v1::DifferenceCause* const added = out->Add();
    added->set_kind(ToCauseKind(cause.kind));
    added->set_subject(cause.subject);
    added->mutable_path()->Add(cause.path.begin(), cause.path.end());
    added->set_detail(cause.detail);
    added->set_from_environment(cause.from_environment);
  }
}

void SetTimestamp(absl::string_view iso8601,
                  google::protobuf::Timestamp* (v1::Manifest::*field)(),
                  v1::Manifest* out) {
  absl::Time time;
  std::string error;
  // dbt writes UTC, with a Z, an offset, or nothing.
  for (const char* form : {"%Y-%m-%dT%H:%M:%E*S%Ez", "%Y-%m-%dT%H:%M:%E*S"}) {
    if (absl::ParseTime(form, std::string(iso8601), &time, &error)) {
      *(out->*field)() = ToProto(time);
      return;
    }
  }
}

void AddCounts(const manifest::Manifest& manifest, v1::Manifest* out) {
  std::map<absl::string_view, int> counts;
  for (const Node& node : manifest.nodes()) {
    ++counts[manifest::ResourceTypeName(node.type)];
  }
  for (const auto& [type, count] : counts) {
    v1::NodeCount* const row = out->add_node_counts();
    row->set_resource_type(std::string(type));
    row->set_count(count);
  }
}

std::string VersionText(const manifest::JsonValue* version) {
  return version == nullptr || version->is_null() ? "" : version->ToString();
}

}  // namespace

google::protobuf::Timestamp ToProto(absl::Time time) {
  google::protobuf::Timestamp out;
  const int64_t nanos = absl::ToUnixNanos(time);
  constexpr int64_t kSecond = 1'000'000'000;
  const int64_t seconds = nanos / kSecond - (nanos % kSecond < 0 ? 1 : 0);
  out.set_seconds(seconds);
  out.set_nanos(static_cast<int32_t>(nanos - seconds * kSecond));
  return out;
}

absl::Time FromProto(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) +
         absl::Nanoseconds(time.nanos());
}

v1::Manifest ToProto(const manifest::Manifest& manifest,
                     absl::Time create_time) {
  const manifest::Metadata& metadata = manifest.metadata();
  v1::Manifest out;
  out.set_name(absl::StrCat("manifests/", manifest.digest()));
  out.set_size_bytes(static_cast<int64_t>(manifest.text().size()));
  out.set_schema_version(metadata.schema_version);
  out.set_dbt_version(std::string(metadata.dbt_version));
  out.set_project_name(std::string(metadata.project_name));
  out.set_adapter_type(std::string(metadata.adapter_type));
  SetTimestamp(metadata.generated_at, &v1::Manifest::mutable_generated_at,
               &out);
  out.set_invocation_id(std::string(metadata.invocation_id));
  *out.mutable_create_time() = ToProto(create_time);
  AddCounts(manifest, &out);
  out.set_macro_count(static_cast<int32_t>(manifest.macro_count()));
  if (manifest.selectors() != nullptr) {
    for (const manifest::JsonMember& selector :
         manifest.selectors()->members()) {
      out.add_selectors(std::string(selector.key));
    }
  }
  for (const std::string& finding : manifest.dangling()) {
    out.add_findings(
        absl::StrCat("depends on a node that is not there: ", finding));
  }
  return out;
}

Rendering RenderingOf(const manifest::Manifest& manifest) {
  absl::StatusOr<const dialect::Dialect*> dialect =
      dialect::FindDialect(manifest.metadata().adapter_type);
  if (!dialect.ok()) dialect = dialect::FindDialect("postgres");
  return {*dialect, deferral::QuotingOf(manifest, **dialect)};
}

v1::RelationKind ToProto(RelationKind kind) {
  switch (kind) {
    case RelationKind::kTable:
      return v1::RELATION_KIND_TABLE;
    case RelationKind::kView:
      return v1::RELATION_KIND_VIEW;
    case RelationKind::kMaterializedView:
      return v1::RELATION_KIND_MATERIALIZED_VIEW;
    case RelationKind::kExternal:
      return v1::RELATION_KIND_EXTERNAL;
    case RelationKind::kDynamicTable:
      return v1::RELATION_KIND_DYNAMIC_TABLE;
    case RelationKind::kFunction:
      return v1::RELATION_KIND_FUNCTION;
    case RelationKind::kUnknown:
      break;
  }
  return v1::RELATION_KIND_UNSPECIFIED;
}

RelationKind FromProto(v1::RelationKind kind) {
  switch (kind) {
    case v1::RELATION_KIND_TABLE:
      return RelationKind::kTable;
    case v1::RELATION_KIND_VIEW:
      return RelationKind::kView;
    case v1::RELATION_KIND_MATERIALIZED_VIEW:
      return RelationKind::kMaterializedView;
    case v1::RELATION_KIND_EXTERNAL:
      return RelationKind::kExternal;
    case v1::RELATION_KIND_DYNAMIC_TABLE:
      return RelationKind::kDynamicTable;
    case v1::RELATION_KIND_FUNCTION:
      return RelationKind::kFunction;
    default:
      return RelationKind::kUnknown;
  }
}

v1::Relation ToProto(const RelationName& name, RelationKind kind,
                     const Rendering& rendering) {
  v1::Relation out;
  out.set_database(name.database);
  out.set_schema(name.schema);
  out.set_identifier(name.identifier);
  out.set_kind(ToProto(kind));
  out.set_rendered(rendering.dialect->Render(name, rendering.quoting));
  return out;
}

v1::Node ToBasicProto(const Node& node) {
  v1::Node out;
  out.set_unique_id(std::string(node.unique_id));
  out.set_resource_type(std::string(manifest::ResourceTypeName(node.type)));
  out.set_name(std::string(node.name));
  return out;
}

v1::Node ToProto(const manifest::Manifest& manifest, manifest::NodeId id,
                 const Rendering& rendering) {
  const Node& node = manifest.node(id);
  v1::Node out = ToBasicProto(node);
  out.set_package_name(std::string(node.package_name));
  for (const absl::string_view part : node.fqn) {
    out.add_fqn(std::string(part));
  }
  for (const absl::string_view tag : node.tags) out.add_tags(std::string(tag));
  out.set_original_file_path(std::string(node.original_file_path));
  out.set_materialized(std::string(node.materialized));
  if (manifest::HasRelation(node)) {
    *out.mutable_relation() =
        ToProto(manifest::RelationOf(node), RelationKind::kUnknown, rendering);
    // A source has quoting of its own, and may stand for a file.
    if (node.type == ResourceType::kSource && node.relation_name.has_value()) {
      out.mutable_relation()->set_rendered(std::string(*node.relation_name));
    }
  }
  for (const manifest::NodeId parent : manifest.parents(id)) {
    out.add_depends_on(std::string(manifest.node(parent).unique_id));
  }
  out.set_version(VersionText(node.version));
  out.set_latest_version(VersionText(node.latest_version));
  return out;
}

void ToProto(const std::vector<state::Warning>& warnings,
             google::protobuf::RepeatedPtrField<v1::Warning>* out) {
  for (const state::Warning& warning : warnings) {
    v1::Warning* const added = out->Add();
    added->set_name(warning.name);
    added->set_message(warning.message);
  }
}

v1::Difference ToProto(const state::StateComparison& comparison,
                       manifest::NodeId id) {
  const Node& node = comparison.current().node(id);
  v1::Difference out;
  out.set_unique_id(std::string(node.unique_id));
  out.set_resource_type(std::string(manifest::ResourceTypeName(node.type)));
  out.set_kind(comparison.Counterpart(id).has_value()
                   ? v1::DIFFERENCE_KIND_MODIFIED
                   : v1::DIFFERENCE_KIND_NEW);
  out.set_state_modified(comparison.Matches(id, state::StateValue::kModified));
  AddCauses(comparison.Causes(id), out.mutable_causes());
  AddCauses(comparison.MutedCauses(id), out.mutable_muted_causes());
  return out;
}

v1::Difference ToRemovedProto(const Node& node) {
  v1::Difference out;
  out.set_unique_id(std::string(node.unique_id));
  out.set_resource_type(std::string(manifest::ResourceTypeName(node.type)));
  out.set_kind(v1::DIFFERENCE_KIND_REMOVED);
  return out;
}

absl::StatusOr<selection::SelectionRequest> FromProto(
    const v1::Selection& selection) {
  selection::SelectionRequest out;
  out.select.assign(selection.select().begin(), selection.select().end());
  out.exclude.assign(selection.exclude().begin(), selection.exclude().end());
  out.selector = selection.selector();
  out.resource_types.assign(selection.resource_types().begin(),
                            selection.resource_types().end());
  out.exclude_resource_types.assign(selection.exclude_resource_types().begin(),
                                    selection.exclude_resource_types().end());
  switch (selection.indirect_selection()) {
    case v1::INDIRECT_SELECTION_UNSPECIFIED:
    case v1::INDIRECT_SELECTION_EAGER:
      out.indirect_selection = selection::IndirectSelection::kEager;
      return out;
    case v1::INDIRECT_SELECTION_CAUTIOUS:
      out.indirect_selection = selection::IndirectSelection::kCautious;
      return out;
    case v1::INDIRECT_SELECTION_BUILDABLE:
      out.indirect_selection = selection::IndirectSelection::kBuildable;
      return out;
    case v1::INDIRECT_SELECTION_EMPTY:
      out.indirect_selection = selection::IndirectSelection::kEmpty;
      return out;
    default:
      return Error(absl::StatusCode::kInvalidArgument, Reason::kInvalidArgument,
                   absl::StrCat("selection.indirect_selection: ",
                                selection.indirect_selection(),
                                " is no IndirectSelection"))
          .With("value", selection.indirect_selection())
          .Field("selection.indirect_selection", "no such value");
  }
}

}  // namespace doppel::rpc
