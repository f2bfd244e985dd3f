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

using Kind = JsonCursor::Kind;

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
                              JsonCursor& cursor) {
  previous_ = node_;
  node_ = Node();
  facets_.clear();
  has_path_ = false;
  section_ = section;
  begin_ = cursor.place();
  node_.unique_id = unique_id;
  node_.type = TypeOfSection(section);
  if (section == Section::kNodes) {
    // Where resource_type is missing, the id says the same.
    node_.type = ResourceTypeFromName(unique_id.substr(0, unique_id.find('.')))
                     .value_or(ResourceType::kUnknown);
  }
  DOPPEL_RETURN_IF_ERROR(reader_.ReadMembers(
      cursor, [&](absl::string_view key, JsonCursor& member) -> absl::Status {
        const NodeField* field = FindNodeField(section, key);
        if (field == nullptr) return reader_.Skip(member);
        reader_.set_field(field->name);
        return ReadField(*field, member);
      }));
  node_.text = reader_.SpanOf(begin_, cursor);
  Complete();
  reader_.builder().AddNode(node_);
  return absl::OkStatus();
}

absl::Status NodeReader::ReadField(const NodeField& field, JsonCursor& cursor) {
  switch (field.kind) {
    case FieldKind::kText:
    case FieldKind::kUniqueText:
    case FieldKind::kOptionalText:
    case FieldKind::kUniqueOptionalText:
      return ReadTextInto(field, cursor);
    case FieldKind::kTexts:
      return ReadTextsInto(field.texts, false, cursor);
    case FieldKind::kValue:
      return reader_.ReadValue(cursor, &(node_.*field.value));
    case FieldKind::kSpan: {
      const char* const begin = cursor.place();
      DOPPEL_RETURN_IF_ERROR(reader_.Skip(cursor));
      node_.*field.span = reader_.SpanOf(begin, cursor);
      // Both of them are where constraints stand.
      node_.has_foreign_key |=
          absl::StrContains(reader_.at(node_.*field.span), "\"foreign_key\"");
      return absl::OkStatus();
    }
    case FieldKind::kFacet:
      return ReadFacet(field.name, cursor);
    default:
      return ReadSpecial(field, cursor);
  }
}

absl::Status NodeReader::ReadSpecial(const NodeField& field,
                                     JsonCursor& cursor) {
  switch (field.kind) {
    case FieldKind::kResourceType:
      return ReadResourceType(cursor);
    case FieldKind::kPath:
      return ReadPath(cursor);
    case FieldKind::kConfig:
      return ReadConfig(cursor);
    case FieldKind::kTags:
      return ReadTextsInto(&Node::tags, true, cursor);
    case FieldKind::kTagsAndFacet:
      return ReadTagsAndFacet(cursor);
    case FieldKind::kDependsOn:
      return ReadDependsOn(cursor);
    case FieldKind::kCode:
      return ReadCode(cursor);
    case FieldKind::kDescription:
      return ReadDescription(cursor);
    case FieldKind::kChecksum:
      return ReadChecksum(cursor);
    case FieldKind::kContract:
      return ReadContract(cursor);
    case FieldKind::kTestMetadata:
      return ReadTestMetadata(cursor);
    case FieldKind::kDeferred:
      return reader_.ReadBool(cursor, &node_.deferred);
    case FieldKind::kQueryParams:
      return ReadQueryParams(cursor);
    case FieldKind::kExports:
      return ReadParts(field.name, cursor, ExportFingerprint);
    case FieldKind::kCreatedAt:
      return reader_.SkipCreatedAt(cursor, begin_, &node_.created_at);
    case FieldKind::kOverloads:
      return ReadParts(field.name, cursor, OverloadFingerprint);
    default:
      return reader_.Skip(cursor);
  }
}

absl::string_view NodeReader::Intern(absl::string_view text,
                                     absl::string_view previous) {
  if (text == previous) return previous;
  if (text == node_.name) return node_.name;
  return reader_.builder().strings().Intern(text);
}

