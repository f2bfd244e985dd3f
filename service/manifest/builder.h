// Collects what the parser reads, then numbers it and makes the Manifest.
//
// Unique ids that depend on each other come in any order, so edges are kept as
// Symbols of the ids until Build(). Thread contract: thread-compatible.
#ifndef DOPPEL_SERVICE_MANIFEST_BUILDER_H_
#define DOPPEL_SERVICE_MANIFEST_BUILDER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/manifest/arena.h"
#include "service/manifest/graph.h"
#include "service/manifest/json_pool.h"
#include "service/manifest/manifest.h"
#include "service/manifest/node.h"
#include "service/manifest/string_pool.h"
#include "service/manifest/text.h"

namespace doppel::manifest {

class ManifestBuilder {
 public:
  // For a manifest of so many bytes.
  explicit ManifestBuilder(size_t text_size);

  // Another manifest, of which nodes and macros are taken over. It must be
  // complete (Manifest::is_complete), and lives as long as this one.
  void set_base(std::shared_ptr<const Manifest> base);

  // What the manifest will own.
  Arena& arena();
  StringPool& strings() { return strings_; }
  JsonPool& values() { return values_; }
  // Values that only a fingerprint is taken of.
  JsonPool& passing_values() { return passing_values_; }

  // An entry of depends_on of the node (macro) that is added next.
  void DependOnNode(absl::string_view unique_id);
  void DependOnMacro(absl::string_view unique_id);

  // `node.unique_id` is its key in the JSON. Of two with the same one the
  // later stays, as in Python.
  void AddNode(const Node& node);
  void AddMacro(const Macro& macro);
  // The same for what stands in `base`, too: `node` (`macro`) is the base's,
  // with its places in this manifest's bytes.
  void AddNodeOfBase(NodeId id, const Node& node);
  void AddMacroOfBase(MacroId id, const Macro& macro);
  void AddDisabled(absl::string_view unique_id);
  void AddSection(absl::string_view member, Span span);

  size_t node_count() const { return nodes_.added.size(); }
  Metadata& metadata();
  void set_selectors(const JsonValue* selectors);

  // Drops the metrics (dbt does so with a manifest of v9 or earlier, whose
  // metrics are of another kind than today's).
  void DropMetrics();

  // The manifest of those bytes; the builder is then used up.
  //
  // Errors: INVALID_ARGUMENT MANIFEST_CYCLIC.
  absl::StatusOr<std::shared_ptr<const Manifest>> Build(Text text,
                                                        std::string digest);

 private:
  // A stretch of node_edges_ or macro_edges_.
  struct Edges {
    uint32_t begin = 0;
    uint32_t end = 0;
  };
  // What a node (macro) was added with.
  struct Added {
    Symbol id;
    Edges parents;
    Edges macros;
  };
  // Those of one kind, in the order in which they came. A node takes some 600
  // bytes: they are sorted where they stand.
  template <typename T>
  struct Collected {
    std::vector<T>& values;  // the manifest's
    std::vector<Added> added;
  };

  // The numbers here of a base's node and macro.
  Symbol NodeSymbol(NodeId of_base);
  Symbol MacroSymbol(MacroId of_base);
  void AddNode(const Node& node, Symbol id);
  void AddMacro(const Macro& macro, Symbol id);
  // Sorts by the unique ids; of equal ones the one that was added last stays.
  template <typename T>
  static void SortById(Collected<T>& collected);
  Edges TakeParents();
  Edges TakeMacros();
  void NumberMacros();
  std::span<const MacroId> MacrosOf(Edges edges,
                                    const std::vector<uint32_t>& numbers);
  void NumberNodes();
  Rows ParentRows();
  void AddDangling(absl::string_view unique_id, absl::string_view entry);
  absl::Status CheckAcyclic() const;
  void Publish();

  std::shared_ptr<Manifest> manifest_;
  StringPool strings_;
  StringPool node_ids_;
  StringPool macro_ids_;
  JsonPool values_;
  Arena passing_arena_;
  StringPool passing_strings_;
  JsonPool passing_values_;

  Collected<Node> nodes_;
  Collected<Macro> macros_;
  std::vector<Symbol> node_edges_;
  std::vector<Symbol> macro_edges_;
  uint32_t node_edges_taken_ = 0;
  uint32_t macro_edges_taken_ = 0;
  std::vector<uint32_t> macro_numbers_;  // Symbol -> MacroId
  std::vector<Symbol> base_nodes_;   // NodeId of the base -> Symbol, or kNone
  std::vector<Symbol> base_macros_;  // likewise
  bool metrics_dropped_ = false;
};

}  // namespace doppel::manifest

#endif  // DOPPEL_SERVICE_MANIFEST_BUILDER_H_
