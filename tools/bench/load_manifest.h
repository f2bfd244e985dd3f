// A manifest from its file, for benchmarks.
#ifndef DOPPEL_TOOLS_BENCH_LOAD_MANIFEST_H_
#define DOPPEL_TOOLS_BENCH_LOAD_MANIFEST_H_

#include <memory>
#include <string>

#include "service/manifest/manifest.h"
#include "service/manifest/text.h"

namespace doppel::bench {

// The bytes of a file; none where it cannot be read.
manifest::Text ReadText(const std::string& file);

// nullptr where it is no manifest; why not, goes to standard error.
std::shared_ptr<const manifest::Manifest> LoadManifest(const std::string& file);

}  // namespace doppel::bench

#endif  // DOPPEL_TOOLS_BENCH_LOAD_MANIFEST_H_
