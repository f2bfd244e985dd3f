// All that a Manifest says, as text, for tests that compare two of them.
#ifndef DOPPEL_SERVICE_MANIFEST_DESCRIBE_H_
#define DOPPEL_SERVICE_MANIFEST_DESCRIBE_H_

#include <string>

#include "service/manifest/manifest.h"

namespace doppel::manifest {

// Every field of every part, a node or macro a line. Equal for graphs that no
// caller can tell apart.
std::string Describe(const Manifest& manifest);

}  // namespace doppel::manifest

#endif  // DOPPEL_SERVICE_MANIFEST_DESCRIBE_H_
