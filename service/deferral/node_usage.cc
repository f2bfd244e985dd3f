#include "service/deferral/node_usage.h"

#include <simdjson.h>

#include <algorithm>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "re2/re2.h"

namespace doppel::deferral {
namespace {

namespace dom = simdjson::dom;
using manifest::Manifest;
using manifest::Node;
using manifest::NodeId;
using manifest::ResourceType;

// A ref(), or a source() with `package` for the source's name.
struct Call {
  bool is_source = false;
  std::string package;  // "": not said
  std::string name;
  std::string version;  // "": not said
};

std::string TextOf(const simdjson::simdjson_result<dom::element>& element) {
  std::string_view text;
  return element.get(text) == simdjson::SUCCESS ? std::string(text) : "";
}

// The calls in a text such as "ref('shop', 'orders', v=2)". Only those whose
// arguments are written out.
std::vector<Call> CallsIn(absl::string_view text) {
  static const auto* const kCall = new re2::RE2(
      R"re(\b(ref|source)\s*\(\s*(['"])([^'"]*)['"]\s*)re"
      R"re((?:,\s*['"]([^'"]*)['"]\s*)?)re"
      R"re((?:,\s*(?:v|version)\s*=\s*['"]?([^'")\s]+)['"]?\s*)?\))re");
  std::vector<Call> calls;
  re2::StringPiece rest(text.data(), text.size());
  std::string function, quote, first, second, version;
  while (re2::RE2::FindAndConsume(&rest, *kCall, &function, &quote, &first,
                                  &second, &version)) {
    Call call;
    call.is_source = function == "source";
    if (second.empty()) std::swap(first, second);
    call.package = first;
    call.name = second;
    call.version = version;
    calls.push_back(std::move(call));
    first.clear();
  }
  return calls;
}

// A version as a call or a manifest writes it.
std::string VersionOf(const manifest::JsonValue* version) {
  return version == nullptr || version->is_null() ? "" : version->ToString();
}

bool IsCalled(const Node& node, const Call& call) {
  if (call.is_source) {
    return node.type == ResourceType::kSource && node.name == call.name &&
           node.source_name == call.package;
  }
  if (!manifest::IsRefable(node.type) || node.name != call.name) return false;
  if (!call.package.empty() && node.package_name != call.package) return false;
  const std::string version = VersionOf(node.version);
  return call.version.empty()
             ? version == VersionOf(node.latest_version) || version.empty()
             : version == call.version;
}

// Whom the call names: in the root project, else in the caller's package, else
// anywhere, which is dbt's order.
std::optional<NodeId> Named(const Manifest& manifest, const Node& caller,
                            std::span<const NodeId> among, const Call& call) {
  const absl::string_view root = manifest.metadata().project_name;
  std::optional<NodeId> found;
  int best = 0;
  for (const NodeId id : among) {
    const Node& node = manifest.node(id);
    if (!IsCalled(node, call)) continue;
    const int rank = node.package_name == root                  ? 3
                     : node.package_name == caller.package_name ? 2
                                                                : 1;
    if (rank > best) {
      best = rank;
      found = id;
    }
  }
  return found;
}

template <typename Each>
void ForEach(const simdjson::simdjson_result<dom::element>& element,
             Each each) {
  dom::array items;
  if (element.get(items) != simdjson::SUCCESS) return;
  for (const dom::element item : items) each(item);
}

// The calls as the manifest lists them: [package, name] or {name, package,
// version}, and [source, table].
std::vector<Call> ListedCalls(const dom::element& node) {
  std::vector<Call> calls;
  ForEach(node["refs"], [&](const dom::element& ref) {
    Call call;
    dom::array parts;
    if (ref.get(parts) == simdjson::SUCCESS) {
      call.name = TextOf(parts.at(parts.size() - 1));
      if (parts.size() > 1) call.package = TextOf(parts.at(0));
    } else {
      call.name = TextOf(ref["name"]);
      call.package = TextOf(ref["package"]);
      dom::element version;
      if (ref["version"].get(version) == simdjson::SUCCESS &&
          !version.is_null()) {
        call.version = version.is_string() ? TextOf(ref["version"])
                                           : simdjson::to_string(version);
      }
    }
    calls.push_back(std::move(call));
  });
  ForEach(node["sources"], [&](const dom::element& source) {
    dom::array parts;
    if (source.get(parts) != simdjson::SUCCESS || parts.size() != 2) return;
    calls.push_back({true, TextOf(parts.at(0)), TextOf(parts.at(1)), ""});
  });
  return calls;
}

std::vector<Call> HookCalls(const dom::element& node) {
  std::vector<Call> calls;
  for (const char* key : {"pre-hook", "post-hook"}) {
    ForEach(node["config"][key], [&](const dom::element& hook) {
      const std::string sql =
          hook.is_string() ? TextOf(simdjson::simdjson_result<dom::element>(
                                 dom::element(hook)))
                           : TextOf(hook["sql"]);
      const std::vector<Call> in = CallsIn(sql);
      calls.insert(calls.end(), in.begin(), in.end());
    });
  }
  return calls;
}

std::vector<Call> KeyCalls(const dom::element& node) {
  std::vector<Call> calls;
  const auto add = [&](const dom::element& constraint) {
    if (TextOf(constraint["type"]) != "foreign_key") return;
    const std::vector<Call> to = CallsIn(TextOf(constraint["to"]));
    if (!to.empty()) calls.push_back(to.front());
  };
  ForEach(node["constraints"], add);
  dom::object columns;
  if (node["columns"].get(columns) == simdjson::SUCCESS) {
    for (const auto& [name, column] : columns) {
      ForEach(column["constraints"], add);
    }
  }
  return calls;
}

void SortOnce(std::vector<NodeId>* ids) {
  std::sort(ids->begin(), ids->end());
  ids->erase(std::unique(ids->begin(), ids->end()), ids->end());
}

}  // namespace

NodeUsage UsageOf(const Manifest& manifest, NodeId id) {
  NodeUsage usage;
  const Node& node = manifest.node(id);
  dom::parser parser;
  dom::element json;
  const absl::string_view text = manifest.text().at(node.text);
  if (parser.parse(text.data(), text.size()).get(json) != simdjson::SUCCESS) {
    return usage;
  }
  // How often each parent is called, and how often not by the code.
  std::map<NodeId, std::pair<int, int>> calls;
  const auto named = [&](const Call& call) {
    return Named(manifest, node, manifest.parents(id), call);
  };
  for (const Call& call : ListedCalls(json)) {
    if (const auto parent = named(call)) ++calls[*parent].first;
  }
  const auto set_apart = [&](const std::vector<Call>& apart,
                             std::vector<NodeId>* ids) {
    for (const Call& call : apart) {
      const auto parent = named(call);
      if (!parent.has_value()) continue;
      ++calls[*parent].second;
      ids->push_back(*parent);
    }
    SortOnce(ids);
  };
  set_apart(HookCalls(json), &usage.hooks);
  set_apart(KeyCalls(json), &usage.foreign_keys);
  for (const auto& [parent, count] : calls) {
    if (count.second > 0 && count.first <= count.second) {
      usage.not_in_code.push_back(parent);
    }
  }
  return usage;
}

std::vector<NodeId> FixturesOf(const Manifest& manifest, NodeId id) {
  std::vector<NodeId> inputs;
  const Node& node = manifest.node(id);
  dom::parser parser;
  dom::element json;
  const absl::string_view text = manifest.text().at(node.text);
  if (parser.parse(text.data(), text.size()).get(json) != simdjson::SUCCESS) {
    return inputs;
  }
  // An input is one of the tested model's parents, or that model itself.
  std::vector<NodeId> among;
  for (const NodeId tested : manifest.parents(id)) {
    among.push_back(tested);
    const auto parents = manifest.parents(tested);
    among.insert(among.end(), parents.begin(), parents.end());
  }
  ForEach(json["given"], [&](const dom::element& given) {
    if (TextOf(given["format"]) == "sql") return;
    const std::string input = TextOf(given["input"]);
    if (absl::StrContains(input, "(")) {
      for (const Call& call : CallsIn(input)) {
        const auto named = Named(manifest, node, among, call);
        if (named.has_value()) inputs.push_back(*named);
      }
    } else if (!among.empty()) {
      inputs.push_back(among.front());
    }
  });
  SortOnce(&inputs);
  return inputs;
}

dialect::Quoting SourceQuoting(const Manifest& manifest, NodeId source,
                               const dialect::Quoting& otherwise) {
  dialect::Quoting quoting = otherwise;
  dom::parser parser;
  dom::element json;
  const absl::string_view text = manifest.text().at(manifest.node(source).text);
  if (parser.parse(text.data(), text.size()).get(json) != simdjson::SUCCESS) {
    return quoting;
  }
  const auto read = [&](const char* part, bool* quoted) {
    bool own = false;
    if (json["quoting"][part].get(own) == simdjson::SUCCESS) *quoted = own;
  };
  read("database", &quoting.database);
  read("schema", &quoting.schema);
  read("identifier", &quoting.identifier);
  return quoting;
}

}  // namespace doppel::deferral
