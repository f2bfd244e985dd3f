// A dbt manifest as a compact immutable graph.
//
// Made by ParseManifest (parse.h) from the bytes of a manifest.json of any
// schema version from v1 to v12, by what a later room reads and no more:
// strings are interned, nodes are numbered in the order of their unique ids,
// edges are compressed sparse rows, long texts are places in the source bytes.
//
// Vertices are what dbt's graph has: nodes (models, seeds, snapshots, tests,
// analyses, operations), sources, exposures, metrics, semantic models, saved
// queries, unit tests and functions. Disabled nodes are not among them.
//
// Thread contract: immutable, safe to use from any thread; all views die with
// the Manifest.
#ifndef DOPPEL_SERVICE_MANIFEST_MANIFEST_H_
#define DOPPEL_SERVICE_MANIFEST_MANIFEST_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "absl/strings/string_view.h"
#include "service/manifest/fingerprint.h"
#include "service/manifest/json_value.h"
#include "service/manifest/node.h"
#include "service/manifest/text.h"

namespace doppel::manifest {

struct Macro {
  absl::string_view unique_id;
  absl::string_view package_name;
  Fingerprint body;                 // of macro_sql
  std::span<const MacroId> macros;  // that it calls, known ones, ascending
  // As in Node.
  Span text;
  uint32_t created_at = 0;
};

// The project's quoting (dbt 1.10 and later write it); empty: not said.
struct Quoting {
  std::optional<bool> database;
  std::optional<bool> schema;
  std::optional<bool> identifier;
};

// What `metadata` says. Empty strings where it says nothing.
struct Metadata {
  int schema_version = 0;  // 1 .. 12
  absl::string_view dbt_version;
  absl::string_view project_name;  // v10 and later
  absl::string_view adapter_type;
  absl::string_view generated_at;  // ISO 8601, as written
  absl::string_view invocation_id;
  Quoting quoting;
};

class Manifest {
 public:
  Manifest(const Manifest&) = delete;
  Manifest& operator=(const Manifest&) = delete;
  ~Manifest();

  // SHA-256 of the source bytes, in hexadecimal.
  const std::string& digest() const { return digest_; }
  const Metadata& metadata() const { return metadata_; }
  const Text& text() const { return text_; }

  size_t node_count() const { return nodes_.size(); }
  const Node& node(NodeId id) const { return nodes_[id]; }
  std::span<const Node> nodes() const { return nodes_; }
  // Of each node's unique id: whether two manifests have the same one can be
  // seen here without a look at far texts.
  std::span<const Fingerprint> id_fingerprints() const {
    return id_fingerprints_;
  }
  // By unique id, in logarithmic time.
  std::optional<NodeId> Find(absl::string_view unique_id) const;

  // The known entries of depends_on.nodes, ascending, each once; and the
  // reverse.
  std::span<const NodeId> parents(NodeId id) const;
  std::span<const NodeId> children(NodeId id) const;
  // Nodes in an order in which parents come first.
  std::span<const NodeId> topological_order() const { return order_; }

  size_t macro_count() const { return macros_.size(); }
  std::span<const Macro> macros() const { return macros_; }
  const Macro& macro(MacroId id) const { return macros_[id]; }
  std::optional<MacroId> FindMacro(absl::string_view unique_id) const;

  // True for a node that `disabled` lists and the graph does not hold.
  bool IsDisabled(absl::string_view unique_id) const;
  std::span<const absl::string_view> disabled() const { return disabled_; }

  // The YAML selectors: an object name -> {definition, default, ...}, or
  // nullptr.
  const JsonValue* selectors() const { return selectors_; }

  // Places of the top-level members in the bytes, for writing a manifest from
  // this one: "nodes" is the object's text with its braces. Empty: no such.
  Span section(absl::string_view member) const;

  // Entries of depends_on.nodes that no vertex has, as "<node> -> <entry>";
  // at most 100. dbt refuses such a manifest; doppel goes on without the edge.
  std::span<const std::string> dangling() const { return dangling_; }

  // Whether every entry of depends_on is a node or macro of the manifest.
  bool is_complete() const { return is_complete_; }

  // Memory that the graph holds, without the source bytes.
  size_t memory_bytes() const;

 private:
  friend class ManifestBuilder;
  struct Storage;  // the arenas behind all views

  Manifest();

  std::string digest_;
  Text text_;
  Metadata metadata_;
  std::span<const Node> nodes_;
  std::span<const Fingerprint> id_fingerprints_;
  std::span<const uint32_t> parent_begin_, child_begin_;  // node_count()+1
  std::span<const NodeId> parents_, children_, order_;
  std::span<const Macro> macros_;
  std::span<const absl::string_view> disabled_;
  const JsonValue* selectors_ = nullptr;
  std::span<const std::string> dangling_;
  bool is_complete_ = true;
  std::unique_ptr<Storage> storage_;
};

}  // namespace doppel::manifest

#endif  // DOPPEL_SERVICE_MANIFEST_MANIFEST_H_
