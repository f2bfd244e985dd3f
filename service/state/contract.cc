#include "service/state/contract.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "service/base/error.h"
#include "service/state/constraint_support.h"
#include "service/state/deprecation_date.h"
#include "service/state/jinja_tokens.h"

namespace doppel::state {

using manifest::Manifest;
using manifest::Node;

namespace {

// What of a model its contract speaks about.
struct Terms {
  Terms(const Manifest& manifest, const Node& node)
      : enforced(node.contract_enforced),
        materialized(node.materialized),
        columns(ReadColumns(manifest, node)),
        constraints(ReadConstraints(manifest, node)) {}

  // dbt's materialization_enforces_constraints.
  bool is_table() const {
    return materialized == "table" || materialized == "incremental";
  }
  bool has_constraints() const {
    return !constraints.empty() ||
           std::any_of(columns.begin(), columns.end(), [](const auto& column) {
             return !column.second.constraints.empty();
           });
  }

  bool enforced;
  absl::string_view materialized;
  Columns columns;
  std::vector<Constraint> constraints;
};

bool SameOnTheFace(const Node& older, const Node& current) {
  if (!older.contract_enforced) return !current.contract_enforced;
  return current.contract_enforced &&
         older.contract_checksum == current.contract_checksum;
}

// Without size, precision and scale: varchar(3) may become varchar(10).
std::string BaseType(const std::optional<std::string>& type) {
  if (!type.has_value()) return "\0";
  const absl::string_view text(*type);
  return absl::AsciiStrToLower(
      absl::StripAsciiWhitespace(text.substr(0, text.find('('))));
}

std::string TypeText(const std::optional<std::string>& type) {
  return type.value_or("None");
}

std::string ConstraintText(const Constraint& constraint) {
  return absl::StrCat("'",
                      constraint.name.value_or(
                          absl::StrCat("ConstraintType.", constraint.type)),
                      "' constraint on ");
}

std::string PythonList(const std::vector<std::string>& items) {
  return absl::StrCat(
      "[",
      absl::StrJoin(items, ", ",
                    [](std::string* out, const std::string& item) {
                      out->append(PythonRepr(item));
                    }),
      "]");
}

// Constraints of `older` that `current` lacks.
std::vector<Constraint> Gone(const std::vector<Constraint>& older,
                             const std::vector<Constraint>& current) {
  std::vector<Constraint> gone;
  for (const Constraint& constraint : older) {
    if (std::find(current.begin(), current.end(), constraint) ==
        current.end()) {
      gone.push_back(constraint);
    }
  }
  return gone;
}

// Lists what breaks, under dbt's headings and in its order.
class Breaks {
 public:
  Breaks(const Terms& older, const Terms& current, absl::string_view adapter)
      : older_(older), current_(current), adapter_(adapter) {}

  std::vector<std::string> Find() {
    if (older_.enforced && !current_.enforced) {
      texts_.push_back(
          "Contract enforcement was removed: Previously, this model had an "
          "enforced contract. It is no longer configured to enforce its "
          "contract, and this is a breaking change.");
    }
    AddColumns();
    AddConstraints();
    if (older_.is_table() && !current_.is_table() && older_.has_constraints()) {
      Add("Materialization changed with enforced constraints",
          {absl::StrCat(older_.materialized, " -> ", current_.materialized)});
    }
    return std::move(texts_);
  }

 private:
  void Add(absl::string_view heading, const std::vector<std::string>& items) {
    if (items.empty()) return;
    texts_.push_back(
        absl::StrCat(heading, ": \n    - ", absl::StrJoin(items, "\n    - ")));
  }

  void AddColumns() {
    std::vector<std::string> removed, retyped;
    for (const auto& [key, column] : older_.columns) {
      auto found = current_.columns.find(key);
      if (found == current_.columns.end()) {
        removed.push_back(column.name);
      } else if (BaseType(column.data_type) !=
                 BaseType(found->second.data_type)) {
        retyped.push_back(absl::StrCat(column.name, " (",
                                       TypeText(column.data_type), " -> ",
                                       TypeText(found->second.data_type), ")"));
      }
    }
    Add("Columns were removed", removed);
    Add("Columns with data_type changes", retyped);
  }

  // Constraints bind tables only, and only where the engine enforces them.
  void AddConstraints() {
    if (!older_.is_table()) return;
    std::vector<std::string> of_columns, of_model;
    for (const auto& [key, column] : older_.columns) {
      auto found = current_.columns.find(key);
      if (found == current_.columns.end()) continue;
      for (const Constraint& constraint :
           Gone(column.constraints, found->second.constraints)) {
        if (!EnforcesConstraint(adapter_, constraint.type)) continue;
        of_columns.push_back(
            absl::StrCat(ConstraintText(constraint), "column ", key));
      }
    }
    for (const Constraint& constraint :
         Gone(older_.constraints, current_.constraints)) {
      if (!EnforcesConstraint(adapter_, constraint.type)) continue;
      of_model.push_back(absl::StrCat(ConstraintText(constraint), "columns ",
                                      PythonList(constraint.columns)));
    }
    Add("Enforced column level constraints were removed", of_columns);
    Add("Enforced model level constraints were removed", of_model);
  }

