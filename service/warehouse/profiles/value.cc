#include "service/warehouse/profiles/value.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "service/base/error.h"
#include "service/base/status_macros.h"

namespace doppel::warehouse::profiles {
namespace {

// An anchor may hold itself, or ten of another that holds ten of another.
constexpr int kMaxDepth = 32;
constexpr int kMaxValues = 100'000;

Error Invalid(absl::string_view path, int line, absl::string_view what) {
  return Error(absl::StatusCode::kFailedPrecondition, Reason::kProfilesInvalid,
               absl::StrCat(path, ", line ", line, ": ", what))
      .With("path", path)
      .With("line", line);
}

void Set(std::string key, Value value, Value* map) {
  for (auto& [name, held] : map->members) {
    if (name == key) {
      held = std::move(value);
      return;
    }
  }
  map->members.emplace_back(std::move(key), std::move(value));
}

void SetIfNew(const std::pair<std::string, Value>& member, Value* map) {
  const bool is_there =
      std::any_of(map->members.begin(), map->members.end(),
                  [&](const auto& held) { return held.first == member.first; });
  if (!is_there) map->members.push_back(member);
}

// A plain scalar has the tag "?", a quoted one "!".
bool IsPlain(const YAML::Node& node) { return node.Tag() != "!"; }

class Reader {
 public:
  explicit Reader(absl::string_view path) : path_(path) {}

  absl::StatusOr<Value> Read(const YAML::Node& node, int depth) {
    Value value;
    value.line = node.Mark().line + 1;
    if (depth > kMaxDepth || ++count_ > kMaxValues) {
      return Invalid(path_, value.line,
                     "too deep or too large for a profiles.yml; does an "
                     "anchor hold itself?");
    }
    if (node.IsScalar()) return Scalar(node, std::move(value));
    if (node.IsSequence()) return List(node, depth, std::move(value));
    if (node.IsMap()) return Map(node, depth, std::move(value));
    return value;
  }

 private:
  static Value Scalar(const YAML::Node& node, Value value) {
    value.text = node.Scalar();
    const std::string lower = absl::AsciiStrToLower(value.text);
    const bool is_null =
        IsPlain(node) && (lower.empty() || lower == "~" || lower == "null");
    value.kind = is_null ? Value::Kind::kNull : Value::Kind::kText;
    return value;
  }

  absl::StatusOr<Value> List(const YAML::Node& node, int depth, Value value) {
    value.kind = Value::Kind::kList;
    for (const YAML::Node& item : node) {
      DOPPEL_ASSIGN_OR_RETURN(Value read, Read(item, depth + 1));
      value.items.push_back(std::move(read));
    }
    return value;
  }

  absl::StatusOr<Value> Map(const YAML::Node& node, int depth, Value value) {
    value.kind = Value::Kind::kMap;
    Value merged;
    for (const auto& member : node) {
      if (!member.first.IsScalar()) {
        return Invalid(path_, member.first.Mark().line + 1,
                       "a key must be a text");
      }
      DOPPEL_ASSIGN_OR_RETURN(Value read, Read(member.second, depth + 1));
      if (member.first.Scalar() == "<<" && IsPlain(member.first)) {
        merged = std::move(read);
      } else {
        Set(member.first.Scalar(), std::move(read), &value);
      }
    }
    Merge(merged, &value);
    return value;
  }

  // Of several maps the first one counts; before them all, the map itself.
  static void Merge(const Value& merged, Value* value) {
    for (const auto& member : merged.members) SetIfNew(member, value);
    for (const Value& map : merged.items) Merge(map, value);
  }

  const absl::string_view path_;
  int count_ = 0;
};

}  // namespace

const Value* Value::Find(absl::string_view key) const {
  for (const auto& [name, value] : members) {
    if (name == key) return value.kind == Kind::kNull ? nullptr : &value;
  }
  return nullptr;
}

std::string Value::Text(absl::string_view key) const {
  const Value* const value = Find(key);
  return value == nullptr ? "" : value->text;
}

bool Value::IsTrue() const {
  const std::string lower = absl::AsciiStrToLower(text);
  return lower == "true" || lower == "yes" || lower == "on";
}

absl::StatusOr<Value> ParseYaml(const std::string& text,
                                absl::string_view path) {
  YAML::Node document;
  try {
    document = YAML::Load(text);
  } catch (const YAML::Exception& error) {
    // Its text names no value of the file.
    return Invalid(path, error.mark.line + 1,
                   absl::StrCat("not valid YAML: ", error.msg));
  }
  return Reader(path).Read(document, 0);
}

}  // namespace doppel::warehouse::profiles
