#include "tools/bench/load_manifest.h"

#include <cstdio>
#include <fstream>
#include <iterator>
#include <utility>

#include "service/manifest/parse.h"

namespace doppel::bench {

manifest::Text ReadText(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  return manifest::Text::Copy(bytes);
}

std::shared_ptr<const manifest::Manifest> LoadManifest(
    const std::string& file) {
  auto parsed = manifest::ParseManifest(ReadText(file), "");
  if (parsed.ok()) return *std::move(parsed);
  std::fprintf(stderr, "%s: %s\n", file.c_str(),
               std::string(parsed.status().message()).c_str());
  return nullptr;
}

}  // namespace doppel::bench
