#include "service/selection/yaml_selectors.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "service/base/error.h"
#include "service/base/status_macros.h"
#include "service/manifest/json_value.h"
#include "service/selection/criterion_parser.h"

namespace doppel::selection {
namespace {

using manifest::JsonMember;
using manifest::JsonValue;

// Reads the definitions of one selector.
class DefinitionParser {
 public:
  DefinitionParser(absl::string_view name, IndirectSelection mode,
                   DbtVersion dbt)
      : name_(name), mode_(mode), dbt_(dbt) {}

  // The whole definition, in which a union or an intersection stands alone.
  absl::StatusOr<Spec> ParseRoot(const JsonValue& definition) const {
    if ((definition.Find("union") != nullptr ||
         definition.Find("intersection") != nullptr) &&
        definition.members().size() > 1) {
      return Invalid(definition, "expected nothing beside the set operator");
    }
    return Parse(definition);
  }

 private:
  absl::StatusOr<Spec> Parse(const JsonValue& definition) const {
    if (definition.is_string()) {
      Spec spec;
      DOPPEL_ASSIGN_OR_RETURN(
          spec.criterion,
          ParseCriterion(OriginOf(definition.string_value()), mode_, dbt_));
      return spec;
    }
    if (!definition.is_object()) {
      return Invalid(definition, "expected a text or a mapping");
    }
    if (const JsonValue* parts = definition.Find("union"); parts != nullptr) {
      return ParseGroup(Spec::Kind::kUnion, *parts);
    }
    if (const JsonValue* parts = definition.Find("intersection");
        parts != nullptr) {
      return ParseGroup(Spec::Kind::kIntersection, *parts);
    }
    return ParseMapping(definition);
  }

  Origin OriginOf(absl::string_view text) const {
    return {absl::StrCat("selector ", name_), 1, std::string(text)};
  }

  Error Invalid(const JsonValue& definition, absl::string_view message) const {
    const std::string text = absl::StrCat("selector ", name_, ": ", message,
                                          ", got ", definition.ToJson());
    return Error(absl::StatusCode::kInvalidArgument, Reason::kSelectorInvalid,
                 text)
        .With("selector", name_)
        .Field("selection.selector", text);
  }

  // {method: value} or {method:, value:, ...}.
  absl::StatusOr<Spec> ParseMapping(const JsonValue& definition) const {
    Spec base;
    base.criterion.indirect_selection = mode_;
    const JsonValue* const method = definition.Find("method");
    if (method != nullptr && method->is_string()) {
      DOPPEL_RETURN_IF_ERROR(ReadModifiers(definition, base.criterion));
      DOPPEL_RETURN_IF_ERROR(SetMethod(definition, method->string_value(),
                                       definition.Find("value"),
                                       base.criterion));
    } else if (definition.members().size() == 1) {
      const JsonMember& only = definition.members()[0];
      DOPPEL_RETURN_IF_ERROR(
          SetMethod(definition, only.key, &only.value, base.criterion));
    } else {
      return Invalid(definition, "expected method and value");
    }
    const JsonValue* const exclude = definition.Find("exclude");
    if (exclude == nullptr) return base;
    DOPPEL_ASSIGN_OR_RETURN(std::optional<Spec> excluded,
                            ParseExclusions(*exclude));
    if (!excluded.has_value()) return base;
    return Difference(std::move(base), *std::move(excluded));
  }

  // `value` is nullptr for an empty text: dbt leaves it out of the manifest.
  absl::Status SetMethod(const JsonValue& definition, absl::string_view name,
                         const JsonValue* value, Criterion& criterion) const {
    std::vector<std::string> parts = absl::StrSplit(name, '.');
    const std::optional<Method> method = MethodFromName(parts[0]);
    if (!method.has_value()) {
      return Invalid(definition, absl::StrCat("'", parts[0],
                                              "' is not a valid method name"));
    }
    criterion.method = *method;
    criterion.arguments.assign(parts.begin() + 1, parts.end());
    if (value != nullptr) {
      criterion.value = value->ToString();
      if (!value->is_string()) criterion.typed_value = value;
    }
    criterion.origin = OriginOf(absl::StrCat(name, ":", criterion.value));
    return absl::OkStatus();
  }

  absl::Status ReadModifiers(const JsonValue& definition,
                             Criterion& criterion) const {
    const auto truthy = [&definition](absl::string_view key) {
      const JsonValue* const value = definition.Find(key);
      return value != nullptr && value->Truthy();
    };
    criterion.childrens_parents = truthy("childrens_parents");
    criterion.parents = truthy("parents");
    criterion.children = truthy("children");
    DOPPEL_ASSIGN_OR_RETURN(criterion.parents_depth,
                            ReadDepth(definition, "parents_depth"));
    DOPPEL_ASSIGN_OR_RETURN(criterion.children_depth,
                            ReadDepth(definition, "children_depth"));
    if (criterion.childrens_parents && criterion.children) {
      return Invalid(definition, "childrens_parents and children together");
    }
    const JsonValue* const mode = definition.Find("indirect_selection");
    if (mode == nullptr) return absl::OkStatus();
    return SetMode(definition, mode->string_value(), criterion);
  }

