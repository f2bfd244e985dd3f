#include "service/deferral/state_manifest.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "service/base/error.h"
#include "service/base/json_string.h"
#include "service/base/status_macros.h"
#include "service/deferral/merged_nodes.h"
#include "service/deferral/node_upgrade.h"

namespace doppel::deferral {
namespace {

using manifest::Manifest;
using manifest::Node;
using manifest::NodeId;
using manifest::ResourceType;
using manifest::Span;

constexpr int kNewestVersion = 12;
// dbt reads no older state.
constexpr int kOldestStateVersion = 4;

bool IsWithin(const Span& inner, const Span& outer) {
  return inner.offset >= outer.offset &&
         inner.offset + inner.size <= outer.offset + outer.size;
}

class Splicer {
 public:
  explicit Splicer(std::span<const DeferSource> sources)
      : sources_(sources),
        base_(*sources[0].manifest),
        merged_(Merge(sources)),
        places_(PlacesOf(sources, merged_)) {}

  absl::StatusOr<std::string> Run();

 private:
  // A top-level member of the base with its new text.
  struct Replaced {
    Span place;
    std::string text;
  };

  const Manifest& ManifestOf(const MergedNode& merged) const {
    return *sources_[merged.source].manifest;
  }
  const Node& NodeOf(const MergedNode& merged) const {
    return ManifestOf(merged).node(merged.node);
  }
  absl::string_view IdAt(uint32_t place) const {
    return NodeOf(merged_[place]).unique_id;
  }

  bool IsTheBaseItself() const;
  bool IsIn(absl::string_view member, const MergedNode& merged) const;
  // The version by which dbt will read the result.
  int HeadVersion() const;
  absl::StatusOr<std::string> Section(absl::string_view member) const;
  absl::Status AppendNode(const MergedNode& merged, std::string* out) const;
  std::vector<std::vector<uint32_t>> Parents() const;
  std::string EdgeMap(const std::vector<std::vector<uint32_t>>& edges) const;
  absl::StatusOr<std::string> SpliceIntoBase() const;
  absl::StatusOr<std::string> WriteAnew() const;
  absl::Status AddNodes(std::vector<Replaced>* replaced) const;
  void AddEdges(std::vector<Replaced>* replaced) const;

