#include "service/state/seed.h"

#include <string>

#include "absl/strings/str_cat.h"

namespace doppel::state {

std::optional<Warning> SeedWarning(const manifest::Node& older,
                                   const manifest::Node& current) {
  if (current.checksum_name != "path") return std::nullopt;
  const std::string found = absl::StrCat("Found a seed (", current.package_name,
                                         ".", current.name, ") >1MiB in size");
  if (older.checksum_name != "path") {
    return Warning{"SeedIncreased",
                   absl::StrCat(found,
                                ". The previous file was <=1MiB, so it "
                                "has changed")};
  }
  if (older.checksum == current.checksum) {
    return Warning{"SeedExceedsLimitSamePath",
                   absl::StrCat(found,
                                " at the same path, dbt cannot tell if "
                                "it has changed: assuming they are the "
                                "same")};
  }
  return Warning{"SeedExceedsLimitAndPathChanged",
                 absl::StrCat(found,
                              ". The previous file was in a different "
                              "location, assuming it has changed")};
}

}  // namespace doppel::state
