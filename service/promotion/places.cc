#include "service/promotion/places.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "service/base/relation.h"
#include "service/manifest/node.h"
#include "service/manifest/relation_of.h"

namespace doppel::promotion {
namespace {

using manifest::Manifest;
using manifest::Node;

RelationName NameOf(const Node& node, const std::string& default_database) {
  RelationName name = manifest::RelationOf(node);
  if (name.database.empty()) name.database = default_database;
  return name;
}

bool CanBePromoted(const Node& node) {
  return manifest::IsRefable(node.type) && manifest::HasRelation(node);
}

// Schema -> where most of its nodes are on the other side.
class SchemaMap {
 public:
  void Add(const SchemaName& from, const SchemaName& to) { ++votes_[from][to]; }

  std::optional<SchemaName> Find(const SchemaName& from) const {
    if (const auto same = votes_.find(from); same != votes_.end()) {
      return Most(same->second);
    }
    return OfTarget(from);
  }

 private:
  using Votes = std::map<SchemaName, int>;

  static SchemaName Most(const Votes& votes) {
    auto best = votes.begin();
    for (auto it = votes.begin(); it != votes.end(); ++it) {
      if (it->second > best->second) best = it;
    }
    return best->first;
  }

  // By the longest schema that its name goes on from.
  std::optional<SchemaName> OfTarget(const SchemaName& from) const {
    const std::pair<const SchemaName, Votes>* target = nullptr;
    for (const auto& known : votes_) {
      if (known.first.database != from.database ||
          !absl::StartsWith(from.schema,
                            absl::StrCat(known.first.schema, "_"))) {
        continue;
      }
      if (target == nullptr ||
          known.first.schema.size() > target->first.schema.size()) {
        target = &known;
      }
    }
    if (target == nullptr) return std::nullopt;
    SchemaName to = Most(target->second);
    absl::StrAppend(
        &to.schema,
        absl::string_view(from.schema).substr(target->first.schema.size()));
    return to;
  }

  std::map<SchemaName, Votes> votes_;
};

}  // namespace

std::vector<Place> PlacesOf(const Manifest& from, const Manifest& to,
                            const std::string& default_database) {
  std::vector<Place> places;
  SchemaMap schemas;
  for (const manifest::NodeId id : from.topological_order()) {
    const Node& node = from.node(id);
    if (!CanBePromoted(node)) continue;
    Place place = {id, NameOf(node, default_database), std::nullopt, false};
    const auto counterpart = to.Find(node.unique_id);
    if (counterpart.has_value() && CanBePromoted(to.node(*counterpart))) {
      place.to = NameOf(to.node(*counterpart), default_database);
      schemas.Add(place.from.schema_name(), place.to->schema_name());
    } else {
      place.is_new = true;
    }
    places.push_back(std::move(place));
  }
  for (Place& place : places) {
    if (!place.is_new) continue;
    const auto schema = schemas.Find(place.from.schema_name());
    if (!schema.has_value()) continue;
    place.to = {schema->database, schema->schema, place.from.identifier};
  }
  return places;
}

}  // namespace doppel::promotion
