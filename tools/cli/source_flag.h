// A source of deferral as people write it.
//
// Thread contract: one thread at a time.
#ifndef DOPPEL_TOOLS_CLI_SOURCE_FLAG_H_
#define DOPPEL_TOOLS_CLI_SOURCE_FLAG_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "doppel/v1/environment.pb.h"
#include "tools/cli/session.h"

namespace doppel::cli {

// "staging", "environments/staging", a file or a manifest's name; behind a "="
// the selection of what it may serve.
absl::StatusOr<v1::DeferSource> ParseSource(absl::string_view text,
                                            Session& session);

}  // namespace doppel::cli

#endif  // DOPPEL_TOOLS_CLI_SOURCE_FLAG_H_
