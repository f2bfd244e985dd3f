// Which parts of its names a project quotes, as far as its manifest shows.
//
// dbt 1.10 and later write the project's quoting into the manifest's metadata.
// Of an older manifest it is read off the relation names that dbt rendered, as
// far as there are any (before 1.4 only compiled nodes have one); else it is
// the adapter's default.
#ifndef DOPPEL_SERVICE_DEFERRAL_PROJECT_QUOTING_H_
#define DOPPEL_SERVICE_DEFERRAL_PROJECT_QUOTING_H_

#include "service/dialect/dialect.h"
#include "service/manifest/manifest.h"

namespace doppel::deferral {

dialect::Quoting QuotingOf(const manifest::Manifest& manifest,
                           const dialect::Dialect& dialect);

}  // namespace doppel::deferral

#endif  // DOPPEL_SERVICE_DEFERRAL_PROJECT_QUOTING_H_
