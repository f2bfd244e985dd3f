// Reads JSON values into the types of a node, and says what is wrong where.
//
// Every function that takes the cursor reads the value which is next there, and
// goes past it.
// Every Read...() takes null as "not there". A value of another type than the
// one that dbt writes is MANIFEST_BROKEN, with the path of the place.
//
// Thread contract: thread-compatible.
#ifndef DOPPEL_SERVICE_MANIFEST_READER_H_
#define DOPPEL_SERVICE_MANIFEST_READER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "service/manifest/builder.h"
#include "service/manifest/json_cursor.h"
#include "service/manifest/json_text.h"
#include "service/manifest/parse_options.h"
#include "service/manifest/text.h"

// Leaves with reader.Failed(code) where `expr` is a simdjson error.
#define DOPPEL_RETURN_IF_JSON_ERROR(reader, expr)          \
  do {                                                     \
    if (const ::simdjson::error_code doppel_code = (expr); \
        doppel_code != ::simdjson::SUCCESS) {              \
      return (reader).Failed(doppel_code);                 \
    }                                                      \
  } while (false)

namespace doppel::manifest {

class Reader {
 public:
  using Kind = JsonCursor::Kind;

  // All are kept by reference. `text` is the whole JSON text.
  Reader(absl::string_view text, const ParseOptions& options,
         ManifestBuilder& builder)
      : text_(text), options_(options), builder_(builder) {}

  const ParseOptions& options() const { return options_; }
  ManifestBuilder& builder() { return builder_; }

  // The place that errors name: a top-level member, a key in it, a field of
  // that. "" where not so deep.
  void set_section(absl::string_view section) {
    section_ = section;
    key_ = field_ = {};
  }
  void set_key(absl::string_view key) {
    key_ = key;
    field_ = {};
  }
  void set_field(absl::string_view field) { field_ = field; }
  // Such as: nodes["model.shop.orders"].tags
  std::string Path() const;

  // How many objects and arrays stand around the value that is read next.
  void set_depth(size_t depth) { depth_ = depth; }

  // The reason why a value cannot be read.
  absl::Status Failed(simdjson::error_code code) const;
  // MANIFEST_BROKEN: at Path(), `expected` should stand instead of the value
  // that starts at `found`.
  absl::Status Unexpected(absl::string_view expected, const char* found) const;

  // A string's text, valid until the next call; none for null.
  absl::Status ReadText(JsonCursor& cursor,
                        std::optional<absl::string_view>* text);
  // The same, kept: interned, or a copy where texts are hardly ever equal.
  absl::Status ReadInterned(JsonCursor& cursor,
                            std::optional<absl::string_view>* text);
  absl::Status ReadCopied(JsonCursor& cursor,
                          std::optional<absl::string_view>* text);
  // false for null.
  absl::Status ReadBool(JsonCursor& cursor, bool* truth);
  // Calls `use(text)` for each string of an array; numbers and truths count
  // with their JSON text, nulls do not. With `or_one`, a bare string is an
  // array of one. `has_null` is set where one is null.
  template <typename Use>
  absl::Status ReadTexts(JsonCursor& cursor, bool or_one, Use use,
                         bool* has_null = nullptr);
  // Calls `use(key bytes, cursor)` for each member of an object, whose keys are
  // still escaped; it goes past the value. null: no members.
  template <typename Use>
  absl::Status ReadMembers(JsonCursor& cursor, Use use);

  // Kept as it is, or for as long as this reader; nullptr for null.
  absl::Status ReadValue(JsonCursor& cursor, const JsonValue** read);
  absl::Status ReadPassing(JsonCursor& cursor, const JsonValue** read);
  // The fingerprint of a value, null members counting as missing; empty for
  // null.
  absl::Status ReadFingerprint(JsonCursor& cursor, Fingerprint* fingerprint);

  // Past the value, checking its grammar.
  absl::Status Skip(JsonCursor& cursor);
  // The same for what a created_at has. How far behind `begin` it stands; 0
  // where it is no number.
  absl::Status SkipCreatedAt(JsonCursor& cursor, const char* begin,
                             uint32_t* at);
  // From `place`, where a value starts, to what `cursor` passed last, which is
  // its end. Empty for a scalar.
  Span SpanOf(const char* place, const JsonCursor& cursor) const {
    return {static_cast<uint64_t>(place - text_.data()),
            static_cast<uint32_t>(SizeOfPassed(place, cursor))};
  }
  absl::string_view at(const Span& span) const {
    return text_.substr(span.offset, span.size);
  }

  Unescaper& unescaper() { return unescaper_; }

 private:
  // Like ReadText, but the JSON text of a number or truth.
  absl::Status ReadScalarText(JsonCursor& cursor,
                              std::optional<absl::string_view>* text);

  absl::string_view text_;
  const ParseOptions& options_;
  ManifestBuilder& builder_;
  absl::string_view section_, key_, field_;
  size_t depth_ = 0;
  Unescaper unescaper_;
};

}  // namespace doppel::manifest

#include "service/manifest/reader_inl.h"  // IWYU pragma: export

#endif  // DOPPEL_SERVICE_MANIFEST_READER_H_
