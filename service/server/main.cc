// doppeld: flags, signals, exit code. All else is in host.h.
#include <csignal>
#include <cstdio>
#include <memory>
#include <string>

#include "absl/flags/parse.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "service/base/log.h"
#include "service/server/flags.h"
#include "service/server/host.h"
#include "service/server/signals.h"

int main(int argc, char** argv) {
  const doppel::server::StopSignals signals;  // before any thread
  doppel::server::SetUpFlags();
  absl::ParseCommandLine(argc, argv);
  const absl::StatusOr<doppel::server::HostOptions> options =
      doppel::server::OptionsFromFlags();
  if (!options.ok()) {
    std::fprintf(stderr, "doppeld: %s\n",
                 std::string(options.status().message()).c_str());
    return 2;
  }
  absl::StatusOr<std::unique_ptr<doppel::server::Host>> host =
      doppel::server::Host::Start(*options);
  if (!host.ok()) {
    doppel::LogError("cannot start",
                     {{"cause", std::string(host.status().message())}});
    return 1;
  }
  doppel::LogInfo("serving", {{"address", (*host)->address()},
                              {"store_dir", options->store_dir},
                              {"version", doppel::server::kVersion}});
  const int signal = signals.Wait();
  doppel::LogInfo("draining", {{"signal", absl::StrCat(signal)}});
  signals.ExitAtNext();
  (*host)->Drain(doppel::server::DrainDelay(), doppel::server::DrainGrace());
  doppel::LogInfo("stopped");
  return 0;
}