  // A number, or the digits that dbt writes for "2+orders". 0 counts as not
  // given, which is any depth; "0" is none.
  absl::StatusOr<int> ReadDepth(const JsonValue& definition,
                                absl::string_view key) const {
    const JsonValue* const value = definition.Find(key);
    if (value == nullptr || !value->Truthy()) return kAnyDepth;
    int64_t steps = 0;
    switch (value->kind()) {
      case JsonValue::Kind::kBool:
        return 1;
      case JsonValue::Kind::kInteger:
        steps = value->integer_value();
        break;
      case JsonValue::Kind::kDouble:
        // Comparing first keeps the cast within its range.
        if (value->double_value() >= kAnyDepth) return kAnyDepth;
        steps = value->double_value() > 0
                    ? static_cast<int64_t>(value->double_value())
                    : 0;
        break;
      default:
        if (!absl::SimpleAtoi(value->string_value(), &steps)) {
          return Invalid(definition, absl::StrCat(key, " is a number"));
        }
    }
    return static_cast<int>(
        std::clamp<int64_t>(steps, 0, static_cast<int64_t>(kAnyDepth)));
  }

  absl::Status SetMode(const JsonValue& definition, absl::string_view word,
                       Criterion& criterion) const {
    constexpr std::pair<absl::string_view, IndirectSelection> kModes[] = {
        {"eager", IndirectSelection::kEager},
        {"cautious", IndirectSelection::kCautious},
        {"buildable", IndirectSelection::kBuildable},
        {"empty", IndirectSelection::kEmpty},
    };
    for (const auto& [name, mode] : kModes) {
      if (name != word) continue;
      criterion.indirect_selection = mode;
      return absl::OkStatus();
    }
    return Invalid(definition,
                   "indirect_selection is eager, cautious, buildable or empty");
  }

  // A list of definitions. dbt takes one that has `exclude` for what to leave
  // out, whatever else stands in it. Groups of YAML always combine eagerly.
  absl::StatusOr<Spec> ParseGroup(Spec::Kind kind,
                                  const JsonValue& parts) const {
    if (!parts.is_array()) return Invalid(parts, "expected a list");
    Spec group;
    group.kind = kind;
    std::optional<Spec> excluded;
    for (const JsonValue& part : parts.elements()) {
      const JsonValue* const exclude = part.Find("exclude");
      if (exclude == nullptr) {
        DOPPEL_ASSIGN_OR_RETURN(Spec parsed, Parse(part));
        group.parts.push_back(std::move(parsed));
      } else if (excluded.has_value()) {
        return Invalid(parts, "expected one exclude at the most");
      } else {
        DOPPEL_ASSIGN_OR_RETURN(excluded, ParseExclusions(*exclude));
      }
    }
    if (!excluded.has_value()) return group;
    return Difference(std::move(group), *std::move(excluded));
  }

  // All of them united; none for an empty list.
  absl::StatusOr<std::optional<Spec>> ParseExclusions(
      const JsonValue& list) const {
    if (!list.is_array()) return Invalid(list, "expected a list to exclude");
    Spec spec;
    spec.kind = Spec::Kind::kUnion;
    for (const JsonValue& part : list.elements()) {
      DOPPEL_ASSIGN_OR_RETURN(Spec parsed, Parse(part));
      spec.parts.push_back(std::move(parsed));
    }
    if (spec.parts.empty()) return std::optional<Spec>();
    if (spec.parts.size() > 1) return std::optional<Spec>(std::move(spec));
    // Out of its vector first: it must not be destroyed while it is moved.
    Spec only = std::move(spec.parts[0]);
    return std::optional<Spec>(std::move(only));
  }

  static Spec Difference(Spec from, Spec excluded) {
    Spec spec;
    spec.kind = Spec::Kind::kDifference;
    spec.parts.push_back(std::move(from));
    spec.parts.push_back(std::move(excluded));
    return spec;
  }

  const absl::string_view name_;
  const IndirectSelection mode_;
  const DbtVersion dbt_;
};

}  // namespace

std::vector<std::string> SelectorNames(const manifest::Manifest& manifest) {
  std::vector<std::string> names;
  if (manifest.selectors() == nullptr) return names;
  for (const JsonMember& member : manifest.selectors()->members()) {
    names.emplace_back(member.key);
  }
  return names;
}

absl::StatusOr<std::optional<std::string>> DefaultSelector(
    const manifest::Manifest& manifest) {
  std::vector<std::string> found;
  for (const std::string& name : SelectorNames(manifest)) {
    const JsonValue* const is_default =
        manifest.selectors()->Find(name)->Find("default");
    // Text is Jinja that nobody has rendered.
    if (is_default != nullptr && is_default->bool_value()) {
      found.push_back(name);
    }
  }
  if (found.empty()) return std::nullopt;
  if (found.size() == 1) return found[0];
  const std::string message =
      absl::StrCat("several YAML selectors are marked as default: ",
                   absl::StrJoin(found, ", "));
  return Error(absl::StatusCode::kInvalidArgument, Reason::kSelectorInvalid,
               message)
      .With("selectors", absl::StrJoin(found, ","))
      .Field("selection.selector", message);
}

absl::StatusOr<Spec> ParseSelector(const manifest::Manifest& manifest,
                                   absl::string_view name,
                                   IndirectSelection mode, DbtVersion dbt) {
  const JsonValue* const selector = manifest.selectors() == nullptr
                                        ? nullptr
                                        : manifest.selectors()->Find(name);
  if (selector == nullptr) {
    const std::vector<std::string> names = SelectorNames(manifest);
    return Error(absl::StatusCode::kNotFound, Reason::kSelectorNotFound,
                 absl::StrCat("selection.selector: there is no selector ", name,
                              names.empty() ? "; the manifest has none"
                                            : ", expected one of ",
                              absl::StrJoin(names, ", ")))
        .With("selector", name)
        .Resource("selector", name);
  }
  const JsonValue* const definition = selector->Find("definition");
  // Before dbt 1.8 the mode of the command line was not for YAML.
  if (dbt < DbtVersion{1, 8, 0}) mode = IndirectSelection::kEager;
  return DefinitionParser(name, mode, dbt)
      .ParseRoot(definition == nullptr ? *selector : *definition);
}

}  // namespace doppel::selection
