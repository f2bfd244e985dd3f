// One node of a manifest, as the graph keeps it. See manifest.h.
#ifndef DOPPEL_SERVICE_MANIFEST_NODE_H_
#define DOPPEL_SERVICE_MANIFEST_NODE_H_

#include <cstdint>
#include <optional>
#include <span>

#include "absl/strings/string_view.h"
#include "service/manifest/fingerprint.h"
#include "service/manifest/json_value.h"
#include "service/manifest/text.h"

namespace doppel::manifest {

// A node's number in its manifest: 0 .. node_count()-1, in the order of the
// unique ids (by code point, the order in which `dbt ls` sorts).
using NodeId = uint32_t;
// A macro's number in its manifest, likewise.
using MacroId = uint32_t;

enum class ResourceType : uint8_t {
  kModel,
  kSeed,
  kSnapshot,
  kTest,
  kAnalysis,
  kOperation,  // a hook
  kSqlOperation,
  kSource,
  kExposure,
  kMetric,
  kSemanticModel,
  kSavedQuery,
  kUnitTest,
  kFunction,
  kUnknown,  // a type of a later dbt, or one long gone ("rpc")
};

// dbt's word for it, such as "semantic_model"; "unknown" for kUnknown.
absl::string_view ResourceTypeName(ResourceType type);
// Exact match of dbt's word; none for any other text.
std::optional<ResourceType> ResourceTypeFromName(absl::string_view name);

// A field of a node that `state:modified` compares and nothing else reads,
// such as an exposure's "maturity" or a source's "external".
struct Facet {
  absl::string_view field;
  Fingerprint fingerprint;
};

// Strings live in the manifest. An optional one is empty where the JSON has
// null or no such key; a plain one is then "".
struct Node {
  absl::string_view unique_id;
  ResourceType type = ResourceType::kUnknown;
  absl::string_view name;
  absl::string_view package_name;
  absl::string_view source_name;  // sources only
  std::span<const absl::string_view> fqn;
  Fingerprint fqn_fingerprint;
  std::span<const absl::string_view> tags;
  absl::string_view original_file_path;
  absl::string_view patch_path;  // "<package>://<path>", or ""

  // Where its relation stands. `identifier` is the alias of a model, seed,
  // snapshot or function and the identifier of a source.
  std::optional<absl::string_view> database;
  absl::string_view schema;
  absl::string_view identifier;
  std::optional<absl::string_view> relation_name;

  // Rendered and unrendered config: an object, or nullptr where missing.
  const JsonValue* config = nullptr;
  const JsonValue* unrendered_config = nullptr;
  absl::string_view materialized;  // config.materialized, "" if none
  bool enabled = true;             // config.enabled

  const JsonValue* version = nullptr;         // nullptr: not versioned
  const JsonValue* latest_version = nullptr;  // likewise
  absl::string_view access;                   // models; "protected" if none
  absl::string_view deprecation_date;

  // Data tests: generic if test_metadata is there, else singular.
  bool is_generic_test = false;
  absl::string_view test_name;      // test_metadata.name, "unique"
  absl::string_view attached_node;  // unique id, or ""

  // raw_code: its fingerprint (of the text, escapes undone), and whether it
  // is blank, which makes dbt treat the node as empty.
  Fingerprint body;
  bool body_is_blank = true;
  // Seeds: the checksum of the file, or of its path for a large one.
  absl::string_view checksum_name;
  absl::string_view checksum;

  Fingerprint description;
  bool contract_enforced = false;
  absl::string_view contract_checksum;
  std::span<const Facet> facets;  // sorted by field

  // Macros that it depends on, known ones, ascending. A null entry (dbt writes
  // one for a generic test whose macro was removed) sets the flag.
  std::span<const MacroId> macros;
  bool has_null_macro = false;

  // Made by another project (path and original_file_path are both "").
  bool is_external = false;
  // Written by a dbt up to 1.7 under --defer: stands for another
  // environment's node.
  bool deferred = false;

  // Models: some constraint is a foreign key. Models, seeds and snapshots: it
  // has hooks.
  bool has_foreign_key = false;
  bool has_hooks = false;

  // Places in the bytes: the node's whole JSON object, and the members that
  // only some questions need ("columns": an object, "constraints": an array).
  Span text;
  Span columns;
  Span constraints;
  // Where in `text` the number stands that `created_at` has, which each run of
  // dbt writes anew; 0: nowhere.
  uint32_t created_at = 0;
};

// Model, seed or snapshot: what a ref() can name.
inline bool IsRefable(ResourceType type) {
  return type == ResourceType::kModel || type == ResourceType::kSeed ||
         type == ResourceType::kSnapshot;
}

inline bool IsEphemeral(const Node& node) {
  return node.materialized == "ephemeral";
}

}  // namespace doppel::manifest

#endif  // DOPPEL_SERVICE_MANIFEST_NODE_H_
