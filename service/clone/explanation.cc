#include "service/clone/explanation.h"

#include "absl/strings/str_cat.h"
#include "service/base/relation.h"

namespace doppel::clone {
namespace {

std::string Kind(const PlannedRelation& relation) {
  const absl::string_view kind = RelationKindName(relation.kind);
  return absl::StrCat(kind.substr(0, 1) == "e" ? "an " : "a ", kind);
}

std::string Replacing(const Operation& operation) {
  if (!operation.replaces.has_value()) return "";
  return absl::StrCat("; replaces ", Kind(*operation.replaces));
}

std::string Skipped(const Operation& operation, const Candidate& candidate,
                    absl::string_view also) {
  const auto source = [&] { return operation.source->rendered; };
  const auto target = [&] { return operation.target->rendered; };
  switch (operation.reason) {
    case OperationReason::kTargetExists:
      return absl::StrCat(target(), " is there already, as ",
                          Kind(*operation.target), ", and is kept", also);
    case OperationReason::kNotInSource:
      return absl::StrCat("the source has no relation for ",
                          candidate.unique_id);
    case OperationReason::kSourceMissing:
      return absl::StrCat("the warehouse has no ", source());
    case OperationReason::kSameRelation:
      return absl::StrCat("source and target are the same relation, ",
                          source());
    case OperationReason::kEphemeral:
      return absl::StrCat(candidate.unique_id,
                          " is ephemeral: it has no relation");
    case OperationReason::kTargetTaken:
      return absl::StrCat(target(), " is already taken by ", also);
    case OperationReason::kNoNamingRule:
      return absl::StrCat("no naming rule matches ", source());
    case OperationReason::kUpToDate:
      return absl::StrCat(target(), " was made from ", source(),
                          ", which has not changed since");
    case OperationReason::kTargetChanged:
    case OperationReason::kNotVerified:
      return absl::StrCat(target(), " is kept: ", also,
                          "; to make it anew, ask for "
                          "overwrite_changed_targets");
    default:
      return "";
  }
}

std::string NotClosed(const Decision& decision) {
  if (decision.closing.why_not.empty()) return "";
  return absl::StrCat("; it cannot be closed: ", decision.closing.why_not);
}

}  // namespace

std::string WhyNoZeroCopy(const Candidate& candidate,
                          const dialect::Dialect& dialect) {
  if (!dialect.capabilities().zero_copy_clone) {
    return absl::StrCat(dialect.type(), " has no zero-copy clone");
  }
  const dialect::TableOptions& options = candidate.options;
  const std::string what =
      !options.file_format.empty()
          ? absl::StrCat(" (file format ", options.file_format, ")")
      : !options.engine.empty() ? absl::StrCat(" (engine ", options.engine, ")")
                                : "";
  return absl::StrCat(dialect.type(),
                      " has no zero-copy clone for a table of this config",
                      what);
}

std::string Explain(const Operation& operation, const Candidate& candidate,
                    const dialect::Dialect& dialect, const Decision& decision,
                    const std::optional<PointInTime>& as_of) {
  const std::string& also = decision.also;
  const auto source = [&] { return operation.source->rendered; };
  const std::string drifted = also.empty() ? "" : absl::StrCat(also, "; ");
  switch (operation.kind) {
    case OperationKind::kCloneTable:
      return absl::StrCat(
          drifted, source(), " is a table, which ", dialect.type(),
          " clones zero-copy",
          as_of.has_value()
              ? absl::StrCat(" as it was at ", TimeText(as_of->time))
              : "",
          Replacing(operation));
    case OperationKind::kPointerView:
      return operation.source->kind == RelationKind::kTable
                 ? absl::StrCat(drifted, WhyNoZeroCopy(candidate, dialect),
                                ": a view that reads ", source(),
                                Replacing(operation))
                 : absl::StrCat(drifted, source(), " is ",
                                Kind(*operation.source),
                                ": a view that reads it", NotClosed(decision),
                                Replacing(operation));
    case OperationKind::kView:
      return absl::StrCat(drifted, source(), " is a view: one of the same ",
                          "query, which reads ", decision.closing.reads.size(),
                          " relations of the target instead of the source's",
                          Replacing(operation));
    case OperationKind::kCopyTable:
      return absl::StrCat(drifted, WhyNoZeroCopy(candidate, dialect),
                          ", and copies were asked for", Replacing(operation));
    default:
      return Skipped(operation, candidate, also);
  }
}

std::string ExplainEscape(const Escape& escape, const Candidate& candidate,
                          const Decision& decision,
                          const dialect::Dialect& dialect) {
  switch (escape.reason) {
    case EscapeReason::kSource:
      return absl::StrCat(escape.reads_unique_id,
                          " is a source, of which the target has none of its "
                          "own");
    case EscapeReason::kNotInTarget:
      return absl::StrCat("the target has no relation for ",
                          escape.reads_unique_id, ", and the plan makes none");
    case EscapeReason::kKept:
      return "it is a view that is there already and is kept; what it reads is "
             "not known";
    case EscapeReason::kPointer:
      break;
  }
  if (!decision.closing.why_not.empty()) {
    return absl::StrCat("it cannot be closed: ", decision.closing.why_not);
  }
  return escape.reads.kind == RelationKind::kTable
             ? absl::StrCat(WhyNoZeroCopy(candidate, dialect),
                            ": a view that reads it")
             : absl::StrCat("it is ", Kind(escape.reads),
                            ": a view that reads it");
}

}  // namespace doppel::clone
