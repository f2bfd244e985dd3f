// A plan as canonical JSON: members sorted by name, no spaces.
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "service/base/digest.h"
#include "service/base/json_string.h"
#include "service/clone/plan.h"

namespace doppel::clone {
namespace {

template <typename List, typename Append>
void AppendArray(const List& list, Append append, std::string* out) {
  out->push_back('[');
  const char* separator = "";
  for (const auto& item : list) {
    out->append(separator);
    separator = ",";
    append(item, out);
  }
  out->push_back(']');
}

void AppendName(const RelationName& name, std::string* out) {
  absl::StrAppend(out, R"({"database":)", JsonString(name.database),
                  R"(,"identifier":)", JsonString(name.identifier),
                  R"(,"schema":)", JsonString(name.schema), "}");
}

void AppendRelation(const std::optional<PlannedRelation>& relation,
                    std::string* out) {
  if (!relation.has_value()) {
    out->append("null");
    return;
  }
  absl::StrAppend(out, R"({"kind":)",
                  JsonString(RelationKindName(relation->kind)), R"(,"name":)");
  AppendName(relation->name, out);
  absl::StrAppend(out, R"(,"rendered":)", JsonString(relation->rendered), "}");
}

void AppendTexts(const std::vector<std::string>& texts, std::string* out) {
  AppendArray(
      texts,
      [](const std::string& text, std::string* o) {
        o->append(JsonString(text));
      },
      out);
}

void AppendPlacement(const Placement& placement, std::string* out) {
  absl::StrAppend(out, R"({"copied":)", placement.copied ? "true" : "false",
                  R"(,"expires":)", placement.expires ? "true" : "false",
                  R"(,"followers":)");
  AppendArray(
      placement.followers,
      [](const PlannedRelation& follower, std::string* o) {
        AppendRelation(follower, o);
      },
      out);
  out->append(R"(,"kept_as":)");
  AppendRelation(placement.kept_as, out);
  absl::StrAppend(out, R"(,"kept_content":)",
                  JsonString(placement.kept_content));
  if (placement.kept_version.has_value()) {
    absl::StrAppend(out, R"(,"kept_version":)", *placement.kept_version);
  }
  if (!placement.mark.empty()) {
    absl::StrAppend(out, R"(,"mark":)", JsonString(placement.mark));
  }
  out->append(R"(,"restore":)");
  AppendTexts(placement.restore, out);
  out->append(R"(,"source":)");
  AppendRelation(placement.source, out);
  absl::StrAppend(out, R"(,"source_content":)",
                  JsonString(placement.source_content));
  if (!placement.take_back.empty()) {
    out->append(R"(,"take_back":)");
    AppendTexts(placement.take_back, out);
  }
  out->append(R"(,"target":)");
  AppendRelation(placement.target, out);
  absl::StrAppend(out, R"(,"unique_id":)", JsonString(placement.unique_id),
                  "}");
}

void AppendOperation(const Operation& operation, std::string* out) {
  out->append(R"({"depends_on":)");
  AppendArray(
      operation.depends_on,
      [](int id, std::string* o) { absl::StrAppend(o, id); }, out);
  absl::StrAppend(out, R"(,"explanation":)", JsonString(operation.explanation),
                  R"(,"id":)", operation.id, R"(,"kind":)",
                  JsonString(OperationKindName(operation.kind)));
  if (!operation.placements.empty()) {
    out->append(R"(,"placements":)");
    AppendArray(operation.placements, AppendPlacement, out);
  }
  absl::StrAppend(out, R"(,"reason":)",
                  JsonString(OperationReasonName(operation.reason)),
                  R"(,"replaces":)");
  AppendRelation(operation.replaces, out);
  out->append(R"(,"source":)");
  AppendRelation(operation.source, out);
  out->append(R"(,"statements":)");
  AppendTexts(operation.statements, out);
  out->append(R"(,"target":)");
  AppendRelation(operation.target, out);
  absl::StrAppend(out, R"(,"unique_id":)", JsonString(operation.unique_id),
                  "}");
}

void AppendPrecondition(const Precondition& precondition, std::string* out) {
  absl::StrAppend(
      out, R"({"expected":)", JsonString(precondition.expected), R"(,"kind":)",
      JsonString(PreconditionKindName(precondition.kind)), R"(,"name":)");
  AppendName(precondition.name, out);
  absl::StrAppend(out, R"(,"subject":)", JsonString(precondition.subject), "}");
}

void AppendWarning(const state::Warning& warning, std::string* out) {
  absl::StrAppend(out, R"({"message":)", JsonString(warning.message),
                  R"(,"name":)", JsonString(warning.name), "}");
}

void AppendEscape(const Escape& escape, std::string* out) {
  absl::StrAppend(out, R"({"explanation":)", JsonString(escape.explanation),
                  R"(,"reads":)");
  AppendRelation(escape.reads, out);
  absl::StrAppend(out, R"(,"reads_unique_id":)",
                  JsonString(escape.reads_unique_id), R"(,"reason":)",
                  JsonString(EscapeReasonName(escape.reason)), R"(,"target":)");
  AppendRelation(escape.target, out);
  absl::StrAppend(out, R"(,"unique_id":)", JsonString(escape.unique_id), "}");
}

// The members by which plans are the same: connection, kind, operations,
// preconditions; and, where a plan has them, so that plans from before there
// were such are the same as they were, keep_seconds and manifest_after.
void AppendWhatIsDone(const Plan& plan, std::string* out) {
  absl::StrAppend(out, R"("connection":)", JsonString(plan.connection));
}

void AppendOperations(const Plan& plan, std::string* out) {
  if (plan.keep_seconds != 0) {
    absl::StrAppend(out, R"("keep_seconds":)", plan.keep_seconds, ",");
  }
  absl::StrAppend(
      out, R"("kind":)", JsonString(PlanKindName(plan.kind)),

      plan.manifest_after.empty() ? "" : R"(,"manifest_after":)",
      plan.manifest_after.empty() ? "" : JsonString(plan.manifest_after),
      R"(,"operations":)");
  AppendArray(plan.operations, AppendOperation, out);
  out->append(R"(,"preconditions":)");
  AppendArray(plan.preconditions, AppendPrecondition, out);
}

}  // namespace

std::string FingerprintOf(const Plan& plan) {
  std::string json = "{";
  AppendWhatIsDone(plan, &json);
  json.push_back(',');
  AppendOperations(plan, &json);
  json.push_back('}');
  return Sha256Hex(json);
}

std::string PlanToJson(const Plan& plan) {
  std::string json = "{";
  AppendWhatIsDone(plan, &json);
  json.append(R"(,"escapes":)");
  AppendArray(plan.escapes, AppendEscape, &json);
  absl::StrAppend(&json, R"(,"id":)", JsonString(plan.id), ",");
  AppendOperations(plan, &json);
  absl::StrAppend(&json, R"(,"source_environment":)",
                  JsonString(plan.source_environment), R"(,"source_manifest":)",
                  JsonString(plan.source_manifest), R"(,"target_environment":)",
                  JsonString(plan.target_environment), R"(,"target_manifest":)",
                  JsonString(plan.target_manifest), R"(,"warehouse":)",
                  JsonString(plan.warehouse), R"(,"warnings":)");
  AppendArray(plan.warnings, AppendWarning, &json);
  json.push_back('}');
  return json;
}

}  // namespace doppel::clone
