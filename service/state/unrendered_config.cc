#include "service/state/unrendered_config.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "service/state/config_call.h"
#include "service/state/source_text.h"

namespace doppel::state {

using manifest::JsonValue;
using manifest::Manifest;
using manifest::Node;
using manifest::ResourceType;

namespace {

// All that a data test's config says about how it is run.
constexpr absl::string_view kTestModifiers[] = {
    "error_if",       "fail_calc",         "limit",   "severity", "sql_header",
    "store_failures", "store_failures_as", "warn_if", "where",
};

constexpr absl::string_view kNodeExclusions[] = {"alias", "database", "group",
                                                 "schema", "tags"};

template <size_t N>
bool IsOneOf(const absl::string_view (&list)[N], absl::string_view key) {
  return std::find(std::begin(list), std::end(list), key) != std::end(list);
}

bool IsCompared(ResourceType type, absl::string_view key) {
  switch (type) {
    case ResourceType::kTest:
      return IsOneOf(kTestModifiers, key);
    case ResourceType::kSource:
    case ResourceType::kExposure:
      return true;
    case ResourceType::kMetric:
      return key != "group";
    default:
      return !IsOneOf(kNodeExclusions, key);
  }
}

// not_null and unique have no config() call to read: their config is set
// without one.
bool IsSimpleBuiltinTest(const Manifest& manifest, const Node& node) {
  if (node.type != ResourceType::kTest || node.has_null_macro ||
      node.macros.size() != 1) {
    return false;
  }
  const absl::string_view macro = manifest.macro(node.macros[0]).unique_id;
  return macro == "macro.dbt.test_not_null" || macro == "macro.dbt.test_unique";
}

bool IsInNodesSection(ResourceType type) {
  return type <= ResourceType::kSqlOperation || type == ResourceType::kUnknown;
}

std::vector<absl::string_view> UnionOf(
    const std::vector<absl::string_view>& a,
    const std::vector<absl::string_view>& b) {
  std::vector<absl::string_view> keys;
  std::set_union(a.begin(), a.end(), b.begin(), b.end(),
                 std::back_inserter(keys));
  return keys;
}

// Absent, null and the default of that key are one value.
bool IsDefault(absl::string_view key, const JsonValue* value) {
  if (value == nullptr || value->is_null()) return true;
  if (key == "enabled") return value->Truthy();
  if (key == "meta" || key == "tags") return !value->Truthy();
  if (key == "cache") {
    const JsonValue* enabled = value->Find("enabled");
    return enabled == nullptr || !enabled->Truthy();
  }
  return false;
}

std::vector<absl::string_view> KeysOf(const JsonValue* object) {
  std::vector<absl::string_view> keys;
  if (object == nullptr) return keys;
  for (const manifest::JsonMember& member : object->members()) {
    keys.push_back(member.key);
  }
  return keys;
}

}  // namespace

std::string ConfigEntry::ToJson() const {
  if (text != nullptr) return absl::StrCat("\"", *text, "\"");
  return value == nullptr ? "(absent)" : value->ToJson();
}

bool operator==(const ConfigEntry& a, const ConfigEntry& b) {
  if (a.present() != b.present()) return false;
  if (!a.present()) return true;
  if (a.text == nullptr && b.text == nullptr) return *a.value == *b.value;
  auto text_of = [](const ConfigEntry& entry) -> absl::string_view {
    return entry.text != nullptr ? *entry.text : entry.value->string_value();
  };
  auto is_text = [](const ConfigEntry& entry) {
    return entry.text != nullptr || entry.value->is_string();
  };
  return is_text(a) && is_text(b) && text_of(a) == text_of(b);
}

ConfigView::ConfigView(const Manifest& manifest, const Node& node, bool reread)
    : base_(node.unrendered_config) {
  if (!reread || base_ == nullptr || base_->members().empty() ||
      !IsInNodesSection(node.type) || IsSimpleBuiltinTest(manifest, node)) {
    return;
  }
  code_ = ParseConfigCall(ReadRawCode(manifest, node));
}

ConfigEntry ConfigView::Get(absl::string_view key) const {
  ConfigEntry entry;
  auto found = code_.find(std::string(key));
  if (found != code_.end()) {
    entry.text = &found->second;
  } else if (base_ != nullptr) {
    entry.value = base_->Find(key);
  }
  return entry;
}

std::vector<absl::string_view> ConfigView::Keys() const {
  std::vector<absl::string_view> code;
  for (const auto& [key, value] : code_) code.push_back(key);
  return UnionOf(code, KeysOf(base_));
}

std::vector<std::string> DifferentConfigKeys(ResourceType type,
                                             const ConfigView& older,
                                             const ConfigView& current) {
  std::vector<std::string> different;
  for (absl::string_view key : UnionOf(older.Keys(), current.Keys())) {
    if (IsCompared(type, key) && !(older.Get(key) == current.Get(key))) {
      different.emplace_back(key);
    }
  }
  return different;
}

std::vector<std::string> DifferentRelationKeys(const ConfigView& older,
                                               const ConfigView& current) {
  std::vector<std::string> different;
  for (absl::string_view key : {"database", "schema", "alias"}) {
    const ConfigEntry before = older.Get(key);
    const ConfigEntry after = current.Get(key);
    if (before.IsNull() && after.IsNull()) continue;
    if (!(before == after)) different.emplace_back(key);
  }
  return different;
}

std::vector<std::string> DifferentRenderedKeys(const JsonValue* older,
                                               const JsonValue* current) {
  std::vector<std::string> different;
  for (absl::string_view key : UnionOf(KeysOf(older), KeysOf(current))) {
    const JsonValue* a = older == nullptr ? nullptr : older->Find(key);
    const JsonValue* b = current == nullptr ? nullptr : current->Find(key);
    if (IsDefault(key, a) && IsDefault(key, b)) continue;
    if (a == nullptr || b == nullptr || !(*a == *b)) {
      different.emplace_back(key);
    }
  }
  return different;
}

}  // namespace doppel::state
