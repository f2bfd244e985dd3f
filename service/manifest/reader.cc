#include "service/manifest/reader.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "service/base/error.h"
#include "service/manifest/json_diagnosis.h"

namespace doppel::manifest {

using Kind = JsonCursor::Kind;

namespace {

absl::string_view KindName(Kind kind) {
  switch (kind) {
    case Kind::kArray:
      return "an array";
    case Kind::kObject:
      return "an object";
    case Kind::kNumber:
      return "a number";
    case Kind::kString:
      return "a string";
    case Kind::kBool:
      return "true or false";
    case Kind::kNull:
      return "null";
    case Kind::kNone:
      break;
  }
  return "something else";
}

Error Rejected(Reason reason, absl::string_view message) {
  return Error(absl::StatusCode::kInvalidArgument, reason, message);
}

// The error for a fault that the second look found.
absl::Status FaultError(absl::string_view text, const JsonFault& fault,
                        absl::string_view path, size_t max_depth) {
  const LineColumn place = LocateOffset(text, fault.offset);
  const std::string where = absl::StrCat(
      "line ", place.line, ", column ", place.column,
      path.empty() ? "" : " (in or after ", path, path.empty() ? "" : ")");
  switch (fault.kind) {
    case JsonFault::Kind::kTruncated:
      return Rejected(Reason::kManifestTruncated,
                      absl::StrCat("the manifest is cut off at ", where,
                                   ", where ", fault.expected,
                                   " should follow; send the whole file"))
          .With("line", place.line)
          .With("column", place.column)
          .With("bytes", text.size());
    case JsonFault::Kind::kTooDeep:
      return Rejected(
                 Reason::kManifestTooDeep,
                 absl::StrCat("the manifest nests more than ", max_depth,
                              " objects and arrays at ", where,
                              "; dbt writes none like that, so the file is "
                              "probably not a manifest"))
          .With("line", place.line)
          .With("column", place.column)
          .With("max_depth", max_depth);
    default:
      return Rejected(Reason::kManifestNotJson,
                      absl::StrCat("not JSON at ", where, ": expected ",
                                   fault.expected, ", found ", fault.found,
                                   "; let dbt write the manifest again"))
          .With("line", place.line)
          .With("column", place.column)
          .With("expected", fault.expected)
          .With("found", fault.found);
  }
}

}  // namespace

std::string Reader::Path() const {
  std::string path(section_);
  if (!key_.empty()) absl::StrAppend(&path, "[\"", key_, "\"]");
  if (!field_.empty()) {
    absl::StrAppend(&path, path.empty() ? "" : ".", field_);
  }
  return path;
}

absl::Status Reader::Failed(simdjson::error_code code) const {
  if (code == simdjson::MEMALLOC || code == simdjson::CAPACITY) {
    return Error(absl::StatusCode::kResourceExhausted,
                 Reason::kManifestTooLarge,
                 absl::StrCat("no memory to read a manifest of ", text_.size(),
                              " bytes"))
        .With("bytes", text_.size());
  }
  const std::string path = Path();
  const JsonFault fault = DiagnoseJson(text_, options_.max_depth);
  if (fault.kind != JsonFault::Kind::kNone) {
    return FaultError(text_, fault, path, options_.max_depth);
  }
  return Rejected(Reason::kManifestNotJson,
                  absl::StrCat("not JSON that can be read, at ",
                               path.empty() ? "the start" : path, ": ",
                               simdjson::error_message(code)))
      .With("path", path);
}

absl::Status Reader::Unexpected(absl::string_view expected,
                                const char* found) const {
  const Kind kind = JsonCursor::KindOf(*found);
  if (kind == Kind::kNone) return Failed(simdjson::TAPE_ERROR);
  const std::string path = Path();
  const LineColumn place =
      LocateOffset(text_, static_cast<size_t>(found - text_.data()));
  return Rejected(Reason::kManifestBroken,
                  absl::StrCat("the manifest has ", KindName(kind), " at ",
                               path, " (line ", place.line, ", column ",
                               place.column, "), where dbt writes ", expected))
      .With("path", path)
      .With("expected", expected)
      .With("found", KindName(kind))
      .With("line", place.line)
      .With("column", place.column);
}

absl::Status Reader::ReadText(JsonCursor& cursor,
                              std::optional<absl::string_view>* text) {
  if (cursor.kind() == Kind::kString) {
    *text = unescaper_.Unescape(cursor.StringBytes());
    cursor.Advance();
    return text->has_value() ? absl::OkStatus()
                             : Failed(simdjson::STRING_ERROR);
  }
  if (cursor.kind() != Kind::kNull) {
    return Unexpected("a string", cursor.place());
  }
  text->reset();
  return Skip(cursor);
}

absl::Status Reader::ReadInterned(JsonCursor& cursor,
                                  std::optional<absl::string_view>* text) {
  DOPPEL_RETURN_IF_ERROR(ReadText(cursor, text));
  if (text->has_value()) *text = builder_.strings().Intern(**text);
  return absl::OkStatus();
}

absl::Status Reader::ReadCopied(JsonCursor& cursor,
                                std::optional<absl::string_view>* text) {
  DOPPEL_RETURN_IF_ERROR(ReadText(cursor, text));
  if (text->has_value()) *text = builder_.arena().Copy(**text);
  return absl::OkStatus();
}

absl::Status Reader::ReadScalarText(JsonCursor& cursor,
                                    std::optional<absl::string_view>* text) {
  if (cursor.kind() != Kind::kNumber && cursor.kind() != Kind::kBool) {
    return ReadText(cursor, text);
  }
  *text = cursor.Scalar();
  return Skip(cursor);
}

absl::Status Reader::ReadBool(JsonCursor& cursor, bool* truth) {
  *truth = false;
  if (cursor.kind() == Kind::kBool) {
    *truth = cursor.Peek() == 't';
  } else if (cursor.kind() != Kind::kNull) {
    return Unexpected("true or false", cursor.place());
  }
  return Skip(cursor);
}

absl::Status Reader::ReadValue(JsonCursor& cursor, const JsonValue** read) {
  DOPPEL_RETURN_IF_JSON_ERROR(
      *this, builder_.values().Read(cursor, depth_, options_.max_depth, read));
  if ((*read)->is_null()) *read = nullptr;
  return absl::OkStatus();
}

absl::Status Reader::ReadPassing(JsonCursor& cursor, const JsonValue** read) {
  DOPPEL_RETURN_IF_JSON_ERROR(
      *this,
      builder_.passing_values().Read(cursor, depth_, options_.max_depth, read));
  if ((*read)->is_null()) *read = nullptr;
  return absl::OkStatus();
}

absl::Status Reader::ReadFingerprint(JsonCursor& cursor,
                                     Fingerprint* fingerprint) {
  const JsonValue* read = nullptr;
  DOPPEL_RETURN_IF_ERROR(ReadPassing(cursor, &read));
  *fingerprint =
      read == nullptr ? Fingerprint{} : FingerprintWithoutNulls(*read);
  return absl::OkStatus();
}

absl::Status Reader::Skip(JsonCursor& cursor) {
  DOPPEL_RETURN_IF_JSON_ERROR(*this, cursor.Skip(depth_, options_.max_depth));
  return absl::OkStatus();
}

absl::Status Reader::SkipCreatedAt(JsonCursor& cursor, const char* begin,
                                   uint32_t* at) {
  *at = cursor.kind() == Kind::kNumber
            ? static_cast<uint32_t>(cursor.place() - begin)
            : 0;
  return Skip(cursor);
}

}  // namespace doppel::manifest
