// What a manifest may be at most, for ParseManifest (parse.h) to read it.
#ifndef DOPPEL_SERVICE_MANIFEST_PARSE_OPTIONS_H_
#define DOPPEL_SERVICE_MANIFEST_PARSE_OPTIONS_H_

#include <cstddef>

namespace doppel::manifest {

struct ParseOptions {
  // The largest manifest that is read, in bytes. dbt's largest known ones are
  // some 200 MB. At most 4 GiB (simdjson's own limit).
  size_t max_bytes = size_t{1} << 30;
  // The most vertices, macros not counted.
  size_t max_nodes = 1'000'000;
  // The deepest nesting of objects and arrays.
  size_t max_depth = 256;
};

}  // namespace doppel::manifest

#endif  // DOPPEL_SERVICE_MANIFEST_PARSE_OPTIONS_H_
