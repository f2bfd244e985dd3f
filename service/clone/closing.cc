#include "service/clone/closing.h"

#include <simdjson.h>

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "service/clone/rerooting.h"
#include "service/deferral/node_usage.h"
#include "service/dialect/sql_text.h"
#include "service/manifest/json_value.h"
#include "service/manifest/relation_of.h"

namespace doppel::clone {
namespace {

using manifest::Manifest;
using manifest::Node;
using manifest::NodeId;

// "" where the node was not compiled.
std::string CompiledCodeOf(const Manifest& manifest, const Node& node) {
  const absl::string_view text = manifest.text().at(node.text);
  simdjson::dom::parser parser;
  simdjson::dom::element object;
  if (parser.parse(text.data(), text.size()).get(object)) return "";
  // Up to schema version 6 it is called compiled_sql.
  for (const char* const key : {"compiled_code", "compiled_sql"}) {
    std::string_view code;
    if (object[key].get(code) == simdjson::SUCCESS) return std::string(code);
  }
  return "";
}

bool HasHeader(const Node& node) {
  const manifest::JsonValue* const header =
      node.config == nullptr ? nullptr : node.config->Find("sql_header");
  return header != nullptr && header->Truthy();
}

void AddReads(const Manifest& manifest, NodeId id, std::set<NodeId>* passed,
              std::set<NodeId>* reads) {
  const Node& node = manifest.node(id);
  std::vector<NodeId> not_in_code;
  if (node.has_hooks || node.has_foreign_key) {
    not_in_code = deferral::UsageOf(manifest, id).not_in_code;
  }
  for (const NodeId parent : manifest.parents(id)) {
    if (std::binary_search(not_in_code.begin(), not_in_code.end(), parent)) {
      continue;
    }
    if (!passed->insert(parent).second) continue;
    const Node& read = manifest.node(parent);
    if (manifest::IsRefable(read.type) && manifest::IsEphemeral(read)) {
      AddReads(manifest, parent, passed, reads);
    } else if (manifest::HasRelation(read)) {
      reads->insert(parent);
    }
  }
}

std::string WhyNoQuery(const Node& node, absl::string_view code) {
  if (node.materialized != "view") {
    return absl::StrCat("its model is no view but of the materialization \"",
                        node.materialized, "\"");
  }
  if (HasHeader(node)) return "its model has a sql_header";
  if (code.empty()) {
    return "the source's manifest has no compiled code of it, as dbt compile, "
           "run and build write it";
  }
  return "";
}

}  // namespace

// One relation that a query reads.
struct Closer::Read {
  Reroute route;
  std::optional<RelationName> target;  // key, where the target has it
  Escape escape;                       // where it does not
};

Closer::Closer(const CloneInputs& inputs, const TargetNames& names,
               HasTarget has_target)
    : inputs_(inputs), names_(names), has_target_(std::move(has_target)) {}

std::vector<NodeId> NodesReadBy(const Manifest& manifest, NodeId node) {
  std::set<NodeId> passed;
  std::set<NodeId> reads;
  AddReads(manifest, node, &passed, &reads);
  return {reads.begin(), reads.end()};
}

std::vector<RelationName> TargetsRead(const CloneInputs& inputs,
                                      const TargetNames& names,
                                      std::span<const Candidate> candidates) {
  std::set<RelationName> targets;
  for (const Candidate& candidate : candidates) {
    const auto node = inputs.source->Find(candidate.unique_id);
    if (candidate.skip.has_value() || !node.has_value() ||
        inputs.source->node(*node).materialized != "view") {
      continue;
    }
    for (const NodeId read : NodesReadBy(*inputs.source, *node)) {
      const auto target = names.Of(inputs.source->node(read));
      if (target.has_value()) targets.insert(*target);
    }
  }
  return {targets.begin(), targets.end()};
}

Closer::Read Closer::ReadOf(NodeId id) const {
  const dialect::Dialect& dialect = *inputs_.dialect;
  const Node& node = inputs_.source->node(id);
  const RelationName source = NameIn(inputs_, node);
  Read read;
  read.route.from = std::string(node.relation_name.value_or(""));
  if (read.route.from.empty()) {
    read.route.from = dialect.Render(source, inputs_.source_quoting);
  }
  const std::optional<RelationName> target = names_.Of(node);
  if (target.has_value()) {
    const RelationName key =
        dialect.CatalogKey(*target, inputs_.target_quoting);
    if (key != dialect.CatalogKey(source, inputs_.source_quoting) &&
        has_target_(key)) {
      read.target = key;
      read.route.to = dialect.Render(*target, inputs_.target_quoting);
      return read;
    }
  }
  read.route.to = read.route.from;
  read.escape.reads = {source, RelationKind::kUnknown, read.route.from};
  read.escape.reads_unique_id = std::string(node.unique_id);
  read.escape.reason = node.type == manifest::ResourceType::kSource
                           ? EscapeReason::kSource
                           : EscapeReason::kNotInTarget;
  return read;
}

// Each relation once. Where several nodes stand for one (a model, and a source
// of the same name), one that the target has.
std::vector<Closer::Read> Closer::ReadsOf(NodeId view) const {
  std::vector<Read> reads;
  for (const NodeId id : NodesReadBy(*inputs_.source, view)) {
    Read read = ReadOf(id);
    const auto same =
        std::find_if(reads.begin(), reads.end(), [&read](const Read& other) {
          return other.route.from == read.route.from;
        });
    if (same == reads.end()) {
      reads.push_back(std::move(read));
    } else if (!same->target.has_value()) {
      *same = std::move(read);
    }
  }
  return reads;
}

Closing Closer::Close(NodeId view) const {
  const Manifest& manifest = *inputs_.source;
  const Node& node = manifest.node(view);
  const std::string code = CompiledCodeOf(manifest, node);
  Closing closing;
  closing.why_not = WhyNoQuery(node, code);
  if (!closing.why_not.empty()) return closing;
  std::vector<Read> reads = ReadsOf(view);
  std::vector<Reroute> routes;
  for (const Read& read : reads) routes.push_back(read.route);
  Rerouted rerouted =
      Reroot(code, routes, dialect::LexisOf(inputs_.dialect->type()));
  closing.query = std::move(rerouted.query);
  for (size_t i = 0; i < reads.size(); ++i) {
    const Mention mention = rerouted.mentions[i];
    if (mention == Mention::kComment) continue;  // not read at all
    if (!reads[i].target.has_value()) {
      closing.escapes.push_back(std::move(reads[i].escape));
    } else if (mention == Mention::kCode) {
      closing.reads.push_back(std::move(*reads[i].target));
    } else {
      closing.why_not = absl::StrCat("its compiled code does not name ",
                                     routes[i].from, ", which it reads");
      return closing;
    }
  }
  return closing;
}

}  // namespace doppel::clone
