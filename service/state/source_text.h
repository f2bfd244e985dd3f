// Reads from a manifest's source bytes what only few comparisons need: code,
// columns, constraints, and the nodes under "disabled".
//
// Whatever is missing or of another shape than dbt writes reads as empty: the
// manifest has been read once already, and was accepted.
//
// Thread contract: pure functions.
#ifndef DOPPEL_SERVICE_STATE_SOURCE_TEXT_H_
#define DOPPEL_SERVICE_STATE_SOURCE_TEXT_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "service/manifest/manifest.h"

namespace doppel::state {

struct Constraint {
  std::string type;  // not_null, primary_key, ...
  std::optional<std::string> name;
  std::vector<std::string> columns;
  // All that it says, in one spelling; by this constraints are compared.
  std::string terms;

  friend bool operator==(const Constraint& a, const Constraint& b) {
    return a.terms == b.terms;
  }
};

struct Column {
  std::string name;
  std::string description;
  std::optional<std::string> data_type;
  std::vector<Constraint> constraints;
};

// By their key in `columns`, sorted as Python sorts.
using Columns = std::map<std::string, Column>;

// raw_code (raw_sql up to v6) of a node, "" where it has none.
std::string ReadRawCode(const manifest::Manifest& manifest,
                        const manifest::Node& node);

// The texts of a node that may be Jinja and that dbt keeps as they were
// written: its code, unrendered config, a test's arguments, a source's
// unrendered database and schema.
std::vector<std::string> ReadTemplates(const manifest::Manifest& manifest,
                                       const manifest::Node& node);

// Calls `use` with the unique id and the code of each macro.
void ReadMacroCode(
    const manifest::Manifest& manifest,
    absl::FunctionRef<void(absl::string_view, absl::string_view)> use);

Columns ReadColumns(const manifest::Manifest& manifest,
                    const manifest::Node& node);

std::vector<Constraint> ReadConstraints(const manifest::Manifest& manifest,
                                        const manifest::Node& node);

// What a removed model's contract depends on.
struct RemovedModel {
  std::string unique_id;
  std::string name;
  std::string original_file_path;
  std::string deprecation_date;
  bool is_model = false;
  bool enabled = true;
  bool versioned = false;
  bool contract_enforced = false;
};

// The first entry of each unique id under "disabled".
std::map<std::string, RemovedModel> ReadDisabled(
    const manifest::Manifest& manifest);

}  // namespace doppel::state

#endif  // DOPPEL_SERVICE_STATE_SOURCE_TEXT_H_
