// Rules that name a target after its source.
#ifndef DOPPEL_SERVICE_CLONE_NAMING_H_
#define DOPPEL_SERVICE_CLONE_NAMING_H_

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "service/base/relation.h"

namespace re2 {
class RE2;
}

namespace doppel::clone {

// As the proto's NamingRule.
struct NamingRule {
  // RE2, matched against the whole; empty: any.
  std::string database_pattern;
  std::string schema_pattern;
  // Text with {database}, {schema} and {identifier}; empty: the source's.
  std::string database;
  std::string schema;
  std::string identifier;
};

// Rules that have been checked. Thread contract: immutable once made.
class Naming {
 public:
  // INVALID_ARGUMENT NAMING_RULE_INVALID, naming the rule and the field, for no
  // rules, a bad pattern or an unknown placeholder.
  static absl::StatusOr<Naming> Make(std::span<const NamingRule> rules);

  Naming(Naming&&) noexcept;
  Naming& operator=(Naming&&) noexcept;
  ~Naming();

  // The name by the first rule that matches; none where no rule does.
  std::optional<RelationName> NameFor(const RelationName& source) const;

 private:
  struct Compiled;

  explicit Naming(std::vector<Compiled> rules);

  std::vector<Compiled> rules_;
};

}  // namespace doppel::clone

#endif  // DOPPEL_SERVICE_CLONE_NAMING_H_
