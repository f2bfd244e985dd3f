// The templates of reader.h; include that one.
#ifndef DOPPEL_SERVICE_MANIFEST_READER_INL_H_
#define DOPPEL_SERVICE_MANIFEST_READER_INL_H_

#include "service/base/status_macros.h"
#include "service/manifest/reader.h"

namespace doppel::manifest {

template <typename Use>
absl::Status Reader::ReadTexts(JsonCursor& cursor, bool or_one, Use use,
                               bool* has_null) {
  std::optional<absl::string_view> text;
  const Kind kind = cursor.kind();
  if (or_one && kind == Kind::kString) {
    DOPPEL_RETURN_IF_ERROR(ReadText(cursor, &text));
    use(*text);
    return absl::OkStatus();
  }
  if (kind == Kind::kNull) return Skip(cursor);
  if (kind != Kind::kArray) {
    return Unexpected("an array of strings", cursor.place());
  }
  cursor.Advance();
  if (cursor.Take(']')) return absl::OkStatus();
  ++depth_;
  do {
    DOPPEL_RETURN_IF_ERROR(ReadScalarText(cursor, &text));
    if (text.has_value()) {
      use(*text);
    } else if (has_null != nullptr) {
      *has_null = true;
    }
  } while (cursor.Take(','));
  --depth_;
  return cursor.Take(']') ? absl::OkStatus() : Failed(simdjson::TAPE_ERROR);
}

template <typename Use>
absl::Status Reader::ReadMembers(JsonCursor& cursor, Use use) {
  const Kind kind = cursor.kind();
  if (kind == Kind::kNull) return Skip(cursor);
  if (kind != Kind::kObject) return Unexpected("an object", cursor.place());
  cursor.Advance();
  if (cursor.Take('}')) return absl::OkStatus();
  ++depth_;
  do {
    if (cursor.kind() != Kind::kString) return Failed(simdjson::TAPE_ERROR);
    const absl::string_view key = cursor.StringBytes();
    cursor.Advance();
    if (!cursor.Take(':')) return Failed(simdjson::TAPE_ERROR);
    DOPPEL_RETURN_IF_ERROR(use(key, cursor));
  } while (cursor.Take(','));
  --depth_;
  return cursor.Take('}') ? absl::OkStatus() : Failed(simdjson::TAPE_ERROR);
}

}  // namespace doppel::manifest

#endif  // DOPPEL_SERVICE_MANIFEST_READER_INL_H_