  const Terms& older_;
  const Terms& current_;
  absl::string_view adapter_;
  std::vector<std::string> texts_;
};

Cause ContractCause(std::string subject, std::string detail) {
  Cause cause;
  cause.kind = CauseKind::kContract;
  cause.subject = std::move(subject);
  cause.detail = std::move(detail);
  return cause;
}

void AddConstraintCauses(const std::string& subject,
                         const std::vector<Constraint>& older,
                         const std::vector<Constraint>& current,
                         std::vector<Cause>& causes) {
  for (const Constraint& constraint : Gone(older, current)) {
    causes.push_back(ContractCause(
        subject, absl::StrCat("constraint ", constraint.type, " removed")));
  }
  for (const Constraint& constraint : Gone(current, older)) {
    causes.push_back(ContractCause(
        subject, absl::StrCat("constraint ", constraint.type, " added")));
  }
}

void AddColumnCauses(const Columns& older, const Columns& current,
                     std::vector<Cause>& causes) {
  for (const auto& [key, column] : older) {
    auto found = current.find(key);
    if (found == current.end()) {
      causes.push_back(ContractCause(key, "column removed"));
      continue;
    }
    if (column.data_type != found->second.data_type) {
      causes.push_back(
          ContractCause(key, absl::StrCat(TypeText(column.data_type), " -> ",
                                          TypeText(found->second.data_type))));
    }
    AddConstraintCauses(key, column.constraints, found->second.constraints,
                        causes);
  }
  for (const auto& [key, column] : current) {
    if (older.find(key) == older.end()) {
      causes.push_back(ContractCause(key, "column added"));
    }
  }
}

}  // namespace

ContractChange CompareContracts(const Manifest& older, const Node& older_node,
                                const Manifest& current,
                                const Node& current_node) {
  if (SameOnTheFace(older_node, current_node)) return {};
  ContractChange change;
  change.changed = true;
  if (!older_node.contract_enforced) return change;
  const Terms older_terms(older, older_node);
  const Terms current_terms(current, current_node);
  change.breaking =
      Breaks(older_terms, current_terms, current.metadata().adapter_type)
          .Find();
  return change;
}

std::vector<Cause> ContractCauses(const Manifest& older, const Node& older_node,
                                  const Manifest& current,
                                  const Node& current_node) {
  if (SameOnTheFace(older_node, current_node)) return {};
  std::vector<Cause> causes;
  if (older_node.contract_enforced != current_node.contract_enforced) {
    causes.push_back(ContractCause("enforced", older_node.contract_enforced
                                                   ? "true -> false"
                                                   : "false -> true"));
  }
  if (!older_node.contract_enforced) return causes;
  const Terms older_terms(older, older_node);
  const Terms current_terms(current, current_node);
  if (older_terms.materialized != current_terms.materialized) {
    causes.push_back(ContractCause(
        "materialized", absl::StrCat(older_terms.materialized, " -> ",
                                     current_terms.materialized)));
  }
  AddColumnCauses(older_terms.columns, current_terms.columns, causes);
  AddConstraintCauses("constraints", older_terms.constraints,
                      current_terms.constraints, causes);
  if (causes.empty()) causes.push_back(ContractCause("checksum", ""));
  return causes;
}

std::optional<std::string> RemovalBreak(const RemovedModel& model,
                                        absl::Time now) {
  if (!model.is_model || !model.contract_enforced) return std::nullopt;
  if (IsPastDeprecationDate(model.deprecation_date, now)) {
    return std::nullopt;
  }
  return absl::StrCat("Contracted model '", model.unique_id, "' was ",
                      model.enabled ? "deleted or renamed." : "disabled.");
}

RemovedModel RemovedModelOf(const Node& node) {
  RemovedModel model;
  model.unique_id = std::string(node.unique_id);
  model.name = std::string(node.name);
  model.original_file_path = std::string(node.original_file_path);
  model.deprecation_date = std::string(node.deprecation_date);
  model.is_model = node.type == manifest::ResourceType::kModel;
  model.enabled = node.enabled;
  model.versioned = node.version != nullptr;
  model.contract_enforced = node.contract_enforced;
  return model;
}

Warning ContractWarning(absl::string_view name, absl::string_view path,
                        const std::vector<std::string>& breaking) {
  return {"UnversionedBreakingChange",
          absl::StrCat("Breaking change to contracted, unversioned model ",
                       name, " (", path,
                       ")\nWhile comparing to previous project state, dbt "
                       "detected a breaking change to an unversioned "
                       "model.\n  - ",
                       absl::StrJoin(breaking, "\n  - "), "\n")};
}

absl::Status ContractError(absl::string_view unique_id, absl::string_view name,
                           absl::string_view path,
                           const std::vector<std::string>& breaking) {
  const std::string reasons = absl::StrJoin(breaking, "\n  - ");
  return Error(
             absl::StatusCode::kFailedPrecondition, Reason::kContractBroken,
             absl::StrCat(
                 "Breaking change to the enforced contract of model ", name,
                 " (", path, ")\n  - ", reasons,
                 "\nMake an additive (non-breaking) change instead, or create "
                 "a new model version: https://docs.getdbt.com/docs/"
                 "collaborate/govern/model-versions"))
      .With("unique_id", unique_id)
      .With("model", name)
      .With("path", path)
      .Precondition("CONTRACT", unique_id, reasons);
}

}  // namespace doppel::state
