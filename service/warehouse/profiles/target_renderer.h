// Renders every value of one target, and notes which of them are secret.
//
// Thread contract: functions of their arguments alone.
#ifndef DOPPEL_SERVICE_WAREHOUSE_PROFILES_TARGET_RENDERER_H_
#define DOPPEL_SERVICE_WAREHOUSE_PROFILES_TARGET_RENDERER_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "service/warehouse/profiles/profiles.h"
#include "service/warehouse/profiles/template.h"
#include "service/warehouse/profiles/value.h"

namespace doppel::warehouse::profiles {

// Whether what is under such a key is secret: password, token, private_key,
// keyfile_json, client_secret, ...
bool IsSecretKey(absl::string_view key);

// Fills `target`'s values and secrets from `output`; its profile, name and
// path are set. FAILED_PRECONDITION PROFILES_INVALID, naming line and key.
absl::Status RenderTarget(const Value& output, const Variables& variables,
                          Target* target);

}  // namespace doppel::warehouse::profiles

#endif  // DOPPEL_SERVICE_WAREHOUSE_PROFILES_TARGET_RENDERER_H_
