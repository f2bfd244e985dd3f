#include "service/manifest/parse.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "service/base/error.h"
#include "service/base/status_macros.h"
#include "service/manifest/base_reader.h"
#include "service/manifest/json_cursor.h"
#include "service/manifest/python_numbers.h"
#include "service/manifest/reader.h"
#include "service/manifest/section_reader.h"

namespace doppel::manifest {
namespace {

constexpr absl::string_view kByteOrderMark = "\xef\xbb\xbf";

absl::Status NotJson(absl::string_view message) {
  return Error(absl::StatusCode::kInvalidArgument, Reason::kManifestNotJson,
               message);
}

// What can be told by the first bytes.
absl::Status CheckStart(absl::string_view bytes) {
  if (bytes.find_first_not_of(" \t\r\n") == absl::string_view::npos) {
    return Error(absl::StatusCode::kInvalidArgument, Reason::kManifestTruncated,
                 "the manifest is empty; send the whole file")
        .With("bytes", bytes.size());
  }
  const auto starts = [&](absl::string_view with) {
    return absl::StartsWith(bytes, with);
  };
  if (starts("\x1f\x8b")) {
    return NotJson("this is gzip, not JSON: unpack it (gunzip) and send that");
  }
  if (starts("\x28\xb5\x2f\xfd") || starts("PK\x03\x04") || starts("BZh")) {
    return NotJson("this is a packed file, not JSON: unpack it and send that");
  }
  if (starts("\xff\xfe") || starts("\xfe\xff")) {
    return NotJson(
        "this is UTF-16; JSON is UTF-8: convert it (iconv -f UTF-16 "
        "-t UTF-8) and send that");
  }
  return absl::OkStatus();
}

absl::Status CheckSize(size_t size, const ParseOptions& options) {
  constexpr size_t kSimdjsonMost = std::numeric_limits<uint32_t>::max();
  const size_t most = std::min(options.max_bytes, kSimdjsonMost);
  if (size <= most) return absl::OkStatus();
  return Error(absl::StatusCode::kResourceExhausted, Reason::kManifestTooLarge,
               absl::StrCat("the manifest has ", size, " bytes; at most ", most,
                            " are read"))
      .With("bytes", size)
      .With("max_bytes", most);
}

absl::Status ReadRoot(SectionReader& sections, JsonCursor& cursor) {
  Reader& reader = sections.reader();
  const JsonCursor::Kind kind = cursor.kind();
  if (kind != JsonCursor::Kind::kObject && kind != JsonCursor::Kind::kNone) {
    return Error(absl::StatusCode::kInvalidArgument, Reason::kNotAManifest,
                 "this is JSON but no object, so it is not a dbt manifest; "
                 "send the manifest.json of a target folder");
  }
  DOPPEL_RETURN_IF_ERROR(reader.ReadMembers(
      cursor, [&](absl::string_view name, JsonCursor& member) -> absl::Status {
        const char* const begin = member.place();
        reader.set_section(name);
        DOPPEL_RETURN_IF_ERROR(sections.Read(name, member));
        return sections.Add(name, reader.SpanOf(begin, member));
      }));
  reader.set_section("");
  return absl::OkStatus();
}

absl::Status ReadDocument(SectionReader& sections, absl::string_view text) {
  JsonCursor cursor(text);
  DOPPEL_RETURN_IF_JSON_ERROR(sections.reader(), cursor.Start());
  DOPPEL_RETURN_IF_ERROR(ReadRoot(sections, cursor));
  if (!cursor.at_end() || cursor.error()) {
    return sections.reader().Failed(simdjson::TAPE_ERROR);
  }
  return sections.Finish();
}

absl::StatusOr<std::shared_ptr<const Manifest>> ParseJson(
    Text text, std::string digest, const ParseOptions& options) {
  SectionReader sections(text.view(), options);
  DOPPEL_RETURN_IF_ERROR(ReadDocument(sections, text.view()));
  return sections.builder().Build(std::move(text), std::move(digest));
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Manifest>> ParseManifest(
    Text text, std::string digest, const ParseOptions& options,
    const std::shared_ptr<const Manifest>& base) {
  DOPPEL_RETURN_IF_ERROR(CheckSize(text.size(), options));
  DOPPEL_RETURN_IF_ERROR(CheckStart(text.view()));
  if (absl::StartsWith(text.view(), kByteOrderMark)) {
    text = text.WithoutPrefix(kByteOrderMark.size());
  }
  if (base != nullptr) {
    if (auto manifest = ParseBeside(base, text, digest, options)) {
      return manifest;
    }
  }
  auto manifest = ParseJson(text, digest, options);
  if (manifest.ok() ||
      GetReason(manifest.status()) != Reason::kManifestNotJson) {
    return manifest;
  }
  const auto json = WithoutPythonNumbers(text.view());
  return json.has_value()
             ? ParseJson(Text::Copy(*json), std::move(digest), options)
             : manifest;
}

}  // namespace doppel::manifest
