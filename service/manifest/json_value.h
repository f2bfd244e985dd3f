// An immutable JSON value that a manifest keeps: configs, versions, selectors.
//
// Equality is Python's, since it is dbt's: objects without regard to order,
// 1 == 1.0 == true, "1" != 1. Equal values have equal fingerprints.
//
// Values live in their manifest's JsonPool, which keeps equal texts once, and
// die with it. Thread contract: immutable, safe to read from any thread.
#ifndef DOPPEL_SERVICE_MANIFEST_JSON_VALUE_H_
#define DOPPEL_SERVICE_MANIFEST_JSON_VALUE_H_

#include <cstdint>
#include <span>
#include <string>

#include "absl/strings/string_view.h"
#include "service/manifest/fingerprint.h"

namespace doppel::manifest {

struct JsonMember;

class JsonValue {
 public:
  enum class Kind : uint8_t {
    kNull,
    kBool,
    kInteger,
    kDouble,
    kString,
    kArray,
    kObject,
  };

  Kind kind() const { return kind_; }
  bool is_null() const { return kind_ == Kind::kNull; }
  bool is_string() const { return kind_ == Kind::kString; }
  bool is_object() const { return kind_ == Kind::kObject; }
  bool is_array() const { return kind_ == Kind::kArray; }

  // Each is the value where kind() says so, and empty/zero/false otherwise.
  bool bool_value() const { return kind_ == Kind::kBool && integer_ != 0; }
  int64_t integer_value() const {
    return kind_ == Kind::kInteger ? integer_ : 0;
  }
  double double_value() const { return kind_ == Kind::kDouble ? double_ : 0; }
  absl::string_view string_value() const;
  std::span<const JsonValue> elements() const;
  // Sorted by key.
  std::span<const JsonMember> members() const;

  // The member of that key, or nullptr (also where this is no object).
  const JsonValue* Find(absl::string_view key) const;

  // Python's truth: null, false, 0, "", [] and {} are false.
  bool Truthy() const;

  // What Python's str() gives for a scalar ("True", "1", "1.0", "None"); the
  // JSON text for arrays and objects.
  std::string ToString() const;
  // Compact JSON, members in key order.
  std::string ToJson() const;

  const Fingerprint& fingerprint() const { return fingerprint_; }
  friend bool operator==(const JsonValue& a, const JsonValue& b) {
    return a.fingerprint_ == b.fingerprint_;
  }

 private:
  friend class JsonPool;

  Kind kind_ = Kind::kNull;
  uint32_t size_ = 0;  // of the string, array or object
  union {
    int64_t integer_ = 0;
    double double_;
    const char* chars_;
    const JsonValue* elements_;
    const JsonMember* members_;
  };
  Fingerprint fingerprint_;
};

struct JsonMember {
  absl::string_view key;
  JsonValue value;
};

}  // namespace doppel::manifest

#endif  // DOPPEL_SERVICE_MANIFEST_JSON_VALUE_H_
