#include "service/manifest/describe.h"

#include <optional>
#include <span>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"

namespace doppel::manifest {
namespace {

std::string Value(absl::string_view text) {
  return absl::StrCat("'", text, "'");
}
std::string Value(bool truth) { return truth ? "yes" : "no"; }
std::string Value(uint32_t number) { return absl::StrCat(number); }
std::string Value(const Span& span) {
  return absl::StrCat(span.offset, "+", span.size);
}
std::string Value(const Fingerprint& print) {
  return absl::StrCat(absl::Hex(print.high), ":", absl::Hex(print.low));
}
std::string Value(const Facet& facet) {
  return absl::StrCat(facet.field, "=", Value(facet.fingerprint));
}
std::string Value(const JsonValue* json) {
  return json == nullptr
             ? "none"
             : absl::StrCat(json->ToJson(), Value(json->fingerprint()));
}
template <typename T>
std::string Value(const std::optional<T>& value) {
  return value.has_value() ? Value(*value) : "none";
}
template <typename T>
std::string Value(std::span<const T> values) {
  return absl::StrCat("[",
                      absl::StrJoin(values, ",",
                                    [](std::string* out, const T& value) {
                                      absl::StrAppend(out, Value(value));
                                    }),
                      "]");
}

template <typename... T>
std::string Line(const T&... values) {
  return absl::StrCat(absl::StrJoin({Value(values)...}, " "), "\n");
}

std::string Describe(const Node& n) {
  return Line(n.unique_id, ResourceTypeName(n.type), n.name, n.package_name,
              n.source_name, n.fqn, n.fqn_fingerprint, n.tags,
              n.original_file_path, n.patch_path, n.database, n.schema,
              n.identifier, n.relation_name, n.config, n.unrendered_config,
              n.materialized, n.enabled, n.version, n.latest_version, n.access,
              n.deprecation_date, n.is_generic_test, n.test_name,
              n.attached_node, n.body, n.body_is_blank, n.checksum_name,
              n.checksum, n.description, n.contract_enforced,
              n.contract_checksum, n.facets, n.macros, n.has_null_macro,
              n.is_external, n.deferred, n.has_foreign_key, n.has_hooks, n.text,
              n.columns, n.constraints, n.created_at);
}

std::string Describe(const Metadata& m) {
  return Line(static_cast<uint32_t>(m.schema_version), m.dbt_version,
              m.project_name, m.adapter_type, m.generated_at, m.invocation_id,
              m.quoting.database, m.quoting.schema, m.quoting.identifier);
}

}  // namespace

std::string Describe(const Manifest& manifest) {
  std::string text =
      absl::StrCat(manifest.digest(), "\n", Describe(manifest.metadata()));
  for (NodeId id = 0; id < manifest.node_count(); ++id) {
    absl::StrAppend(&text, Describe(manifest.node(id)),
                    Line(manifest.parents(id), manifest.children(id)));
  }
  for (const Macro& macro : manifest.macros()) {
    absl::StrAppend(&text, Line(macro.unique_id, macro.package_name, macro.body,
                                macro.macros, macro.text, macro.created_at));
  }
  for (const absl::string_view section :
       {"metadata", "nodes", "sources", "macros", "docs", "exposures",
        "metrics", "groups", "selectors", "disabled", "parent_map", "child_map",
        "group_map", "saved_queries", "semantic_models", "unit_tests",
        "functions"}) {
    absl::StrAppend(&text, Line(section, manifest.section(section)));
  }
  absl::StrAppend(&text,
                  Line(manifest.topological_order(), manifest.disabled(),
                       manifest.selectors(), manifest.is_complete(),
                       manifest.id_fingerprints()),
                  absl::StrJoin(manifest.dangling(), "\n"));
  return text;
}

}  // namespace doppel::manifest
