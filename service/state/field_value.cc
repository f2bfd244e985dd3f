#include "service/state/field_value.h"

#include <simdjson.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <span>
#include <string_view>

#include "absl/strings/str_cat.h"

namespace doppel::state {
namespace {

namespace dom = simdjson::dom;

// Fields of which dbt compares these members only.
constexpr absl::string_view kExport[] = {"name", "unrendered_config"};
constexpr absl::string_view kExportConfig[] = {"alias", "export_as", "schema"};
constexpr absl::string_view kOverload[] = {"arguments", "defined_in",
                                           "raw_body", "returns"};

using Members = std::span<const absl::string_view>;

Members MembersOf(absl::string_view field) {
  if (field == "exports") return kExport;
  if (field == "unrendered_config") return kExportConfig;
  if (field == "overloads") return kOverload;
  return {};
}

// A saved query has these one level down.
bool IsQueryParam(const manifest::Node& node, absl::string_view field) {
  return node.type == manifest::ResourceType::kSavedQuery &&
         (field == "metrics" || field == "group_by" || field == "where");
}

// What a field that is not there stands for.
absl::string_view DefaultOf(absl::string_view field) {
  if (field == "quoting") return "{}";
  for (absl::string_view list :
       {"arguments", "dimensions", "entities", "exports", "group_by",
        "measures", "metrics", "overloads", "tags"}) {
    if (field == list) return "[]";
  }
  return "null";
}

std::string Canonical(const dom::element& element, Members members);

// Members that are null are left out; of `members`, where there are any, only
// those are kept.
std::string CanonicalObject(const dom::object& object, Members members) {
  std::map<absl::string_view, std::string> texts;
  for (dom::key_value_pair member : object) {
    const absl::string_view key(member.key.data(), member.key.size());
    const bool kept =
        members.empty() ||
        std::find(members.begin(), members.end(), key) != members.end();
    if (!kept || member.value.is_null()) continue;
    texts[key] = Canonical(member.value, members.data() == std::data(kExport)
                                             ? MembersOf(key)
                                             : Members());
  }
  std::string text = "{";
  for (const auto& [key, value] : texts) {
    absl::StrAppend(&text, text.size() > 1 ? "," : "", "\"", key, "\":", value);
  }
  return text + "}";
}

std::string Canonical(const dom::element& element, Members members) {
  dom::object object;
  if (element.get(object) == simdjson::SUCCESS) {
    return CanonicalObject(object, members);
  }
  dom::array array;
  if (element.get(array) != simdjson::SUCCESS) {
    return simdjson::minify(element);
  }
  std::string text = "[";
  for (dom::element item : array) {
    absl::StrAppend(&text, text.size() > 1 ? "," : "",
                    Canonical(item, members));
  }
  return text + "]";
}

}  // namespace

std::string ComparedFieldValue(const manifest::Manifest& manifest,
                               const manifest::Node& node,
                               absl::string_view field) {
  const absl::string_view bytes = manifest.text().at(node.text);
  dom::parser parser;
  auto object = parser.parse(bytes.data(), bytes.size(), true);
  if (IsQueryParam(node, field)) object = object["query_params"];
  dom::element value;
  if (object[std::string_view(field.data(), field.size())].get(value) !=
          simdjson::SUCCESS ||
      value.is_null()) {
    return std::string(DefaultOf(field));
  }
  return Canonical(value, MembersOf(field));
}

}  // namespace doppel::state
