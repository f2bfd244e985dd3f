#include "service/clone/reach.h"

#include <cstddef>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "service/base/relation.h"
#include "service/dialect/dialect.h"

namespace doppel::clone {

std::string WhyNoName(const dialect::Dialect& dialect,
                      const RelationName& name) {
  if (name.schema.empty() || name.identifier.empty()) {
    return "it has an empty schema or identifier";
  }
  for (const std::string* part :
       {&name.database, &name.schema, &name.identifier}) {
    if (absl::StrContains(*part, '\0')) return "its name has a NUL byte";
  }
  if (!dialect.capabilities().dots_end_names) return "";
  for (const std::string* part : {&name.schema, &name.identifier}) {
    if (!absl::StrContains(*part, '.')) continue;
    return absl::StrCat("the name \"", *part, "\" has a dot, which ",
                        dialect.type(), " takes for the end of a name");
  }
  return "";
}

std::string WhyOutOfReach(const dialect::Dialect& dialect,
                          const RelationName& name,
                          const dialect::Quoting& quoting,
                          absl::string_view database) {
  // A name that the warehouse cuts off would be another relation's.
  const size_t longest = dialect.capabilities().longest_name;
  for (const std::string* part : {&name.schema, &name.identifier}) {
    if (longest == 0 || part->size() <= longest) continue;
    return absl::StrCat("the name \"", *part, "\" is longer than the ", longest,
                        " bytes that ", dialect.type(), " keeps of a name");
  }
  const bool is_elsewhere =
      dialect.capabilities().one_database && !database.empty() &&
      dialect.CatalogKey(name, quoting).database != database;
  if (!is_elsewhere) return "";
  return absl::StrCat("the connection's database is \"", database, "\", and ",
                      dialect.type(), " makes nothing in another one");
}

}  // namespace doppel::clone
