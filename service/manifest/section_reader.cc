#include "service/manifest/section_reader.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "service/base/error.h"
#include "service/base/status_macros.h"
#include "service/manifest/metadata_reader.h"

namespace doppel::manifest {

template <typename Use>
absl::Status SectionReader::ReadById(JsonCursor& cursor, Use use) {
  return reader_.ReadMembers(
      cursor, [&](absl::string_view key, JsonCursor& member) -> absl::Status {
        reader_.set_key(key);
        const std::optional<absl::string_view> id = ids_.Unescape(key);
        if (!id.has_value()) return reader_.Failed(simdjson::STRING_ERROR);
        DOPPEL_RETURN_IF_ERROR(use(*id, member));
        reader_.set_key("");
        return absl::OkStatus();
      });
}

absl::Status SectionReader::Read(absl::string_view name, JsonCursor& cursor) {
  if (name == "metadata") {
    has_metadata_ = true;
    return ReadMetadata(reader_, cursor);
  }
  if (name == "macros") {
    return ReadById(cursor, [&](absl::string_view id, JsonCursor& member) {
      return ReadMacro(id, member);
    });
  }
  if (name == "disabled") return ReadDisabled(cursor);
  if (name == "selectors") return ReadSelectors(cursor);
  if (name == "project_configuration") has_project_configuration_ = true;
  const std::optional<Section> section = SectionFromName(name);
  if (!section.has_value()) return reader_.Skip(cursor);
  return ReadById(cursor, [&](absl::string_view id, JsonCursor& member) {
    return ReadNode(*section, id, member);
  });
}

absl::Status SectionReader::Add(absl::string_view name, const Span& span) {
  for (absl::string_view seen : sections_) {
    if (seen == name) {
      return Error(absl::StatusCode::kInvalidArgument, Reason::kManifestBroken,
                   absl::StrCat("the manifest has \"", name,
                                "\" twice; let dbt write it again"))
          .With("path", name);
    }
  }
  sections_.push_back(name);
  if (!span.empty()) builder_.AddSection(name, span);
  return absl::OkStatus();
}

absl::Status SectionReader::ReadNode(Section section,
                                     absl::string_view unique_id,
                                     JsonCursor& cursor) {
  DOPPEL_RETURN_IF_ERROR(CheckRoom());
  return node_reader_.Read(section, unique_id, cursor);
}

absl::Status SectionReader::CheckRoom() const {
  if (builder_.node_count() < options_.max_nodes) return absl::OkStatus();
  return Error(absl::StatusCode::kResourceExhausted,
               Reason::kManifestTooManyNodes,
               absl::StrCat("the manifest has more than ", options_.max_nodes,
                            " nodes, which is the most "
                            "that is read"))
      .With("max_nodes", options_.max_nodes);
}

// Unique ids with a list of nodes each; up to v3 one list of nodes.
absl::Status SectionReader::ReadDisabled(JsonCursor& cursor) {
  if (cursor.kind() != JsonCursor::Kind::kArray) {
    return ReadById(cursor, [&](absl::string_view id, JsonCursor& member) {
      builder_.AddDisabled(id);
      return reader_.Skip(member);
    });
  }
  cursor.Advance();
  if (cursor.Take(']')) return absl::OkStatus();
  do {
    DOPPEL_RETURN_IF_ERROR(ReadDisabledNode(cursor));
  } while (cursor.Take(','));
  return cursor.Take(']') ? absl::OkStatus()
                          : reader_.Failed(simdjson::TAPE_ERROR);
}

absl::Status SectionReader::ReadDisabledNode(JsonCursor& cursor) {
  return reader_.ReadMembers(
      cursor, [&](absl::string_view key, JsonCursor& member) -> absl::Status {
        if (key != "unique_id") return reader_.Skip(member);
        std::optional<absl::string_view> id;
        DOPPEL_RETURN_IF_ERROR(reader_.ReadText(member, &id));
        if (id.has_value()) builder_.AddDisabled(*id);
        return absl::OkStatus();
      });
}

absl::Status SectionReader::ReadSelectors(JsonCursor& cursor) {
  const char* const begin = cursor.place();
  const JsonValue* selectors = nullptr;
  DOPPEL_RETURN_IF_ERROR(reader_.ReadValue(cursor, &selectors));
  if (selectors != nullptr && !selectors->is_object()) {
    return reader_.Unexpected("an object", begin);
  }
  builder_.set_selectors(selectors);
  return absl::OkStatus();
}

absl::Status SectionReader::Finish() {
  if (!has_metadata_) return NoMetadata(has_project_configuration_);
  const bool has_nodes =
      std::find(sections_.begin(), sections_.end(), "nodes") != sections_.end();
  if (!has_nodes) {
    return Error(absl::StatusCode::kInvalidArgument, Reason::kNotAManifest,
                 "this has the metadata of a dbt manifest but no \"nodes\"; "
                 "let dbt write it again")
        .With("path", "nodes");
  }
  if (builder_.metadata().schema_version <= kLastVersionOfOldMetrics) {
    builder_.DropMetrics();
  }
  return absl::OkStatus();
}

}  // namespace doppel::manifest
