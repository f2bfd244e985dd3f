#include "service/deferral/node_upgrade.h"

#include <simdjson.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "service/base/error.h"

namespace doppel::deferral {
namespace {

namespace ondemand = simdjson::ondemand;
using manifest::ResourceType;

// Members that a seed of v12 does not have.
constexpr absl::string_view kNotOfSeeds[] = {
    "language",      "refs",         "sources",
    "metrics",       "compiled",     "compiled_path",
    "compiled_code", "raw_sql",      "extra_ctes_injected",
    "extra_ctes",    "compiled_sql",
};

bool IsDropped(absl::string_view key, ResourceType type) {
  if (type != ResourceType::kSeed) {
    // Metric calls were redesigned; nothing reads the old ones.
    return key == "root_path" || key == "metrics";
  }
  return std::find(std::begin(kNotOfSeeds), std::end(kNotOfSeeds), key) !=
         std::end(kNotOfSeeds);
}

absl::string_view NewName(absl::string_view key) {
  if (key == "raw_sql") return "raw_code";
  if (key == "compiled_sql") return "compiled_code";
  return key;
}

absl::string_view Trimmed(std::string_view raw) {
  while (!raw.empty() && std::string_view(" \t\r\n").find(raw.back()) !=
                             std::string_view::npos) {
    raw.remove_suffix(1);
  }
  return {raw.data(), raw.size()};
}

// The value's text. Consumes it.
simdjson::error_code RawText(ondemand::value value, absl::string_view* text) {
  ondemand::json_type type;
  if (const auto e = value.type().get(type)) return e;
  std::string_view raw;
  if (type == ondemand::json_type::object) {
    ondemand::object object;
    if (const auto e = value.get_object().get(object)) return e;
    if (const auto e = object.raw_json().get(raw)) return e;
  } else if (type == ondemand::json_type::array) {
    ondemand::array array;
    if (const auto e = value.get_array().get(array)) return e;
    if (const auto e = array.raw_json().get(raw)) return e;
  } else {
    raw = value.raw_json_token();
    // The token of a scalar is only looked at: go past it.
    if (value.is_null().error() != simdjson::SUCCESS) {
      return simdjson::INCORRECT_TYPE;
    }
  }
  *text = Trimmed(raw);
  return simdjson::SUCCESS;
}

// A ref of up to v8: ["name"] or ["package", "name"].
simdjson::error_code AppendRef(ondemand::value ref, std::string* out) {
  ondemand::json_type type;
  if (const auto e = ref.type().get(type)) return e;
  if (type != ondemand::json_type::array) {
    absl::string_view text;
    if (const auto e = RawText(ref, &text)) return e;
    absl::StrAppend(out, text);
    return simdjson::SUCCESS;
  }
  ondemand::array parts;
  if (const auto e = ref.get_array().get(parts)) return e;
  absl::string_view package = "null";
  absl::string_view name = "null";
  for (auto part : parts) {
    ondemand::value value;
    if (const auto e = part.get(value)) return e;
    if (name != "null") package = name;
    if (const auto e = RawText(value, &name)) return e;
  }
  absl::StrAppend(out, R"({"name":)", name, R"(,"package":)", package,
                  R"(,"version":null})");
  return simdjson::SUCCESS;
}

simdjson::error_code AppendRefs(ondemand::value value, std::string* out) {
  ondemand::array refs;
  if (const auto e = value.get_array().get(refs)) return e;
  out->push_back('[');
  bool is_first = true;
  for (auto ref : refs) {
    ondemand::value item;
    if (const auto e = ref.get(item)) return e;
    if (!is_first) out->push_back(',');
    is_first = false;
    if (const auto e = AppendRef(item, out)) return e;
  }
  out->push_back(']');
  return simdjson::SUCCESS;
}

simdjson::error_code AppendMember(ondemand::field field, ResourceType type,
                                  bool* is_first, std::string* out) {
  std::string_view unescaped;
  if (const auto e = field.unescaped_key().get(unescaped)) return e;
  const std::string key(unescaped);
  if (IsDropped(key, type)) return simdjson::SUCCESS;
  absl::StrAppend(out, *is_first ? "\"" : ",\"", NewName(key), "\":");
  *is_first = false;
  if (key == "refs") return AppendRefs(field.value(), out);
  absl::string_view text;
  if (const auto e = RawText(field.value(), &text)) return e;
  absl::StrAppend(out, text);
  return simdjson::SUCCESS;
}

simdjson::error_code AppendObject(const simdjson::padded_string& json,
                                  ResourceType type, std::string* out) {
  ondemand::parser parser;
  ondemand::document document;
  if (const auto e = parser.iterate(json).get(document)) return e;
  ondemand::object object;
  if (const auto e = document.get_object().get(object)) return e;
  out->push_back('{');
  bool is_first = true;
  for (auto member : object) {
    ondemand::field field;
    if (const auto e = std::move(member).get(field)) return e;
    if (const auto e = AppendMember(field, type, &is_first, out)) return e;
  }
  out->push_back('}');
  return simdjson::SUCCESS;
}

}  // namespace

absl::Status AppendUpgradedNode(absl::string_view object, ResourceType type,
                                std::string* out) {
  const simdjson::padded_string json(object.data(), object.size());
  const simdjson::error_code error = AppendObject(json, type, out);
  if (error == simdjson::SUCCESS) return absl::OkStatus();
  return Error(absl::StatusCode::kInvalidArgument, Reason::kManifestBroken,
               absl::StrCat("a node of an older manifest cannot be read: ",
                            simdjson::error_message(error)))
      .With("error", simdjson::error_message(error));
}

}  // namespace doppel::deferral
