// The floor for reading a manifest: simdjson On-Demand walks the file and reads
// the same fields as the parser does, and nothing is made of them.
#ifndef DOPPEL_TOOLS_BENCH_MANIFEST_WALK_H_
#define DOPPEL_TOOLS_BENCH_MANIFEST_WALK_H_

#include <cstddef>

#include "service/manifest/text.h"

namespace doppel::bench {

// Walks a manifest that is known to be one. Every string that the parser reads
// is unescaped by simdjson, every value in a config is read, what the parser
// passes over is skipped in simdjson's own way (without a look at its
// grammar). Returns the bytes of text that were read, 0 on an error.
size_t WalkManifest(const manifest::Text& text);

}  // namespace doppel::bench

#endif  // DOPPEL_TOOLS_BENCH_MANIFEST_WALK_H_
