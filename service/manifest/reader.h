// Reads JSON values into the types of a node, and says what is wrong where.
//
// Every Read...() takes null as "not there". A value of another type than the
// one that dbt writes is MANIFEST_BROKEN, with the path of the place.
//
// Thread contract: thread-compatible.
#ifndef DOPPEL_SERVICE_MANIFEST_READER_H_
#define DOPPEL_SERVICE_MANIFEST_READER_H_

#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "service/manifest/builder.h"
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
  using Value = simdjson::ondemand::value;

  // All are kept by reference. `text` is the whole JSON text.
  Reader(absl::string_view text, const ParseOptions& options,
         ManifestBuilder& builder)
      : text_(text), options_(options), builder_(builder) {}

  // The text that follows: the same, cut off where the values that are read
  // next end.
  void set_text(absl::string_view text) { text_ = text; }

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

  // The reason why simdjson failed.
  absl::Status Failed(simdjson::error_code code) const;
  // MANIFEST_BROKEN: at Path(), `expected` should stand instead of `found`.
  absl::Status Unexpected(absl::string_view expected, Value found) const;

  // A string's text, valid until the next call; none for null.
  absl::Status ReadText(Value value, std::optional<absl::string_view>* text);
  // The same, kept: interned, or a copy where texts are hardly ever equal.
  absl::Status ReadInterned(Value value,
                            std::optional<absl::string_view>* text);
  absl::Status ReadCopied(Value value, std::optional<absl::string_view>* text);
  // false for null.
  absl::Status ReadBool(Value value, bool* truth);
  // Calls `use(text)` for each string of an array; numbers and truths count
  // with their JSON text, nulls do not. With `or_one`, a bare string is an
  // array of one. `has_null` is set where one is null.
  template <typename Use>
  absl::Status ReadTexts(Value value, bool or_one, Use use,
                         bool* has_null = nullptr);
  // Calls `use(key bytes, value)` for each member of an object, whose keys are
  // still escaped. null: no members.
  template <typename Use>
  absl::Status ReadMembers(Value value, Use use);

  // Kept as it is, or for as long as this reader; nullptr for null.
  absl::Status ReadValue(Value value, const JsonValue** read);
  absl::Status ReadPassing(Value value, const JsonValue** read);
  // The fingerprint of a value, null members counting as missing; empty for
  // null.
  absl::Status ReadFingerprint(Value value, Fingerprint* fingerprint);

  // Past the value, checking its grammar.
  absl::Status Skip(Value value);
  // The same for a member that nothing was or will be read of, in which case
  // simdjson goes past a string by itself.
  absl::Status SkipUnread(Value value) {
    return value.raw_json_token()[0] == '"' ? absl::OkStatus() : Skip(value);
  }
  // From the first byte of `value` to what has been read of the text; `value`
  // must have been read to its end. Empty for a scalar.
  Span SpanOf(Value value) const;
  // Past the value of a created_at. How far behind `begin` it stands; 0 where
  // it is no number.
  absl::Status ReadCreatedAt(Value value, const char* begin, uint32_t* at);
  absl::string_view at(const Span& span) const {
    return text_.substr(span.offset, span.size);
  }

  Unescaper& unescaper() { return unescaper_; }

 private:
  // Like ReadText, but the JSON text of a number or truth.
  absl::Status ReadScalarText(Value value,
                              std::optional<absl::string_view>* text);
  // Objects and arrays around a value of which nothing was read yet.
  static size_t DepthOf(Value& value);

  absl::string_view text_;
  const ParseOptions& options_;
  ManifestBuilder& builder_;
  absl::string_view section_, key_, field_;
  Unescaper unescaper_;
};

}  // namespace doppel::manifest

#include "service/manifest/reader_inl.h"  // IWYU pragma: export

#endif  // DOPPEL_SERVICE_MANIFEST_READER_H_
