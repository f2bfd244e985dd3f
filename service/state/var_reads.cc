#include "service/state/var_reads.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "service/state/field.h"
#include "service/state/jinja_tokens.h"
#include "service/state/source_text.h"

namespace doppel::state {

using manifest::MacroId;
using Kind = JinjaToken::Kind;

namespace {

constexpr absl::string_view kAbsent = "(absent)";

bool Is(const std::vector<JinjaToken>& tokens, size_t at, Kind kind,
        absl::string_view text) {
  return at < tokens.size() && tokens[at].kind == kind &&
         tokens[at].text == text;
}

// Where the arguments of a call of var() or var.has_var() begin, if the token
// at `at` is the name of one.
std::optional<size_t> ArgumentsOf(const std::vector<JinjaToken>& tokens,
                                  size_t at) {
  if (!Is(tokens, at, Kind::kName, "var")) return std::nullopt;
  ++at;
  if (Is(tokens, at, Kind::kOperator, ".") &&
      Is(tokens, at + 1, Kind::kName, "has_var")) {
    at += 2;
  }
  if (!Is(tokens, at, Kind::kOperator, "(")) return std::nullopt;
  return at + 1;
}

// Name -> "older -> current" of those that differ.
std::map<std::string, std::string> DifferentVars(const Vars& older,
                                                 const Vars& current) {
  auto value_in = [](const Vars& vars, const std::string& name) {
    const auto found = vars.find(name);
    return found == vars.end() ? kAbsent : absl::string_view(found->second);
  };
  std::map<std::string, std::string> different;
  for (const Vars* side : {&older, &current}) {
    for (const auto& [name, value] : *side) {
      const absl::string_view before = value_in(older, name);
      const absl::string_view after = value_in(current, name);
      if (before != after) different[name] = ChangeText(before, after);
    }
  }
  return different;
}

// What each macro of the manifest reads itself.
std::vector<std::set<std::string>> ReadByMacros(
    const manifest::Manifest& manifest) {
  std::vector<std::set<std::string>> read(manifest.macro_count());
  ReadMacroCode(
      manifest, [&](absl::string_view unique_id, absl::string_view code) {
        if (!absl::StrContains(code, "var")) return;
        const std::optional<MacroId> id = manifest.FindMacro(unique_id);
        if (id.has_value()) read[*id] = VarsRead(code);
      });
  return read;
}

std::set<std::string> ReadByNode(const manifest::Manifest& manifest,
                                 const manifest::Node& node) {
  std::set<std::string> read;
  if (!absl::StrContains(manifest.text().at(node.text), "var")) return read;
  for (const std::string& text : ReadTemplates(manifest, node)) {
    read.merge(VarsRead(text));
  }
  return read;
}

}  // namespace

std::set<std::string> VarsRead(absl::string_view template_) {
  const std::vector<JinjaToken> tokens = TokenizeJinja(template_);
  std::set<std::string> names;
  for (size_t i = 0; i < tokens.size(); ++i) {
    const std::optional<size_t> name = ArgumentsOf(tokens, i);
    if (!name.has_value() || *name >= tokens.size()) continue;
    const bool plain = tokens[*name].kind == Kind::kString &&
                       (Is(tokens, *name + 1, Kind::kOperator, ")") ||
                        Is(tokens, *name + 1, Kind::kOperator, ","));
    names.insert(plain ? tokens[*name].text : "");
  }
  return names;
}

VarChanges::VarChanges(const manifest::Manifest& current,
                       const Vars& older_vars, const Vars& current_vars)
    : current_(&current) {
  std::map<std::string, std::string> different =
      DifferentVars(older_vars, current_vars);
  if (different.empty()) return;
  different[""] = "the name is computed, it may be any that differs";
  const std::vector<std::set<std::string>> read = ReadByMacros(current);
  for (const auto& [name, detail] : different) {
    std::vector<uint8_t> marked(read.size(), 0);
    for (MacroId id = 0; id < read.size(); ++id) {
      marked[id] = read[id].contains(name);
    }
    changed_.push_back({name, detail, MacroReach(current, std::move(marked))});
  }
}

std::vector<Cause> VarChanges::Causes(const manifest::Node& node) const {
  std::vector<Cause> causes;
  if (changed_.empty()) return causes;
  const std::set<std::string> read = ReadByNode(*current_, node);
  for (const Changed& changed : changed_) {
    Cause cause;
    cause.kind = CauseKind::kVar;
    cause.subject = changed.name;
    cause.detail = changed.detail;
    if (!read.contains(changed.name)) {
      const auto ways = changed.readers.Ways(node.macros);
      if (ways.empty()) continue;
      for (MacroId id : ways.front()) {
        cause.path.emplace_back(current_->macro(id).unique_id);
      }
    }
    causes.push_back(std::move(cause));
  }
  return causes;
}

}  // namespace doppel::state
