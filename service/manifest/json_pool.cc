#include "service/manifest/json_pool.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "service/manifest/json_cursor.h"

namespace doppel::manifest {

namespace ondemand = simdjson::ondemand;
using simdjson::error_code;

namespace {

// Values of different kinds have different fingerprints: each kind its seed.
enum Seed : uint64_t {
  kNullSeed = 1,
  kIntegerSeed,
  kBigIntegerSeed,
  kDoubleSeed,
  kStringSeed,
  kArraySeed,
  kObjectSeed,
};

template <typename T>
Fingerprint NumberBytesFingerprint(T value, Seed seed) {
  return FingerprintOf({reinterpret_cast<const char*>(&value), sizeof(value)},
                       seed);
}

Fingerprint NumberFingerprint(int64_t value) {
  return NumberBytesFingerprint(value, kIntegerSeed);
}

// 1 == 1.0, as in Python.
Fingerprint NumberFingerprint(double value) {
  constexpr double kExact = 9007199254740992.0;  // 2^53
  if (std::abs(value) <= kExact && std::trunc(value) == value) {
    return NumberFingerprint(static_cast<int64_t>(value));
  }
  return NumberBytesFingerprint(value, kDoubleSeed);
}

Fingerprint StringFingerprint(absl::string_view text) {
  return FingerprintOf(text, kStringSeed);
}

Fingerprint FingerprintOfAll(std::span<const Fingerprint> parts, Seed seed) {
  return FingerprintOf({reinterpret_cast<const char*>(parts.data()),
                        parts.size() * sizeof(Fingerprint)},
                       seed);
}

// Sorts by key; of equal keys the last one stays, as in Python.
void SortMembers(std::vector<JsonMember>& members, size_t first) {
  const auto begin = members.begin() + static_cast<ptrdiff_t>(first);
  std::stable_sort(
      begin, members.end(),
      [](const JsonMember& a, const JsonMember& b) { return a.key < b.key; });
  auto out = begin;
  for (auto it = begin; it != members.end(); ++it) {
    if (out != begin && (out - 1)->key == it->key) --out;
    *out++ = *it;
  }
  members.erase(out, members.end());
}

}  // namespace

error_code JsonPool::FindKnown(const Fingerprint& text, size_t depth,
                               const JsonValue** read) const {
  *read = nullptr;
  const auto known = known_.find(text);
  if (known == known_.end()) return simdjson::SUCCESS;
  if (depth + known->second.height > max_depth_) return simdjson::DEPTH_ERROR;
  *read = known->second.value;
  return simdjson::SUCCESS;
}

error_code JsonPool::Read(ondemand::value value, size_t depth, size_t max_depth,
                          const JsonValue** read) {
  max_depth_ = max_depth;
  ondemand::json_type type;
  if (const Code e = value.type().get(type)) return e;
  if (type == ondemand::json_type::object) {
    ondemand::object object;
    if (const Code e = value.get_object().get(object)) return e;
    return ReadContainer(object, depth, read);
  }
  if (type == ondemand::json_type::array) {
    ondemand::array array;
    if (const Code e = value.get_array().get(array)) return e;
    return ReadContainer(array, depth, read);
  }
  const Fingerprint text = FingerprintOf(TokenOf(value));
  if (const Code e = FindKnown(text, depth, read)) return e;
  if (*read != nullptr) return simdjson::SUCCESS;
  JsonValue built;
  if (const Code e = Build(value, depth, built)) return e;
  *read = Keep(text, 0, built);
  return simdjson::SUCCESS;
}

template <typename Container>
error_code JsonPool::ReadContainer(Container container, size_t depth,
                                   const JsonValue** read) {
  absl::string_view raw;
  if (const Code e = RawJson(container, raw)) return e;
  const Fingerprint text = FingerprintOf(raw);
  if (const Code e = FindKnown(text, depth, read)) return e;
  if (*read != nullptr) return simdjson::SUCCESS;
  if (const Code e = container.reset().error()) return e;
  elements_.clear();
  members_.clear();
  deepest_ = depth;
  JsonValue built;
  if (const Code e = BuildContainer(container, depth, built)) return e;
  *read = Keep(text, deepest_ - depth, built);
  return simdjson::SUCCESS;
}

const JsonValue* JsonPool::Keep(const Fingerprint& text, size_t height,
                                const JsonValue& built) {
  const JsonValue* kept =
      arena_->CopySpan(std::span<const JsonValue>(&built, 1)).data();
  known_.emplace(text, Known{kept, height});
  return kept;
}

error_code JsonPool::Enter(size_t depth) {
  if (depth > max_depth_) return simdjson::DEPTH_ERROR;
  deepest_ = std::max(deepest_, depth);
  return simdjson::SUCCESS;
}

error_code JsonPool::Build(ondemand::value value, size_t depth,
                           JsonValue& built) {
  ondemand::json_type type;
  if (const Code e = value.type().get(type)) return e;
  switch (type) {
    case ondemand::json_type::object: {
      ondemand::object object;
      if (const Code e = value.get_object().get(object)) return e;
      return BuildContainer(object, depth, built);
    }
    case ondemand::json_type::array: {
      ondemand::array array;
      if (const Code e = value.get_array().get(array)) return e;
      return BuildContainer(array, depth, built);
    }
    case ondemand::json_type::string:
      return BuildString(value, built);
    case ondemand::json_type::number:
      return BuildNumber(value, built);
    case ondemand::json_type::boolean: {
      bool truth;
      if (const Code e = value.get_bool().get(truth)) return e;
      built.kind_ = JsonValue::Kind::kBool;
      built.integer_ = truth;
      built.fingerprint_ = NumberFingerprint(int64_t{truth});
      return simdjson::SUCCESS;
    }
    default: {
      bool null = false;
      if (const Code e = value.is_null().get(null)) return e;
      built.fingerprint_ = FingerprintOf("", kNullSeed);
      return null ? simdjson::SUCCESS : simdjson::N_ATOM_ERROR;
    }
  }
}

error_code JsonPool::BuildString(ondemand::value value, JsonValue& built) {
  absl::string_view bytes;
  if (const Code e = StringBytes(value, bytes)) return e;
  const std::optional<absl::string_view> text = unescaper_.Unescape(bytes);
  if (!text.has_value()) return simdjson::STRING_ERROR;
  const absl::string_view kept = strings_->Intern(*text);
  built.kind_ = JsonValue::Kind::kString;
  built.chars_ = kept.data();
  built.size_ = static_cast<uint32_t>(kept.size());
  built.fingerprint_ = StringFingerprint(kept);
  return simdjson::SUCCESS;
}

error_code JsonPool::BuildNumber(ondemand::value value, JsonValue& built) {
  const absl::string_view token = TokenOf(value);
  ondemand::number number;
  const Code e = value.get_number().get(number);
  if (e && !IsJsonNumber(token)) return e;
  if (!e && number.is_int64()) {
    built.kind_ = JsonValue::Kind::kInteger;
    built.integer_ = number.get_int64();
    built.fingerprint_ = NumberFingerprint(built.integer_);
    return simdjson::SUCCESS;
  }
  built.kind_ = JsonValue::Kind::kDouble;
  if (!e && number.is_double()) {
    built.double_ = number.get_double();
    built.fingerprint_ = NumberFingerprint(built.double_);
    return simdjson::SUCCESS;
  }
  // More than 64 bits hold: near enough as a number, told apart by its digits.
  if (!absl::SimpleAtod(token, &built.double_)) return simdjson::NUMBER_ERROR;
  built.fingerprint_ = FingerprintOf(token, kBigIntegerSeed);
  return simdjson::SUCCESS;
}

error_code JsonPool::BuildContainer(ondemand::array array, size_t depth,
                                    JsonValue& built) {
  if (const Code e = Enter(depth + 1)) return e;
  const size_t first = elements_.size();
  for (auto item : array) {
    ondemand::value value;
    if (const Code e = std::move(item).get(value)) return e;
    JsonValue element;
    if (const Code e = Build(value, depth + 1, element)) return e;
    elements_.push_back(element);
  }
  parts_.clear();
  for (size_t i = first; i < elements_.size(); ++i) {
    parts_.push_back(elements_[i].fingerprint_);
  }
  const std::span<const JsonValue> kept =
      arena_->CopySpan(std::span<const JsonValue>(elements_).subspan(first));
  elements_.resize(first);
  built.kind_ = JsonValue::Kind::kArray;
  built.elements_ = kept.data();
  built.size_ = static_cast<uint32_t>(kept.size());
  built.fingerprint_ = FingerprintOfAll(parts_, kArraySeed);
  return simdjson::SUCCESS;
}

error_code JsonPool::BuildContainer(ondemand::object object, size_t depth,
                                    JsonValue& built) {
  if (const Code e = Enter(depth + 1)) return e;
  const size_t first = members_.size();
  for (auto item : object) {
    ondemand::field field;
    if (const Code e = std::move(item).get(field)) return e;
    const std::optional<absl::string_view> key =
        unescaper_.Unescape(KeyBytes(field));
    if (!key.has_value()) return simdjson::STRING_ERROR;
    JsonMember member;
    member.key = strings_->Intern(*key);
    if (const Code e = Build(field.value(), depth + 1, member.value)) return e;
    members_.push_back(member);
  }
  SortMembers(members_, first);
  parts_.clear();
  for (size_t i = first; i < members_.size(); ++i) {
    parts_.push_back(StringFingerprint(members_[i].key));
    parts_.push_back(members_[i].value.fingerprint_);
  }
  const std::span<const JsonMember> kept =
      arena_->CopySpan(std::span<const JsonMember>(members_).subspan(first));
  members_.resize(first);
  built.kind_ = JsonValue::Kind::kObject;
  built.members_ = kept.data();
  built.size_ = static_cast<uint32_t>(kept.size());
  built.fingerprint_ = FingerprintOfAll(parts_, kObjectSeed);
  return simdjson::SUCCESS;
}

Fingerprint FingerprintWithoutNulls(const JsonValue& value) {
  std::vector<Fingerprint> parts;
  if (value.is_array()) {
    for (const JsonValue& element : value.elements()) {
      parts.push_back(FingerprintWithoutNulls(element));
    }
    return FingerprintOfAll(parts, kArraySeed);
  }
  if (!value.is_object()) return value.fingerprint();
  for (const JsonMember& member : value.members()) {
    if (member.value.is_null()) continue;
    parts.push_back(StringFingerprint(member.key));
    parts.push_back(FingerprintWithoutNulls(member.value));
  }
  return FingerprintOfAll(parts, kObjectSeed);
}

}  // namespace doppel::manifest
