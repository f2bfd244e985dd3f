#include "service/warehouse/adbc/driver.h"

#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "arrow-adbc/adbc.h"
#include "service/base/error.h"
#include "service/base/mutex.h"
#include "service/base/status_macros.h"

namespace doppel::warehouse::adbc {
namespace {

std::string Variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// As tools/lib.sh finds it.
std::string CacheFolder() {
  if (std::string cache = Variable("DOPPEL_CACHE"); !cache.empty()) {
    return cache;
  }
  if (const std::string cache = Variable("XDG_CACHE_HOME"); !cache.empty()) {
    return absl::StrCat(cache, "/doppel");
  }
  const std::string home = Variable("HOME");
  return home.empty() ? "" : absl::StrCat(home, "/.cache/doppel");
}

Error Missing(absl::string_view library, absl::string_view why) {
  return Error(absl::StatusCode::kFailedPrecondition,
               Reason::kWarehouseDriverMissing,
               absl::StrCat("the warehouse driver ", library, " ", why))
      .With("library", library);
}

absl::StatusOr<AdbcDriverInitFunc> OpenLibrary(const std::string& path,
                                               const DriverOptions& options) {
  // RTLD_LOCAL: two drivers may carry different copies of the same library.
  void* const library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    const char* const why = dlerror();
    return Missing(options.library,
                   absl::StrCat("cannot be loaded: ",
                                why == nullptr ? "no cause given" : why,
                                "; run tools/setup to get it anew"));
  }
  if (!options.signals_switch.empty()) {
    void* const handle = dlsym(library, options.signals_switch.c_str());
    if (handle != nullptr) reinterpret_cast<void (*)(bool)>(handle)(false);
  }
  void* const entry = dlsym(library, options.entry_point.c_str());
  if (entry == nullptr) {
    return Missing(
        options.library,
        absl::StrCat("at ", path, " has no function ", options.entry_point,
                     "; run tools/setup to get the right one"));
  }
  return reinterpret_cast<AdbcDriverInitFunc>(entry);
}

absl::StatusOr<std::unique_ptr<const Driver>> Load(
    const std::string& path, const DriverOptions& options) {
  DOPPEL_ASSIGN_OR_RETURN(const AdbcDriverInitFunc init,
                          OpenLibrary(path, options));
  auto driver = std::make_unique<Driver>();
  driver->map_error = options.map_error;
  AdbcError error = ADBC_ERROR_INIT;
  if (init(ADBC_VERSION_1_1_0, &driver->table, &error) != ADBC_STATUS_OK) {
    const std::string why = error.message == nullptr ? "" : error.message;
    if (error.release != nullptr) error.release(&error);
    return Missing(options.library,
                   absl::StrCat("at ", path, " does not offer ADBC 1.1: ", why,
                                "; run tools/setup to get the right one"));
  }
  return driver;
}

}  // namespace

std::vector<std::string> DriverFolders(absl::string_view directory) {
  if (!directory.empty()) return {std::string(directory)};
  std::vector<std::string> folders;
  if (std::string named = Variable("DOPPEL_DRIVERS"); !named.empty()) {
    folders.push_back(std::move(named));
  }
  if (const std::string cache = CacheFolder(); !cache.empty()) {
    folders.push_back(absl::StrCat(cache, "/drivers"));
  }
  return folders;
}

absl::StatusOr<std::string> FindDriver(absl::string_view library,
                                       absl::string_view directory) {
  const std::vector<std::string> folders = DriverFolders(directory);
  for (const std::string& folder : folders) {
    std::error_code ignored;
    std::string path = absl::StrCat(folder, "/", library);
    if (std::filesystem::exists(path, ignored)) return path;
  }
  const std::string looked = folders.empty() ? "nowhere, for $HOME is not set"
                                             : absl::StrJoin(folders, " and ");
  return Missing(library,
                 absl::StrCat("was not found; doppel looked in ", looked,
                              ". Run tools/setup, or name its folder with "
                              "--driver_dir or $DOPPEL_DRIVERS"))
      .With("looked_in", looked);
}

absl::StatusOr<const Driver*> LoadDriver(const DriverOptions& options) {
  static auto* const mutex = new Mutex();
  static auto* const loaded =
      new std::map<std::string, std::unique_ptr<const Driver>>();
  DOPPEL_ASSIGN_OR_RETURN(const std::string path,
                          FindDriver(options.library, options.directory));
  MutexLock lock(*mutex);
  if (const auto found = loaded->find(path); found != loaded->end()) {
    return found->second.get();
  }
  DOPPEL_ASSIGN_OR_RETURN(std::unique_ptr<const Driver> driver,
                          Load(path, options));
  return loaded->emplace(path, std::move(driver)).first->second.get();
}

}  // namespace doppel::warehouse::adbc
