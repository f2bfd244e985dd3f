// A path on this machine, as profiles.yml writes it.
//
// Thread contract: thread-safe functions.
#ifndef DOPPEL_SERVICE_WAREHOUSE_PROFILES_LOCAL_PATH_H_
#define DOPPEL_SERVICE_WAREHOUSE_PROFILES_LOCAL_PATH_H_

#include <string>

#include "absl/strings/string_view.h"

namespace doppel::warehouse::profiles {

// The absolute path; `folder` is that of relative ones, and "~/" is $HOME.
// Links are followed: one database must not be opened under two names.
std::string LocalPath(absl::string_view path, absl::string_view folder);

// "s3://bucket/x", "md:shop".
bool IsUrl(absl::string_view path);

}  // namespace doppel::warehouse::profiles

#endif  // DOPPEL_SERVICE_WAREHOUSE_PROFILES_LOCAL_PATH_H_
