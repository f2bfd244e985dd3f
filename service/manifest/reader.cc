#include "service/manifest/reader.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "service/base/error.h"
#include "service/manifest/json_diagnosis.h"

namespace doppel::manifest {

namespace ondemand = simdjson::ondemand;
using ondemand::json_type;

namespace {

absl::string_view KindName(json_type type) {
  switch (type) {
    case json_type::array:
      return "an array";
    case json_type::object:
      return "an object";
    case json_type::number:
      return "a number";
    case json_type::string:
      return "a string";
    case json_type::boolean:
      return "true or false";
    case json_type::null:
      return "null";
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

absl::Status Reader::Unexpected(absl::string_view expected, Value found) const {
  json_type type;
  if (const auto code = found.type().get(type)) return Failed(code);
  const std::string path = Path();
  const LineColumn place = LocateOffset(
      text_, static_cast<size_t>(found.raw_json_token().data() - text_.data()));
  return Rejected(Reason::kManifestBroken,
                  absl::StrCat("the manifest has ", KindName(type), " at ",
                               path, " (line ", place.line, ", column ",
                               place.column, "), where dbt writes ", expected))
      .With("path", path)
      .With("expected", expected)
      .With("found", KindName(type))
      .With("line", place.line)
      .With("column", place.column);
}

absl::Status Reader::ReadText(Value value,
                              std::optional<absl::string_view>* text) {
  json_type type;
  DOPPEL_RETURN_IF_JSON_ERROR(*this, value.type().get(type));
  if (type == json_type::string) {
    absl::string_view bytes;
    DOPPEL_RETURN_IF_JSON_ERROR(*this, StringBytes(value, bytes));
    *text = unescaper_.Unescape(bytes);
    return text->has_value() ? absl::OkStatus()
                             : Failed(simdjson::STRING_ERROR);
  }
  if (type != json_type::null) return Unexpected("a string", value);
  text->reset();
  return Skip(value);
}

absl::Status Reader::ReadInterned(Value value,
                                  std::optional<absl::string_view>* text) {
  DOPPEL_RETURN_IF_ERROR(ReadText(value, text));
  if (text->has_value()) *text = builder_.strings().Intern(**text);
  return absl::OkStatus();
}

absl::Status Reader::ReadCopied(Value value,
                                std::optional<absl::string_view>* text) {
  DOPPEL_RETURN_IF_ERROR(ReadText(value, text));
  if (text->has_value()) *text = builder_.arena().Copy(**text);
  return absl::OkStatus();
}

absl::Status Reader::ReadScalarText(Value value,
                                    std::optional<absl::string_view>* text) {
  json_type type;
  DOPPEL_RETURN_IF_JSON_ERROR(*this, value.type().get(type));
  if (type != json_type::number && type != json_type::boolean) {
    return ReadText(value, text);
  }
  *text = TokenOf(value);
  return Skip(value);
}

absl::Status Reader::ReadBool(Value value, bool* truth) {
  json_type type;
  DOPPEL_RETURN_IF_JSON_ERROR(*this, value.type().get(type));
  *truth = false;
  if (type == json_type::null) return Skip(value);
  if (type != json_type::boolean) return Unexpected("true or false", value);
  DOPPEL_RETURN_IF_JSON_ERROR(*this, value.get_bool().get(*truth));
  return absl::OkStatus();
}

absl::Status Reader::ReadValue(Value value, const JsonValue** read) {
  DOPPEL_RETURN_IF_JSON_ERROR(
      *this,
      builder_.values().Read(value, DepthOf(value), options_.max_depth, read));
  if ((*read)->is_null()) *read = nullptr;
  return absl::OkStatus();
}

absl::Status Reader::ReadPassing(Value value, const JsonValue** read) {
  DOPPEL_RETURN_IF_JSON_ERROR(
      *this, builder_.passing_values().Read(value, DepthOf(value),
                                            options_.max_depth, read));
  if ((*read)->is_null()) *read = nullptr;
  return absl::OkStatus();
}

absl::Status Reader::ReadFingerprint(Value value, Fingerprint* fingerprint) {
  const JsonValue* read = nullptr;
  DOPPEL_RETURN_IF_ERROR(ReadPassing(value, &read));
  *fingerprint =
      read == nullptr ? Fingerprint{} : FingerprintWithoutNulls(*read);
  return absl::OkStatus();
}

absl::Status Reader::Skip(Value value) {
  DOPPEL_RETURN_IF_JSON_ERROR(
      *this, SkipStrictly(value, DepthOf(value), options_.max_depth));
  return absl::OkStatus();
}

Span Reader::SpanOf(Value value) const {
  Value at = value;
  const char* begin = at.raw_json_token().data();
  if (*begin != '{' && *begin != '[') return {};
  const char* end;
  if (at.current_location().get(end) != simdjson::SUCCESS) {
    end = text_.data() + text_.size();
  }
  while (end > begin && IsJsonSpace(end[-1])) --end;
  return {static_cast<uint64_t>(begin - text_.data()),
          static_cast<uint32_t>(end - begin)};
}

absl::Status Reader::ReadCreatedAt(Value value, const char* begin,
                                   uint32_t* at) {
  json_type type;
  DOPPEL_RETURN_IF_JSON_ERROR(*this, value.type().get(type));
  *at = type == json_type::number
            ? static_cast<uint32_t>(value.raw_json_token().data() - begin)
            : 0;
  return Skip(value);
}

size_t Reader::DepthOf(Value& value) {
  return static_cast<size_t>(value.current_depth()) - 1;
}

}  // namespace doppel::manifest