absl::Status NodeReader::ReadTextInto(const NodeField& field,
                                      JsonCursor& cursor) {
  std::optional<absl::string_view> text;
  DOPPEL_RETURN_IF_ERROR(reader_.ReadText(cursor, &text));
  if (text.has_value()) {
    const bool is_unique = field.kind == FieldKind::kUniqueText ||
                           field.kind == FieldKind::kUniqueOptionalText;
    text = is_unique ? reader_.builder().arena().Copy(*text)
           : field.text != nullptr
               ? Intern(*text, previous_.*field.text)
               : Intern(*text, (previous_.*field.optional_text).value_or(""));
  }
  if (field.text != nullptr) {
    node_.*field.text = text.value_or("");
  } else {
    node_.*field.optional_text = text;
  }
  return absl::OkStatus();
}

absl::Status NodeReader::ReadTextsInto(
    std::span<const absl::string_view> Node::* texts, bool or_one,
    JsonCursor& cursor) {
  const std::span<const absl::string_view> previous = previous_.*texts;
  texts_.clear();
  DOPPEL_RETURN_IF_ERROR(
      reader_.ReadTexts(cursor, or_one, [&](absl::string_view text) {
        const size_t i = texts_.size();
        texts_.push_back(Intern(text, i < previous.size() ? previous[i] : ""));
      }));
  node_.*texts = reader_.builder().arena().CopySpan(texts_);
  return absl::OkStatus();
}

absl::Status NodeReader::ReadFacet(absl::string_view name, JsonCursor& cursor) {
  Facet facet{name, {}};
  DOPPEL_RETURN_IF_ERROR(reader_.ReadFingerprint(cursor, &facet.fingerprint));
  if (!facet.fingerprint.empty()) facets_.push_back(facet);
  return absl::OkStatus();
}

absl::Status NodeReader::ReadResourceType(JsonCursor& cursor) {
  std::optional<absl::string_view> text;
  DOPPEL_RETURN_IF_ERROR(reader_.ReadText(cursor, &text));
  const bool may_say = TypeOfSection(section_) == ResourceType::kUnknown;
  if (text.has_value() && may_say) {
    node_.type = ResourceTypeFromName(*text).value_or(ResourceType::kUnknown);
  }
  return absl::OkStatus();
}

absl::Status NodeReader::ReadPath(JsonCursor& cursor) {
  std::optional<absl::string_view> text;
  DOPPEL_RETURN_IF_ERROR(reader_.ReadText(cursor, &text));
  has_path_ = !text.value_or("").empty();
  return absl::OkStatus();
}

