#include "service/warehouse/profiles/target_renderer.h"

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "service/base/error.h"
#include "service/base/status_macros.h"

namespace doppel::warehouse::profiles {
namespace {

constexpr absl::string_view kSecretWords[] = {
    "password", "passphrase",     "secret",  "token",     "private_key",
    "keyfile",  "encryption_key", "api_key", "credential"};

class TargetRenderer {
 public:
  TargetRenderer(const Variables& variables, Target* target)
      : variables_(variables), target_(*target) {}

  // `key` is the path to the value, "attach[0].path".
  absl::Status Render(const std::string& key, bool is_secret, Value* value) {
    for (auto& [name, member] : value->members) {
      const std::string path =
          key.empty() ? name : absl::StrCat(key, ".", name);
      DOPPEL_RETURN_IF_ERROR(
          Render(path, is_secret || IsSecretKey(name), &member));
    }
    for (size_t i = 0; i < value->items.size(); ++i) {
      DOPPEL_RETURN_IF_ERROR(
          Render(absl::StrCat(key, "[", i, "]"), is_secret, &value->items[i]));
    }
    if (value->kind != Value::Kind::kText) return absl::OkStatus();
    return RenderScalar(key, is_secret, value);
  }

 private:
  absl::Status RenderScalar(const std::string& key, bool is_secret,
                            Value* value) {
    auto rendered = profiles::Render(value->text, variables_);
    if (rendered.ok()) {
      value->text = std::move(rendered->text);
      is_secret |= rendered->is_secret;
    } else if (!IsPlainPassword(key, rendered.status())) {
      return Annotate(
          rendered.status(),
          absl::StrCat(target_.path, ", line ", value->line, ", profile \"",
                       target_.profile, "\", target \"", target_.name,
                       "\", key ", key));
    }
    if (is_secret && !value->text.empty()) {
      target_.secrets.push_back(value->text);
    }
    return absl::OkStatus();
  }

  // dbt takes a password as it is that only looks like Jinja; a variable that
  // is not set stays an error here, for its name is no password.
  static bool IsPlainPassword(absl::string_view key,
                              const absl::Status& status) {
    return key == "password" &&
           !absl::StrContains(status.message(), "Env var required");
  }

  const Variables& variables_;
  Target& target_;
};

}  // namespace

bool IsSecretKey(absl::string_view key) {
  const std::string lower = absl::AsciiStrToLower(key);
  if (lower == "pass") return true;
  for (const absl::string_view word : kSecretWords) {
    if (absl::StrContains(lower, word)) return true;
  }
  return false;
}

absl::Status RenderTarget(const Value& output, const Variables& variables,
                          Target* target) {
  target->values = output;
  return TargetRenderer(variables, target).Render("", false, &target->values);
}

}  // namespace doppel::warehouse::profiles
