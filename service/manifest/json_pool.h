// Makes JsonValues from JSON text and keeps them; equal JSON texts are
// read once. Most of a manifest's configs are the same few, byte for byte.
//
// The values live in the arena. Thread contract: thread-compatible.
#ifndef DOPPEL_SERVICE_MANIFEST_JSON_POOL_H_
#define DOPPEL_SERVICE_MANIFEST_JSON_POOL_H_

#include <cstddef>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "service/manifest/arena.h"
#include "service/manifest/fingerprint.h"
#include "service/manifest/json_cursor.h"
#include "service/manifest/json_text.h"
#include "service/manifest/json_value.h"
#include "service/manifest/string_pool.h"

namespace doppel::manifest {

class JsonPool {
 public:
  // `strings` holds keys and strings; both outlive the values.
  JsonPool(Arena* arena, StringPool* strings)
      : arena_(arena), strings_(strings) {}

  // Reads the value that is next, which stands `depth` objects and arrays deep,
  // and may hold others until `max_depth`.
  //
  // Errors: DEPTH_ERROR where it goes deeper, otherwise what is no JSON.
  JsonCursor::Code Read(JsonCursor& cursor, size_t depth, size_t max_depth,
                        const JsonValue** read);

 private:
  using Code = JsonCursor::Code;
  struct Known {
    const JsonValue* value;
    size_t height;  // of objects and arrays in it
  };

  // The value of that text, if it was read before and fits; else nullptr.
  Code FindKnown(const Fingerprint& text, size_t depth,
                 const JsonValue** read) const;
  const JsonValue* Keep(const Fingerprint& text, size_t height,
                        const JsonValue& built);
  Code ReadContainer(JsonCursor& cursor, size_t depth, const JsonValue** read);

  Code Build(JsonCursor& cursor, size_t depth, JsonValue& built);
  Code BuildString(absl::string_view bytes, JsonValue& built);
  Code BuildNumber(absl::string_view token, JsonValue& built);
  Code BuildTruth(absl::string_view token, JsonValue& built);
  Code BuildNull(absl::string_view token, JsonValue& built);
  Code BuildArray(JsonCursor& cursor, size_t depth, JsonValue& built);
  Code BuildObject(JsonCursor& cursor, size_t depth, JsonValue& built);
  Code BuildMember(JsonCursor& cursor, size_t depth, JsonMember& member);
  Code Enter(size_t depth);

  Arena* arena_;
  StringPool* strings_;
  Unescaper unescaper_;
  absl::flat_hash_map<Fingerprint, Known> known_;
  // Values of the containers that are being built, the innermost last.
  std::vector<JsonValue> elements_;
  std::vector<JsonMember> members_;
  std::vector<Fingerprint> parts_;  // of one container
  size_t max_depth_ = 0;
  size_t deepest_ = 0;
};

// Equal for values that dbt's dataclasses would call equal: like the value's
// own fingerprint, but a member of an object that is null counts as missing.
Fingerprint FingerprintWithoutNulls(const JsonValue& value);

}  // namespace doppel::manifest

#endif  // DOPPEL_SERVICE_MANIFEST_JSON_POOL_H_
