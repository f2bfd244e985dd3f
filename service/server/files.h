// Files that the server or the command line is given, mapped into memory.
#ifndef DOPPEL_SERVICE_SERVER_FILES_H_
#define DOPPEL_SERVICE_SERVER_FILES_H_

#include <string>

#include "absl/status/statusor.h"
#include "service/manifest/text.h"

namespace doppel::server {

// The file's bytes; of a folder, those of its manifest.json. They are read when
// they are looked at: nobody may shorten the file meanwhile.
// NOT_FOUND, naming the file and why, where it cannot be read.
absl::StatusOr<manifest::Text> MapFile(const std::string& path);

}  // namespace doppel::server

#endif  // DOPPEL_SERVICE_SERVER_FILES_H_
