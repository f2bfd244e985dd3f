#include "service/clone/plan.h"

#include <cstddef>
#include <iterator>

#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "service/base/digest.h"
#include "service/clone/plan_names.h"

namespace doppel::clone {
namespace {

// In the order of the enums.
constexpr absl::string_view kPlanKinds[] = {"clone", "promotion", "rollback",
                                            "cleanup"};
constexpr absl::string_view kOperationKinds[] = {
    "create_schema", "clone_table", "pointer_view", "copy_table", "skip",
    "drop",          "rename",      "swap",         "view"};
constexpr absl::string_view kOperationReasons[] = {
    "schema_missing", "cloneable",     "no_zero_copy",  "source_not_a_table",
    "copy_requested", "target_exists", "not_in_source", "source_missing",
    "same_relation",  "ephemeral",     "target_taken",  "no_naming_rule",
    "up_to_date",     "drifted",       "expired",       "promoted",
    "taken_over",     "target_gone",   "still_read",    "schema_kept",
    "target_changed", "not_verified",  "re_rooted",     "superseded",
    "whole_schema",   "with_schema"};
constexpr absl::string_view kEscapeReasons[] = {"pointer", "source",
                                                "not_in_target", "kept"};
constexpr absl::string_view kPreconditionKinds[] = {
    "environment", "source_relation", "target_relation", "schema"};

static_assert(std::size(kPlanKinds) ==
              static_cast<size_t>(PlanKind::kCleanup) + 1);
static_assert(std::size(kOperationKinds) ==
              static_cast<size_t>(OperationKind::kView) + 1);
static_assert(std::size(kOperationReasons) ==
              static_cast<size_t>(OperationReason::kWithSchema) + 1);
static_assert(std::size(kEscapeReasons) ==
              static_cast<size_t>(EscapeReason::kKept) + 1);
static_assert(std::size(kPreconditionKinds) ==
              static_cast<size_t>(PreconditionKind::kSchema) + 1);

template <typename E, size_t N>
std::optional<E> FromName(const absl::string_view (&names)[N],
                          absl::string_view name) {
  for (size_t i = 0; i < N; ++i) {
    if (names[i] == name) return static_cast<E>(i);
  }
  return std::nullopt;
}

void Count(const Operation& operation, PlanSummary* summary) {
  switch (operation.kind) {
    case OperationKind::kCreateSchema:
      ++summary->schemas;
      break;
    case OperationKind::kCloneTable:
      ++summary->clones;
      break;
    case OperationKind::kPointerView:
      ++summary->pointer_views;
      break;
    case OperationKind::kCopyTable:
      ++summary->copies;
      break;
    case OperationKind::kSkip:
      ++summary->skips;
      break;
    case OperationKind::kDrop:
      ++summary->drops;
      break;
    case OperationKind::kRename:
    case OperationKind::kSwap:
      ++summary->renames;
      break;
    case OperationKind::kView:
      ++summary->views;
      break;
  }
}

}  // namespace

absl::string_view PlanKindName(PlanKind kind) {
  return kPlanKinds[static_cast<size_t>(kind)];
}

absl::string_view OperationKindName(OperationKind kind) {
  return kOperationKinds[static_cast<size_t>(kind)];
}

absl::string_view OperationReasonName(OperationReason reason) {
  return kOperationReasons[static_cast<size_t>(reason)];
}

absl::string_view PreconditionKindName(PreconditionKind kind) {
  return kPreconditionKinds[static_cast<size_t>(kind)];
}

absl::string_view EscapeReasonName(EscapeReason reason) {
  return kEscapeReasons[static_cast<size_t>(reason)];
}

std::optional<EscapeReason> EscapeReasonFromName(absl::string_view name) {
  return FromName<EscapeReason>(kEscapeReasons, name);
}

std::optional<PlanKind> PlanKindFromName(absl::string_view name) {
  return FromName<PlanKind>(kPlanKinds, name);
}

std::optional<OperationKind> OperationKindFromName(absl::string_view name) {
  return FromName<OperationKind>(kOperationKinds, name);
}

std::optional<OperationReason> OperationReasonFromName(absl::string_view name) {
  return FromName<OperationReason>(kOperationReasons, name);
}

std::optional<PreconditionKind> PreconditionKindFromName(
    absl::string_view name) {
  return FromName<PreconditionKind>(kPreconditionKinds, name);
}

std::string DefinitionOf(const std::vector<std::string>& statements) {
  return Sha256Hex(absl::StrJoin(statements, ";\n"));
}

PlanSummary Summarize(const Plan& plan) {
  PlanSummary summary;
  summary.escapes = static_cast<int>(plan.escapes.size());
  for (const Operation& operation : plan.operations) {
    Count(operation, &summary);
    summary.statements += static_cast<int>(operation.statements.size());
    if (operation.replaces.has_value()) ++summary.replaced_relations;
    for (const Placement& placement : operation.placements) {
      summary.replaced_relations +=
          placement.kept_as.has_value() || placement.kept_version.has_value()
              ? 1
              : 0;
    }
  }
  return summary;
}

}  // namespace doppel::clone
