// What a catalog can say of one relation beyond its place in a list: what it is
// made of, and what people hung on it.
#ifndef DOPPEL_SERVICE_BASE_RELATION_DETAILS_H_
#define DOPPEL_SERVICE_BASE_RELATION_DETAILS_H_

#include <cstdint>
#include <optional>
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
  std::string column;  // "": on the relation

  friend bool operator==(const Grant&, const Grant&) = default;
};

// An index, where it stands in the way of a rename.
struct IndexDetails {
  std::string name;
  std::string statement;  // that makes it
};

// A version of a table that keeps its earlier ones.
struct TableVersion {
  int64_t number = 0;
  std::string mark;  // what its writer called it; "" for nothing

  friend bool operator==(const TableVersion&, const TableVersion&) = default;
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
  std::vector<std::string> columns;  // none where they are not read
  std::vector<std::pair<std::string, std::string>> column_comments;
  std::string owner;  // "" where there are no owners
  std::vector<Grant> grants;
  // What else hangs on it, for people: "the trigger audit". What takes its
  // place does not get it.
  std::vector<std::string> attached;
  std::vector<IndexDetails> indexes;
  // Of a table that keeps its earlier versions: the newest ones that changed
  // its rows or its definition, the last one first. Empty for others, and where
  // it was not asked for.
  std::vector<TableVersion> versions;
  // Of such a table: how its rows are laid out, "partitioned by (`day`)"; what
  // is set of it; what `create table as select` does not take along, for
  // people.
  std::string layout;
  std::vector<std::pair<std::string, std::string>> properties;
  std::vector<std::string> not_selected;
  // Why it cannot be read as it was in the version that was asked for; "" where
  // it can.
  std::string version_lost;
};

// What is to be found out of a relation.
struct DetailsWish {
  RelationName name;
  bool definition = false;
  bool content = false;
  bool versions = false;
  // A version of which it is to be found out whether it can still be read.
  std::optional<int64_t> readable = std::nullopt;
};

}  // namespace doppel

#endif  // DOPPEL_SERVICE_BASE_RELATION_DETAILS_H_
