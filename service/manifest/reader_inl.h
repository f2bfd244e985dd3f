// The templates of reader.h; include that one.
#ifndef DOPPEL_SERVICE_MANIFEST_READER_INL_H_
#define DOPPEL_SERVICE_MANIFEST_READER_INL_H_

#include <utility>

#include "service/base/status_macros.h"
#include "service/manifest/json_cursor.h"
#include "service/manifest/reader.h"

namespace doppel::manifest {

template <typename Use>
absl::Status Reader::ReadTexts(Value value, bool or_one, Use use,
                               bool* has_null) {
  simdjson::ondemand::json_type type;
  DOPPEL_RETURN_IF_JSON_ERROR(*this, value.type().get(type));
  if (type == simdjson::ondemand::json_type::null) return Skip(value);
  if (or_one && type == simdjson::ondemand::json_type::string) {
    std::optional<absl::string_view> text;
    DOPPEL_RETURN_IF_ERROR(ReadText(value, &text));
    use(*text);
    return absl::OkStatus();
  }
  if (type != simdjson::ondemand::json_type::array) {
    return Unexpected("an array of strings", value);
  }
  simdjson::ondemand::array array;
  DOPPEL_RETURN_IF_JSON_ERROR(*this, value.get_array().get(array));
  for (auto item : array) {
    Value element;
    DOPPEL_RETURN_IF_JSON_ERROR(*this, std::move(item).get(element));
    std::optional<absl::string_view> text;
    DOPPEL_RETURN_IF_ERROR(ReadScalarText(element, &text));
    if (text.has_value()) {
      use(*text);
    } else if (has_null != nullptr) {
      *has_null = true;
    }
  }
  return absl::OkStatus();
}

template <typename Use>
absl::Status Reader::ReadMembers(Value value, Use use) {
  simdjson::ondemand::json_type type;
  DOPPEL_RETURN_IF_JSON_ERROR(*this, value.type().get(type));
  if (type == simdjson::ondemand::json_type::null) return Skip(value);
  if (type != simdjson::ondemand::json_type::object) {
    return Unexpected("an object", value);
  }
  simdjson::ondemand::object object;
  DOPPEL_RETURN_IF_JSON_ERROR(*this, value.get_object().get(object));
  for (auto item : object) {
    simdjson::ondemand::field field;
    DOPPEL_RETURN_IF_JSON_ERROR(*this, std::move(item).get(field));
    const absl::string_view key = KeyBytes(field);
    DOPPEL_RETURN_IF_ERROR(use(key, field.value()));
  }
  return absl::OkStatus();
}

}  // namespace doppel::manifest

#endif  // DOPPEL_SERVICE_MANIFEST_READER_INL_H_
