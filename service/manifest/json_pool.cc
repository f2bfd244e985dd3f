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

using simdjson::error_code;
using Kind = JsonCursor::Kind;

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

error_code JsonPool::Read(JsonCursor& cursor, size_t depth, size_t max_depth,
                          const JsonValue** read) {
  max_depth_ = max_depth;
  const Kind kind = cursor.kind();
  if (kind == Kind::kObject || kind == Kind::kArray) {
    return ReadContainer(cursor, depth, read);
  }
  if (kind == Kind::kNone) return simdjson::TAPE_ERROR;
  const Fingerprint text = FingerprintOf(cursor.Scalar());
  if (const Code e = FindKnown(text, depth, read)) return e;
  if (*read != nullptr) {
    cursor.Advance();
    return simdjson::SUCCESS;
  }
  JsonValue built;
  if (const Code e = Build(cursor, depth, built)) return e;
  *read = Keep(text, 0, built);
  return simdjson::SUCCESS;
}

error_code JsonPool::ReadContainer(JsonCursor& cursor, size_t depth,
                                   const JsonValue** read) {
  absl::string_view raw;
  if (const Code e = cursor.SkipByBrackets(&raw)) return e;
  const Fingerprint text = FingerprintOf(raw);
  if (const Code e = FindKnown(text, depth, read)) return e;
  if (*read != nullptr) return simdjson::SUCCESS;
  if (const Code e = cursor.Start(raw.data())) return e;
  elements_.clear();
  members_.clear();
  deepest_ = depth;
  JsonValue built;
  if (const Code e = Build(cursor, depth, built)) return e;
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

error_code JsonPool::Build(JsonCursor& cursor, size_t depth, JsonValue& built) {
  Code code = simdjson::SUCCESS;
  switch (cursor.kind()) {
    case Kind::kObject:
      return BuildObject(cursor, depth, built);
    case Kind::kArray:
      return BuildArray(cursor, depth, built);
    case Kind::kString:
      code = BuildString(cursor.StringBytes(), built);
      break;
    case Kind::kNumber:
      code = BuildNumber(cursor.Scalar(), built);
      break;
    case Kind::kBool:
      code = BuildTruth(cursor.Scalar(), built);
      break;
    case Kind::kNull:
      code = BuildNull(cursor.Scalar(), built);
      break;
    case Kind::kNone:
      return simdjson::TAPE_ERROR;
  }
  cursor.Advance();
  return code;
}

error_code JsonPool::BuildString(absl::string_view bytes, JsonValue& built) {
  const std::optional<absl::string_view> text = unescaper_.Unescape(bytes);
  if (!text.has_value()) return simdjson::STRING_ERROR;
  const absl::string_view kept = strings_->Intern(*text);
  built.kind_ = JsonValue::Kind::kString;
  built.chars_ = kept.data();
  built.size_ = static_cast<uint32_t>(kept.size());
  built.fingerprint_ = StringFingerprint(kept);
  return simdjson::SUCCESS;
}

error_code JsonPool::BuildNumber(absl::string_view token, JsonValue& built) {
  if (!IsJsonNumber(token)) return simdjson::NUMBER_ERROR;
  const bool is_whole = token.find_first_of(".eE") == absl::string_view::npos;
  int64_t integer = 0;
  if (is_whole && absl::SimpleAtoi(token, &integer)) {
    built.kind_ = JsonValue::Kind::kInteger;
    built.integer_ = integer;
    built.fingerprint_ = NumberFingerprint(integer);
    return simdjson::SUCCESS;
  }
  built.kind_ = JsonValue::Kind::kDouble;
  if (!absl::SimpleAtod(token, &built.double_)) return simdjson::NUMBER_ERROR;
  // More than 64 bits hold: near enough as a number, told apart by its digits.
  built.fingerprint_ = is_whole || std::isinf(built.double_)
                           ? FingerprintOf(token, kBigIntegerSeed)
                           : NumberFingerprint(built.double_);
  return simdjson::SUCCESS;
}

error_code JsonPool::BuildTruth(absl::string_view token, JsonValue& built) {
  if (token != "true" && token != "false") return simdjson::T_ATOM_ERROR;
  built.kind_ = JsonValue::Kind::kBool;
  built.integer_ = token == "true";
  built.fingerprint_ = NumberFingerprint(built.integer_);
  return simdjson::SUCCESS;
}

error_code JsonPool::BuildNull(absl::string_view token, JsonValue& built) {
  built.fingerprint_ = FingerprintOf("", kNullSeed);
  return token == "null" ? simdjson::SUCCESS : simdjson::N_ATOM_ERROR;
}

error_code JsonPool::BuildArray(JsonCursor& cursor, size_t depth,
                                JsonValue& built) {
  if (const Code e = Enter(depth + 1)) return e;
  const size_t first = elements_.size();
  cursor.Advance();
  if (!cursor.Take(']')) {
    do {
      JsonValue element;
      if (const Code e = Build(cursor, depth + 1, element)) return e;
      elements_.push_back(element);
    } while (cursor.Take(','));
    if (!cursor.Take(']')) return simdjson::TAPE_ERROR;
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

error_code JsonPool::BuildMember(JsonCursor& cursor, size_t depth,
                                 JsonMember& member) {
  if (cursor.kind() != Kind::kString) return simdjson::TAPE_ERROR;
  const std::optional<absl::string_view> key =
      unescaper_.Unescape(cursor.StringBytes());
  if (!key.has_value()) return simdjson::STRING_ERROR;
  member.key = strings_->Intern(*key);
  cursor.Advance();
  if (!cursor.Take(':')) return simdjson::TAPE_ERROR;
  return Build(cursor, depth, member.value);
}

error_code JsonPool::BuildObject(JsonCursor& cursor, size_t depth,
                                 JsonValue& built) {
  if (const Code e = Enter(depth + 1)) return e;
  const size_t first = members_.size();
  cursor.Advance();
  if (!cursor.Take('}')) {
    do {
      JsonMember member;
      if (const Code e = BuildMember(cursor, depth + 1, member)) return e;
      members_.push_back(member);
    } while (cursor.Take(','));
    if (!cursor.Take('}')) return simdjson::TAPE_ERROR;
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