  std::span<const DeferSource> sources_;
  const Manifest& base_;
  const std::vector<MergedNode> merged_;
  const std::vector<std::vector<uint32_t>> places_;
};

absl::StatusOr<std::string> Splicer::Run() {
  if (base_.metadata().schema_version < kOldestStateVersion) {
    return WriteAnew();
  }
  if (IsTheBaseItself()) return std::string(base_.text().view());
  return SpliceIntoBase();
}

bool Splicer::IsTheBaseItself() const {
  return merged_.size() == base_.node_count() &&
         std::all_of(merged_.begin(), merged_.end(),
                     [](const MergedNode& m) { return m.source == 0; });
}

int Splicer::HeadVersion() const {
  const int version = base_.metadata().schema_version;
  return version < kOldestStateVersion ? kNewestVersion : version;
}

// Whether the node stands in that top-level member of its manifest.
bool Splicer::IsIn(absl::string_view member, const MergedNode& merged) const {
  return IsWithin(NodeOf(merged).text, ManifestOf(merged).section(member));
}

absl::StatusOr<std::string> Splicer::Section(absl::string_view member) const {
  std::string out = "{";
  out.reserve(base_.section(member).size);
  for (const MergedNode& merged : merged_) {
    if (!IsIn(member, merged)) continue;
    if (out.size() > 1) out.push_back(',');
    absl::StrAppend(&out, JsonString(NodeOf(merged).unique_id), ":");
    DOPPEL_RETURN_IF_ERROR(AppendNode(merged, &out));
  }
  out.push_back('}');
  return out;
}

absl::Status Splicer::AppendNode(const MergedNode& merged,
                                 std::string* out) const {
  const Manifest& manifest = ManifestOf(merged);
  const Node& node = manifest.node(merged.node);
  const absl::string_view text = manifest.text().at(node.text);
  // Under an older head, dbt upgrades every node itself.
  if (HeadVersion() == kNewestVersion &&
      manifest.metadata().schema_version < kNewestVersion) {
    return Annotate(AppendUpgradedNode(text, node.type, out), node.unique_id);
  }
  out->append(text.data(), text.size());
  return absl::OkStatus();
}

// Of each merged node: those of its parents that are merged, too.
std::vector<std::vector<uint32_t>> Splicer::Parents() const {
  std::vector<std::vector<uint32_t>> parents(merged_.size());
  for (uint32_t place = 0; place < merged_.size(); ++place) {
    const MergedNode& merged = merged_[place];
    for (const NodeId parent : ManifestOf(merged).parents(merged.node)) {
      const uint32_t at = places_[merged.source][parent];
      if (at != kNotMerged) parents[place].push_back(at);
    }
  }
  return parents;
}

std::string Splicer::EdgeMap(
    const std::vector<std::vector<uint32_t>>& edges) const {
  std::string out = "{";
  for (uint32_t place = 0; place < edges.size(); ++place) {
    absl::StrAppend(&out, place == 0 ? "" : ",", JsonString(IdAt(place)), ":[");
    const char* separator = "";
    for (const uint32_t other : edges[place]) {
      absl::StrAppend(&out, separator, JsonString(IdAt(other)));
      separator = ",";
    }
    out.push_back(']');
  }
  out.push_back('}');
  return out;
}

absl::Status Splicer::AddNodes(std::vector<Replaced>* replaced) const {
  DOPPEL_ASSIGN_OR_RETURN(std::string nodes, Section("nodes"));
  DOPPEL_ASSIGN_OR_RETURN(std::string functions, Section("functions"));
  const Span place = base_.section("functions");
  if (!place.empty()) {
    replaced->push_back({place, std::move(functions)});
  } else if (functions != "{}") {
    // A manifest from before dbt had functions: a member of its own for them.
    absl::StrAppend(&nodes, ",\"functions\":", functions);
  }
  replaced->push_back({base_.section("nodes"), std::move(nodes)});
  return absl::OkStatus();
}

void Splicer::AddEdges(std::vector<Replaced>* replaced) const {
  const std::vector<std::vector<uint32_t>> parents = Parents();
  const Span parent_map = base_.section("parent_map");
  if (!parent_map.empty()) replaced->push_back({parent_map, EdgeMap(parents)});
  const Span child_map = base_.section("child_map");
  if (child_map.empty()) return;
  std::vector<std::vector<uint32_t>> children(merged_.size());
  for (uint32_t place = 0; place < parents.size(); ++place) {
    for (const uint32_t parent : parents[place]) {
      children[parent].push_back(place);
    }
  }
  replaced->push_back({child_map, EdgeMap(children)});
}

absl::StatusOr<std::string> Splicer::SpliceIntoBase() const {
  std::vector<Replaced> replaced;
  DOPPEL_RETURN_IF_ERROR(AddNodes(&replaced));
  AddEdges(&replaced);
  std::sort(replaced.begin(), replaced.end(),
            [](const Replaced& a, const Replaced& b) {
              return a.place.offset < b.place.offset;
            });
  const absl::string_view text = base_.text().view();
  size_t size = text.size();
  for (const Replaced& member : replaced) size += member.text.size();
  std::string out;
  out.reserve(size);
  size_t done = 0;
  for (const Replaced& member : replaced) {
    absl::StrAppend(&out, text.substr(done, member.place.offset - done),
                    member.text);
    done = member.place.offset + member.place.size;
  }
  absl::StrAppend(&out, text.substr(done));
  return out;
}

absl::StatusOr<std::string> Splicer::WriteAnew() const {
  const manifest::Metadata& metadata = base_.metadata();
  std::string out = absl::StrCat(
      R"({"metadata":{"dbt_schema_version":)",
      R"("https://schemas.getdbt.com/dbt/manifest/v12.json","dbt_version":)",
      JsonString(metadata.dbt_version), R"(,"adapter_type":)",
      JsonString(metadata.adapter_type), R"(,"env":{}},"nodes":)");
  DOPPEL_ASSIGN_OR_RETURN(const std::string nodes, Section("nodes"));
  DOPPEL_ASSIGN_OR_RETURN(const std::string functions, Section("functions"));
  absl::StrAppend(&out, nodes, R"(,"functions":)", functions);
  for (const absl::string_view member :
       {"sources", "macros", "docs", "exposures", "metrics", "groups",
        "selectors", "disabled", "parent_map", "child_map", "group_map",
        "saved_queries", "semantic_models", "unit_tests"}) {
    absl::StrAppend(&out, ",\"", member, "\":{}");
  }
  out.push_back('}');
  return out;
}

}  // namespace

absl::StatusOr<std::string> SpliceStateManifest(
    std::span<const DeferSource> sources) {
  if (sources.empty()) {
    return Error(absl::StatusCode::kInvalidArgument, Reason::kInvalidArgument,
                 "sources: at least one is needed")
        .Field("sources", "expected at least one source");
  }
  return Splicer(sources).Run();
}

}  // namespace doppel::deferral
