#include "service/promotion/promoted_manifest.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "service/base/digest.h"
#include "service/base/json_string.h"
#include "service/base/status_macros.h"
#include "service/deferral/source.h"
#include "service/deferral/state_manifest.h"
#include "service/manifest/node.h"
#include "service/manifest/parse.h"
#include "service/manifest/text.h"
#include "service/promotion/json_members.h"

namespace doppel::promotion {
namespace {

using manifest::Manifest;
using manifest::Node;
using manifest::NodeId;

// Where a node stands from now on, in the manifest's words.
struct Stand {
  std::string database;  // JSON: a string or null
  std::string schema;
  std::string alias;
  std::string relation_name;
};

class Renamer {
 public:
  explicit Renamer(const PromotedManifestInputs& inputs)
      : from_(*inputs.from), to_(*inputs.to) {
    for (const Place& place : inputs.places) {
      if (!place.to.has_value()) continue;
      stands_.emplace(place.node, StandOf(place, inputs));
    }
  }

  std::string Run() const {
    std::vector<NodeId> nodes;
    for (NodeId id = 0; id < from_.node_count(); ++id) {
      if (!from_.node(id).text.empty()) nodes.push_back(id);
    }
    std::sort(nodes.begin(), nodes.end(), [this](NodeId a, NodeId b) {
      return from_.node(a).text.offset < from_.node(b).text.offset;
    });
    const absl::string_view text = from_.text().view();
    std::string out;
    out.reserve(text.size());
    size_t done = 0;
    for (const NodeId id : nodes) {
      const manifest::Span span = from_.node(id).text;
      absl::StrAppend(&out, text.substr(done, span.offset - done), Renamed(id));
      done = span.offset + span.size;
    }
    absl::StrAppend(&out, text.substr(done));
    return out;
  }

 private:
  Stand StandOf(const Place& place, const PromotedManifestInputs& inputs) {
    const Node& node = from_.node(place.node);
    const auto counterpart = to_.Find(node.unique_id);
    Stand stand;
    stand.schema = place.to->schema;
    stand.alias = place.to->identifier;
    if (place.is_new || !counterpart.has_value()) {
      stand.database =
          node.database.has_value() ? JsonString(place.to->database) : "null";
      stand.relation_name =
          inputs.dialect->Render(*place.to, inputs.to_quoting);
      return stand;
    }
    const Node& other = to_.node(*counterpart);
    stand.database =
        other.database.has_value() ? JsonString(*other.database) : "null";
    stand.relation_name =
        other.relation_name.has_value()
            ? std::string(*other.relation_name)
            : inputs.dialect->Render(*place.to, inputs.to_quoting);
    return stand;
  }

  // Names in quotes end where they end: others cannot begin with them.
  void AddName(NodeId id,
               std::vector<std::pair<std::string, std::string>>* names) const {
    const auto stand = stands_.find(id);
    const auto& name = from_.node(id).relation_name;
    if (stand == stands_.end() || !name.has_value() || name->empty()) return;
    if (name->back() != '"' && name->back() != '`') return;
    names->emplace_back(Inner(*name), Inner(stand->second.relation_name));
  }

  // As it stands within a string of JSON.
  static std::string Inner(absl::string_view text) {
    const std::string whole = JsonString(text);
    return whole.substr(1, whole.size() - 2);
  }

  std::string Renamed(NodeId id) const {
    std::vector<std::pair<std::string, std::string>> names;
    for (const NodeId parent : from_.parents(id)) AddName(parent, &names);
    AddName(id, &names);
    std::string text =
        absl::StrReplaceAll(from_.text().at(from_.node(id).text), names);
    const auto stand = stands_.find(id);
    if (stand == stands_.end()) return text;
    return WithMembers(
        text, {{"database", stand->second.database},
               {"schema", JsonString(stand->second.schema)},
               {"alias", JsonString(stand->second.alias)},
               {"relation_name", JsonString(stand->second.relation_name)}});
  }

  const Manifest& from_;
  const Manifest& to_;
  absl::flat_hash_map<NodeId, Stand> stands_;
};

// The ids, in a manifest, of those of the selected nodes that have a place; or
// of all the others.
std::vector<NodeId> Share(const Manifest& manifest,
                          const PromotedManifestInputs& inputs, bool promoted) {
  std::vector<NodeId> ids;
  for (NodeId id = 0; id < manifest.node_count(); ++id) {
    const auto node = inputs.from->Find(manifest.node(id).unique_id);
    const bool is_promoted =
        node.has_value() && std::binary_search(inputs.selected.begin(),
                                               inputs.selected.end(), *node);
    if (is_promoted == promoted) ids.push_back(id);
  }
  return ids;
}

}  // namespace

absl::StatusOr<std::string> PromotedManifest(
    const PromotedManifestInputs& inputs) {
  std::string renamed = Renamer(inputs).Run();
  const bool is_whole = std::all_of(
      inputs.places.begin(), inputs.places.end(), [&](const Place& place) {
        return std::binary_search(inputs.selected.begin(),
                                  inputs.selected.end(), place.node);
      });
  if (is_whole) return renamed;
  DOPPEL_ASSIGN_OR_RETURN(const std::shared_ptr<const Manifest> from,
                          manifest::ParseManifest(manifest::Text::Copy(renamed),
                                                  Sha256Hex(renamed)));
  const std::vector<deferral::DeferSource> sources = {
      {"to", inputs.to, Share(*inputs.to, inputs, false)},
      {"from", from, Share(*from, inputs, true)}};
  return deferral::SpliceStateManifest(sources);
}

}  // namespace doppel::promotion
