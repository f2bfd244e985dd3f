#include "service/warehouse/profiles/profiles.h"

#include <algorithm>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "service/base/error.h"
#include "service/base/status_macros.h"
#include "service/warehouse/profiles/target_renderer.h"

namespace doppel::warehouse::profiles {
namespace {

constexpr absl::string_view kFile = "profiles.yml";
constexpr absl::string_view kRedacted = "*****";

std::string ConnectionName(absl::string_view profile,
                           absl::string_view target) {
  return absl::StrCat(profile, "/", target);
}

std::optional<std::string> NotEmpty(std::optional<std::string> value) {
  if (value && value->empty()) return std::nullopt;
  return value;
}

Error OfValue(Reason reason, const Target& target, absl::string_view key,
              absl::string_view what) {
  return Error(absl::StatusCode::kFailedPrecondition, reason,
               absl::StrCat(target.path, ", ", target.profile, "/", target.name,
                            ", key ", key, ": ", what))
      .With("key", key);
}

}  // namespace

std::vector<std::string> CandidatePaths(absl::string_view directory,
                                        const Variables& variables) {
  const auto in = [](absl::string_view folder) {
    return absl::StrCat(folder, "/", kFile);
  };
  if (!directory.empty()) return {in(directory)};
  if (const auto named = NotEmpty(variables("DBT_PROFILES_DIR"))) {
    return {in(*named)};
  }
  std::vector<std::string> paths = {in(".")};
  if (const auto home = NotEmpty(variables("HOME"))) {
    paths.push_back(in(absl::StrCat(*home, "/.dbt")));
  }
  return paths;
}

absl::StatusOr<Profiles> Profiles::Parse(const std::string& text,
                                         absl::string_view path) {
  DOPPEL_ASSIGN_OR_RETURN(Value root, ParseYaml(text, path));
  if (root.kind == Value::Kind::kMap) return Profiles(std::move(root), path);
  const bool is_empty = root.kind == Value::Kind::kNull;
  return Error(absl::StatusCode::kFailedPrecondition, Reason::kProfilesInvalid,
               absl::StrCat(path, is_empty ? " is empty" : " is no map",
                            "; it must name profiles, each with its outputs"))
      .With("path", path);
}

std::vector<Profiles::Listed> Profiles::List() const {
  std::vector<Listed> listed;
  for (const auto& [profile, value] : root_.members) {
    const Value* const outputs = value.Find("outputs");
    if (outputs == nullptr) continue;
    for (const auto& [target, output] : outputs->members) {
      listed.push_back({profile, target, output.Text("type")});
    }
  }
  std::sort(listed.begin(), listed.end(), [](const auto& a, const auto& b) {
    return std::tie(a.profile, a.target) < std::tie(b.profile, b.target);
  });
  return listed;
}

const Value* Profiles::OutputOf(absl::string_view profile,
                                absl::string_view target) const {
  const Value* const value = root_.Find(profile);
  const Value* const outputs =
      value == nullptr ? nullptr : value->Find("outputs");
  return outputs == nullptr ? nullptr : outputs->Find(target);
}

absl::StatusOr<std::string> Profiles::OwnTarget(
    absl::string_view profile, const Value& value,
    const Variables& variables) const {
  const Value* const target = value.Find("target");
  if (target == nullptr) return "default";
  const auto rendered = Render(target->text, variables);
  if (rendered.ok()) return rendered->text;
  return Annotate(rendered.status(),
                  absl::StrCat(path_, ", line ", target->line, ", profile \"",
                               profile, "\", key target"));
}

absl::StatusOr<std::pair<std::string, std::string>> Profiles::Resolve(
    absl::string_view name, const Variables& variables) const {
  std::string profile(name);
  std::string target;
  const Value* value = root_.Find(profile);
  if (value != nullptr) {
    DOPPEL_ASSIGN_OR_RETURN(target, OwnTarget(profile, *value, variables));
  } else if (const size_t slash = name.rfind('/'); slash != name.npos) {
    profile = std::string(name.substr(0, slash));
    target = std::string(name.substr(slash + 1));
  }
  if (OutputOf(profile, target) != nullptr) return std::pair(profile, target);
  std::vector<std::string> known;
  for (const Listed& listed : List()) {
    known.push_back(ConnectionName(listed.profile, listed.target));
  }
  return Error(
             absl::StatusCode::kNotFound, Reason::kConnectionNotFound,
             absl::StrCat("no connection \"", name, "\"; ", path_, " has ",
                          known.empty() ? "none" : absl::StrJoin(known, ", ")))
      .With("connection", name)
      .With("path", path_);
}

absl::StatusOr<Target> Profiles::Get(absl::string_view name,
                                     const Variables& variables) const {
  DOPPEL_ASSIGN_OR_RETURN(const auto found, Resolve(name, variables));
  Target target;
  std::tie(target.profile, target.name) = found;
  target.path = path_;
  const Value& output = *OutputOf(target.profile, target.name);
  DOPPEL_RETURN_IF_ERROR(RenderTarget(output, variables, &target));
  target.type = target.values.Text("type");
  if (!target.type.empty()) return target;
  return Error(absl::StatusCode::kFailedPrecondition, Reason::kProfilesInvalid,
               absl::StrCat(path_, ", line ", output.line, ": ",
                            ConnectionName(target.profile, target.name),
                            " has no type; dbt wants one, such as \"duckdb\""))
      .With("connection", ConnectionName(target.profile, target.name));
}

Error InvalidValue(const Target& target, absl::string_view key,
                   absl::string_view what) {
  return OfValue(Reason::kProfilesInvalid, target, key, what);
}

Error UnsupportedValue(const Target& target, absl::string_view key,
                       absl::string_view what) {
  return OfValue(Reason::kWarehouseUnsupported, target, key, what);
}

// In any case of its letters: a warehouse that folds names repeats a statement
// folded.
std::string Redacted(std::string message,
                     const std::vector<std::string>& secrets) {
  for (const std::string& secret : secrets) {
    if (secret.empty()) continue;
    const std::string wanted = absl::AsciiStrToLower(secret);
    size_t at = absl::AsciiStrToLower(message).find(wanted);
    while (at != std::string::npos) {
      message.replace(at, wanted.size(), kRedacted.data(), kRedacted.size());
      at = absl::AsciiStrToLower(message).find(wanted, at + kRedacted.size());
    }
  }
  return message;
}

absl::Status Redacted(const absl::Status& status,
                      const std::vector<std::string>& secrets) {
  const std::string message(status.message());
  const std::string redacted = Redacted(message, secrets);
  if (redacted == message) return status;
  return Error(status.code(), GetReason(status), redacted);
}

}  // namespace doppel::warehouse::profiles
