#include "service/manifest/node_reader.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "service/base/status_macros.h"
#include "service/manifest/fingerprint.h"

namespace doppel::manifest {

using simdjson::ondemand::json_type;

namespace {

// Of the members of those keys, in their order.
Fingerprint FingerprintOfMembers(const JsonValue* object,
                                 std::span<const absl::string_view> keys) {
  std::string parts;
  for (absl::string_view key : keys) {
    const JsonValue* member = object == nullptr ? nullptr : object->Find(key);
    const Fingerprint part = member == nullptr || member->is_null()
                                 ? Fingerprint{}
                                 : FingerprintWithoutNulls(*member);
    parts.append(reinterpret_cast<const char*>(&part), sizeof(part));
  }
  return FingerprintOf(parts);
}

// Equal for equal lists of texts: each stands behind its length.
Fingerprint FingerprintOfTexts(std::span<const absl::string_view> texts,
                               std::string& buffer) {
  buffer.clear();
  for (absl::string_view text : texts) {
    const auto size = static_cast<uint32_t>(text.size());
    buffer.append(reinterpret_cast<const char*>(&size), sizeof(size));
    buffer.append(text.data(), text.size());
  }
  return FingerprintOf(buffer);
}

// dbt 1.12, SavedQuery.same_exports(): what was rendered does not count.
Fingerprint ExportFingerprint(const JsonValue& item) {
  static constexpr std::array<absl::string_view, 1> kName = {"name"};
  static constexpr std::array<absl::string_view, 3> kConfig = {
      "export_as", "schema", "alias"};
  const Fingerprint parts[] = {
      FingerprintOfMembers(&item, kName),
      FingerprintOfMembers(item.Find("unrendered_config"), kConfig)};
  return FingerprintOf({reinterpret_cast<const char*>(parts), sizeof(parts)});
}

// dbt 1.12, FunctionNode.same_overloads(): descriptions do not count.
Fingerprint OverloadFingerprint(const JsonValue& item) {
  static constexpr std::array<absl::string_view, 4> kKeys = {
      "defined_in", "arguments", "returns", "raw_body"};
  return FingerprintOfMembers(&item, kKeys);
}

}  // namespace

absl::Status NodeReader::Read(Section section, absl::string_view unique_id,
                              Value value) {
  node_ = Node();
  facets_.clear();
  has_path_ = false;
  section_ = section;
  begin_ = value.raw_json_token().data();
  node_.unique_id = unique_id;
  node_.type = TypeOfSection(section);
  if (section == Section::kNodes) {
    // Where resource_type is missing, the id says the same.
    node_.type = ResourceTypeFromName(unique_id.substr(0, unique_id.find('.')))
                     .value_or(ResourceType::kUnknown);
  }
  DOPPEL_RETURN_IF_ERROR(reader_.ReadMembers(
      value, [&](absl::string_view key, Value member) -> absl::Status {
        const NodeField* field = FindNodeField(section, key);
        if (field == nullptr) return reader_.SkipUnread(member);
        reader_.set_field(field->name);
        return ReadField(*field, member);
      }));
  node_.text = reader_.SpanOf(value);
  Complete();
  reader_.builder().AddNode(node_);
  return absl::OkStatus();
}

absl::Status NodeReader::ReadField(const NodeField& field, Value value) {
  switch (field.kind) {
    case FieldKind::kText:
    case FieldKind::kUniqueText:
    case FieldKind::kOptionalText:
    case FieldKind::kUniqueOptionalText:
      return ReadTextInto(field, value);
    case FieldKind::kTexts:
      return ReadTextsInto(&(node_.*field.texts), false, value);
    case FieldKind::kValue:
      return reader_.ReadValue(value, &(node_.*field.value));
    case FieldKind::kSpan:
      DOPPEL_RETURN_IF_ERROR(reader_.Skip(value));
      node_.*field.span = reader_.SpanOf(value);
      // Both of them are where constraints stand.
      node_.has_foreign_key |=
          absl::StrContains(reader_.at(node_.*field.span), "\"foreign_key\"");
      return absl::OkStatus();
    case FieldKind::kFacet:
      return ReadFacet(field.name, value);
    default:
      return ReadSpecial(field, value);
  }
}

absl::Status NodeReader::ReadSpecial(const NodeField& field, Value value) {
  switch (field.kind) {
    case FieldKind::kResourceType:
      return ReadResourceType(value);
    case FieldKind::kPath:
      return ReadPath(value);
    case FieldKind::kConfig:
      return ReadConfig(value);
    case FieldKind::kTags:
      return ReadTextsInto(&node_.tags, true, value);
    case FieldKind::kTagsAndFacet:
      return ReadTagsAndFacet(value);
    case FieldKind::kDependsOn:
      return ReadDependsOn(value);
    case FieldKind::kCode:
      return ReadCode(value);
    case FieldKind::kDescription:
      return ReadDescription(value);
    case FieldKind::kChecksum:
      return ReadChecksum(value);
    case FieldKind::kContract:
      return ReadContract(value);
    case FieldKind::kTestMetadata:
      return ReadTestMetadata(value);
    case FieldKind::kDeferred:
      return reader_.ReadBool(value, &node_.deferred);
    case FieldKind::kQueryParams:
      return ReadQueryParams(value);
    case FieldKind::kExports:
      return ReadParts(field.name, value, ExportFingerprint);
    case FieldKind::kCreatedAt:
      return reader_.ReadCreatedAt(value, begin_, &node_.created_at);
    case FieldKind::kOverloads:
      return ReadParts(field.name, value, OverloadFingerprint);
    default:
      return reader_.Skip(value);
  }
}

absl::Status NodeReader::ReadTextInto(const NodeField& field, Value value) {
  std::optional<absl::string_view> text;
  const bool unique = field.kind == FieldKind::kUniqueText ||
                      field.kind == FieldKind::kUniqueOptionalText;
  DOPPEL_RETURN_IF_ERROR(unique ? reader_.ReadCopied(value, &text)
                                : reader_.ReadInterned(value, &text));
  if (field.text != nullptr) {
    node_.*field.text = text.value_or("");
  } else {
    node_.*field.optional_text = text;
  }
  return absl::OkStatus();
}

absl::Status NodeReader::ReadTextsInto(
    std::span<const absl::string_view>* texts, bool or_one, Value value) {
  texts_.clear();
  DOPPEL_RETURN_IF_ERROR(
      reader_.ReadTexts(value, or_one, [&](absl::string_view text) {
        texts_.push_back(reader_.builder().strings().Intern(text));
      }));
  *texts = reader_.builder().arena().CopySpan(texts_);
  return absl::OkStatus();
}

absl::Status NodeReader::ReadFacet(absl::string_view name, Value value) {
  Facet facet{name, {}};
  DOPPEL_RETURN_IF_ERROR(reader_.ReadFingerprint(value, &facet.fingerprint));
  if (!facet.fingerprint.empty()) facets_.push_back(facet);
  return absl::OkStatus();
}

absl::Status NodeReader::ReadResourceType(Value value) {
  std::optional<absl::string_view> text;
  DOPPEL_RETURN_IF_ERROR(reader_.ReadText(value, &text));
  const bool may_say = TypeOfSection(section_) == ResourceType::kUnknown;
  if (text.has_value() && may_say) {
    node_.type = ResourceTypeFromName(*text).value_or(ResourceType::kUnknown);
  }
  return absl::OkStatus();
}

absl::Status NodeReader::ReadPath(Value value) {
  std::optional<absl::string_view> text;
  DOPPEL_RETURN_IF_ERROR(reader_.ReadText(value, &text));
  has_path_ = !text.value_or("").empty();
  return absl::OkStatus();
}

absl::Status NodeReader::ReadConfig(Value value) {
  DOPPEL_RETURN_IF_ERROR(reader_.ReadValue(value, &node_.config));
  if (node_.config == nullptr) return absl::OkStatus();
  if (!node_.config->is_object()) {
    return reader_.Unexpected("an object", value);
  }
  const JsonValue* materialized = node_.config->Find("materialized");
  if (materialized != nullptr) {
    node_.materialized = materialized->string_value();
  }
  const JsonValue* enabled = node_.config->Find("enabled");
  node_.enabled = enabled == nullptr || enabled->Truthy();
  for (const absl::string_view key : {"pre-hook", "post-hook"}) {
    const JsonValue* hooks = node_.config->Find(key);
    node_.has_hooks |= hooks != nullptr && hooks->Truthy();
  }
  return absl::OkStatus();
}

absl::Status NodeReader::ReadTagsAndFacet(Value value) {
  const JsonValue* tags = nullptr;
  DOPPEL_RETURN_IF_ERROR(reader_.ReadValue(value, &tags));
  if (tags == nullptr) return absl::OkStatus();
  facets_.push_back({"tags", FingerprintWithoutNulls(*tags)});
  texts_.clear();
  for (const JsonValue& tag : tags->elements()) {
    if (tag.is_string()) texts_.push_back(tag.string_value());
  }
  node_.tags = reader_.builder().arena().CopySpan(texts_);
  return absl::OkStatus();
}

absl::Status NodeReader::ReadDependsOn(Value value) {
  return reader_.ReadMembers(
      value, [&](absl::string_view key, Value member) -> absl::Status {
        if (key == "macros") {
          reader_.set_field("depends_on.macros");
          return ReadMacros(member);
        }
        if (key != "nodes") return reader_.Skip(member);
        reader_.set_field("depends_on.nodes");
        return reader_.ReadTexts(member, false, [&](absl::string_view id) {
          reader_.builder().DependOnNode(id);
        });
      });
}

absl::Status NodeReader::ReadMacros(Value value) {
  bool has_null = false;
  DOPPEL_RETURN_IF_ERROR(reader_.ReadTexts(
      value, false,
      [&](absl::string_view id) { reader_.builder().DependOnMacro(id); },
      &has_null));
  node_.has_null_macro = has_null;
  return absl::OkStatus();
}

absl::Status NodeReader::ReadCode(Value value) {
  std::optional<absl::string_view> text;
  DOPPEL_RETURN_IF_ERROR(reader_.ReadText(value, &text));
  if (!text.has_value()) return absl::OkStatus();
  node_.body = FingerprintOf(*text);
  node_.body_is_blank = IsBlank(*text);
  return absl::OkStatus();
}

absl::Status NodeReader::ReadDescription(Value value) {
  std::optional<absl::string_view> text;
  DOPPEL_RETURN_IF_ERROR(reader_.ReadText(value, &text));
  const bool some = !text.value_or("").empty();
  node_.description = some ? FingerprintOf(*text) : Fingerprint{};
  return absl::OkStatus();
}

// An object for code nodes and seeds, a string for unit tests.
absl::Status NodeReader::ReadChecksum(Value value) {
  json_type type;
  DOPPEL_RETURN_IF_JSON_ERROR(reader_, value.type().get(type));
  std::optional<absl::string_view> text;
  if (type == json_type::string) {
    DOPPEL_RETURN_IF_ERROR(reader_.ReadCopied(value, &text));
    node_.checksum = *text;
    return absl::OkStatus();
  }
  return reader_.ReadMembers(
      value, [&](absl::string_view key, Value member) -> absl::Status {
        if (key == "name") {
          DOPPEL_RETURN_IF_ERROR(reader_.ReadInterned(member, &text));
          node_.checksum_name = text.value_or("");
          return absl::OkStatus();
        }
        if (key != "checksum") return reader_.Skip(member);
        DOPPEL_RETURN_IF_ERROR(reader_.ReadCopied(member, &text));
        node_.checksum = text.value_or("");
        return absl::OkStatus();
      });
}

absl::Status NodeReader::ReadContract(Value value) {
  return reader_.ReadMembers(
      value, [&](absl::string_view key, Value member) -> absl::Status {
        if (key == "enforced") {
          return reader_.ReadBool(member, &node_.contract_enforced);
        }
        if (key != "checksum") return reader_.Skip(member);
        std::optional<absl::string_view> text;
        DOPPEL_RETURN_IF_ERROR(reader_.ReadCopied(member, &text));
        node_.contract_checksum = text.value_or("");
        return absl::OkStatus();
      });
}

absl::Status NodeReader::ReadTestMetadata(Value value) {
  json_type type;
  DOPPEL_RETURN_IF_JSON_ERROR(reader_, value.type().get(type));
  node_.is_generic_test = type == json_type::object;
  return reader_.ReadMembers(
      value, [&](absl::string_view key, Value member) -> absl::Status {
        if (key != "name") return reader_.Skip(member);
        std::optional<absl::string_view> text;
        DOPPEL_RETURN_IF_ERROR(reader_.ReadInterned(member, &text));
        node_.test_name = text.value_or("");
        return absl::OkStatus();
      });
}

absl::Status NodeReader::ReadQueryParams(Value value) {
  return reader_.ReadMembers(
      value, [&](absl::string_view key, Value member) -> absl::Status {
        for (absl::string_view name : {"metrics", "group_by", "where"}) {
          if (key == name) return ReadFacet(name, member);
        }
        return reader_.Skip(member);
      });
}

absl::Status NodeReader::ReadParts(absl::string_view name, Value value,
                                   Fingerprint (*of)(const JsonValue&)) {
  const JsonValue* list = nullptr;
  DOPPEL_RETURN_IF_ERROR(reader_.ReadPassing(value, &list));
  if (list == nullptr) return absl::OkStatus();
  std::string parts;
  for (const JsonValue& item : list->elements()) {
    const Fingerprint part = of(item);
    parts.append(reinterpret_cast<const char*>(&part), sizeof(part));
  }
  facets_.push_back({name, FingerprintOf(parts)});
  return absl::OkStatus();
}

void NodeReader::Complete() {
  const bool is_source = node_.type == ResourceType::kSource;
  if (node_.identifier.empty() && (is_source || IsRefable(node_.type) ||
                                   node_.type == ResourceType::kFunction)) {
    node_.identifier = node_.name;
  }
  if (node_.type == ResourceType::kModel) {
    if (node_.access.empty()) node_.access = "protected";
    node_.is_external = !has_path_ && node_.original_file_path.empty();
  }
  if (node_.type == ResourceType::kUnitTest) TakeTagsFromConfig();
  node_.fqn_fingerprint = FingerprintOfTexts(node_.fqn, buffer_);
  // Of two facets with one name (the key stood twice) the last one counts.
  std::stable_sort(
      facets_.begin(), facets_.end(),
      [](const Facet& a, const Facet& b) { return a.field < b.field; });
  size_t kept = 0;
  for (const Facet& facet : facets_) {
    if (kept > 0 && facets_[kept - 1].field == facet.field) --kept;
    facets_[kept++] = facet;
  }
  facets_.resize(kept);
  node_.facets = reader_.builder().arena().CopySpan(facets_);
}

// dbt 1.12, UnitTestDefinition.tags: a list or one string.
void NodeReader::TakeTagsFromConfig() {
  if (node_.config == nullptr || !node_.tags.empty()) return;
  const JsonValue* tags = node_.config->Find("tags");
  if (tags == nullptr) return;
  texts_.clear();
  if (tags->is_string()) texts_.push_back(tags->string_value());
  for (const JsonValue& tag : tags->elements()) {
    if (tag.is_string()) texts_.push_back(tag.string_value());
  }
  node_.tags = reader_.builder().arena().CopySpan(texts_);
}

absl::Status ReadMacro(Reader& reader, absl::string_view unique_id,
                       Reader::Value value) {
  Macro macro;
  macro.unique_id = unique_id;
  const char* const begin = value.raw_json_token().data();
  std::optional<absl::string_view> text;
  const auto depend = [&](absl::string_view id) {
    reader.builder().DependOnMacro(id);
  };
  DOPPEL_RETURN_IF_ERROR(reader.ReadMembers(
      value, [&](absl::string_view key, Reader::Value member) -> absl::Status {
        if (key == "package_name") {
          reader.set_field("package_name");
          DOPPEL_RETURN_IF_ERROR(reader.ReadInterned(member, &text));
          macro.package_name = text.value_or("");
          return absl::OkStatus();
        }
        if (key == "macro_sql") {
          reader.set_field("macro_sql");
          DOPPEL_RETURN_IF_ERROR(reader.ReadText(member, &text));
          macro.body = FingerprintOf(text.value_or(""));
          return absl::OkStatus();
        }
        if (key == "created_at") {
          return reader.ReadCreatedAt(member, begin, &macro.created_at);
        }
        if (key != "depends_on") return reader.SkipUnread(member);
        reader.set_field("depends_on");
        return reader.ReadMembers(
            member, [&](absl::string_view of, Reader::Value list) {
              return of == "macros" ? reader.ReadTexts(list, false, depend)
                                    : reader.Skip(list);
            });
      }));
  macro.text = reader.SpanOf(value);
  reader.builder().AddMacro(macro);
  return absl::OkStatus();
}

}  // namespace doppel::manifest
