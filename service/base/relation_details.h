// What a catalog can say of one relation beyond its place in a list: what it is
// made of, and what people hung on it.
#ifndef DOPPEL_SERVICE_BASE_RELATION_DETAILS_H_
#define DOPPEL_SERVICE_BASE_RELATION_DETAILS_H_

#include <string>
#include <utility>
#include <vector>

#include "service/base/relation.h"

namespace doppel {

// Somebody's right on a relation.
struct Grant {
  std::string privilege;  // "SELECT"
  std::string grantee;    // a role; "" for everybody
  bool grantable = false;

  friend bool operator==(const Grant&, const Grant&) = default;
};

// An index, where it stands in the way of a rename.
struct IndexDetails {
  std::string name;
  std::string statement;  // that makes it
};

struct RelationDetails {
  RelationName name;  // as the catalog spells it
  RelationKind kind = RelationKind::kUnknown;
  // What follows the name in the statement that makes it: "as select 1",
  // "(id integer)". "" where it is not known or was not asked for.
  std::string definition;
  // Equal for equal rows. "" where it was not asked for, and where the version
  // of a relation tells of each change of its rows.
  std::string content;
  std::string comment;
  std::vector<std::pair<std::string, std::string>> column_comments;
  std::string owner;  // "" where there are no owners
  std::vector<Grant> grants;
  std::vector<IndexDetails> indexes;
};

// What is to be found out of a relation.
struct DetailsWish {
  RelationName name;
  bool definition = false;
  bool content = false;
};

}  // namespace doppel

#endif  // DOPPEL_SERVICE_BASE_RELATION_DETAILS_H_
