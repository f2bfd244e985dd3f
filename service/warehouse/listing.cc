#include "service/warehouse/listing.h"

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "service/base/catalog.h"
#include "service/base/relation.h"

namespace doppel::warehouse {

std::string Literal(absl::string_view text) {
  return absl::StrCat("'", absl::StrReplaceAll(text, {{"'", "''"}}), "'");
}

std::vector<SchemaName> WithDatabases(std::span<const SchemaName> schemas,
                                      absl::string_view default_database) {
  std::vector<SchemaName> whole(schemas.begin(), schemas.end());
  for (SchemaName& schema : whole) {
    if (schema.database.empty())
      schema.database = std::string(default_database);
  }
  return whole;
}

void SortByName(std::vector<CatalogEntry>& entries) {
  std::sort(entries.begin(), entries.end(),
            [](const CatalogEntry& a, const CatalogEntry& b) {
              return a.name < b.name;
            });
}

}  // namespace doppel::warehouse