absl::Status NodeReader::ReadConfig(JsonCursor& cursor) {
  const char* const begin = cursor.place();
  DOPPEL_RETURN_IF_ERROR(reader_.ReadValue(cursor, &node_.config));
  if (node_.config == nullptr) return absl::OkStatus();
  if (!node_.config->is_object()) {
    return reader_.Unexpected("an object", begin);
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

absl::Status NodeReader::ReadTagsAndFacet(JsonCursor& cursor) {
  const JsonValue* tags = nullptr;
  DOPPEL_RETURN_IF_ERROR(reader_.ReadValue(cursor, &tags));
  if (tags == nullptr) return absl::OkStatus();
  facets_.push_back({"tags", FingerprintWithoutNulls(*tags)});
  texts_.clear();
  for (const JsonValue& tag : tags->elements()) {
    if (tag.is_string()) texts_.push_back(tag.string_value());
  }
  node_.tags = reader_.builder().arena().CopySpan(texts_);
  return absl::OkStatus();
}

absl::Status NodeReader::ReadDependsOn(JsonCursor& cursor) {
  return reader_.ReadMembers(
      cursor, [&](absl::string_view key, JsonCursor& member) -> absl::Status {
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

absl::Status NodeReader::ReadMacros(JsonCursor& cursor) {
  bool has_null = false;
  DOPPEL_RETURN_IF_ERROR(reader_.ReadTexts(
      cursor, false,
      [&](absl::string_view id) { reader_.builder().DependOnMacro(id); },
      &has_null));
  node_.has_null_macro = has_null;
  return absl::OkStatus();
}

absl::Status NodeReader::ReadCode(JsonCursor& cursor) {
  std::optional<absl::string_view> text;
  DOPPEL_RETURN_IF_ERROR(reader_.ReadText(cursor, &text));
  if (!text.has_value()) return absl::OkStatus();
  node_.body = FingerprintOf(*text);
  node_.body_is_blank = IsBlank(*text);
  return absl::OkStatus();
}

absl::Status NodeReader::ReadDescription(JsonCursor& cursor) {
  std::optional<absl::string_view> text;
  DOPPEL_RETURN_IF_ERROR(reader_.ReadText(cursor, &text));
  const bool some = !text.value_or("").empty();
  node_.description = some ? FingerprintOf(*text) : Fingerprint{};
  return absl::OkStatus();
}

// An object for code nodes and seeds, a string for unit tests.
absl::Status NodeReader::ReadChecksum(JsonCursor& cursor) {
  std::optional<absl::string_view> text;
  if (cursor.kind() == Kind::kString) {
    DOPPEL_RETURN_IF_ERROR(reader_.ReadCopied(cursor, &text));
    node_.checksum = *text;
    return absl::OkStatus();
  }
  return reader_.ReadMembers(
      cursor, [&](absl::string_view key, JsonCursor& member) -> absl::Status {
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

absl::Status NodeReader::ReadContract(JsonCursor& cursor) {
  return reader_.ReadMembers(
      cursor, [&](absl::string_view key, JsonCursor& member) -> absl::Status {
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

absl::Status NodeReader::ReadTestMetadata(JsonCursor& cursor) {
  node_.is_generic_test = cursor.kind() == Kind::kObject;
  return reader_.ReadMembers(
      cursor, [&](absl::string_view key, JsonCursor& member) -> absl::Status {
        if (key != "name") return reader_.Skip(member);
        std::optional<absl::string_view> text;
        DOPPEL_RETURN_IF_ERROR(reader_.ReadInterned(member, &text));
        node_.test_name = text.value_or("");
        return absl::OkStatus();
      });
}

absl::Status NodeReader::ReadQueryParams(JsonCursor& cursor) {
  return reader_.ReadMembers(
      cursor, [&](absl::string_view key, JsonCursor& member) -> absl::Status {
        for (absl::string_view name : {"metrics", "group_by", "where"}) {
          if (key == name) return ReadFacet(name, member);
        }
        return reader_.Skip(member);
      });
}

absl::Status NodeReader::ReadParts(absl::string_view name, JsonCursor& cursor,
                                   Fingerprint (*of)(const JsonValue&)) {
  const JsonValue* list = nullptr;
  DOPPEL_RETURN_IF_ERROR(reader_.ReadPassing(cursor, &list));
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
                       JsonCursor& cursor) {
  Macro macro;
  macro.unique_id = unique_id;
  const char* const begin = cursor.place();
  std::optional<absl::string_view> text;
  const auto depend = [&](absl::string_view id) {
    reader.builder().DependOnMacro(id);
  };
  DOPPEL_RETURN_IF_ERROR(reader.ReadMembers(
      cursor, [&](absl::string_view key, JsonCursor& member) -> absl::Status {
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
          return reader.SkipCreatedAt(member, begin, &macro.created_at);
        }
        if (key != "depends_on") return reader.Skip(member);
        reader.set_field("depends_on");
        return reader.ReadMembers(
            member, [&](absl::string_view of, JsonCursor& list) {
              return of == "macros" ? reader.ReadTexts(list, false, depend)
                                    : reader.Skip(list);
            });
      }));
  macro.text = reader.SpanOf(begin, cursor);
  reader.builder().AddMacro(macro);
  return absl::OkStatus();
}

}  // namespace doppel::manifest
