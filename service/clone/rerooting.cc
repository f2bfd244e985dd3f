#include "service/clone/rerooting.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"

namespace doppel::clone {
namespace {

using dialect::Token;
using dialect::TokenKind;

class Rerooter {
 public:
  Rerooter(std::span<const Reroute> routes, const dialect::Lexis& lexis)
      : routes_(routes) {
    for (const Reroute& route : routes) {
      names_.push_back(dialect::Tokenize(route.from, lexis));
    }
    for (size_t i = 0; i < names_.size(); ++i) {
      if (!names_[i].empty()) by_first_[names_[i].front().text].push_back(i);
    }
    result_.mentions.resize(routes.size(), Mention::kNone);
  }

  Rerouted Run(const std::vector<Token>& tokens) && {
    for (size_t at = 0; at < tokens.size();) {
      const size_t route = Match(tokens, at);
      if (route == routes_.size()) {
        Keep(tokens[at]);
        ++at;
        continue;
      }
      result_.mentions[route] = Mention::kCode;
      result_.query.append(routes_[route].to);
      at += names_[route].size();
    }
    return std::move(result_);
  }

 private:
  // The longest name that begins there; the number of all for none. What
  // stands behind a dot is the rest of another name.
  size_t Match(const std::vector<Token>& tokens, size_t at) const {
    size_t best = routes_.size();
    if (at > 0 && tokens[at - 1].text == ".") return best;
    const auto candidates = by_first_.find(tokens[at].text);
    if (candidates == by_first_.end()) return best;
    for (const size_t route : candidates->second) {
      const std::vector<Token>& name = names_[route];
      if (name.size() > tokens.size() - at) continue;
      const bool is_longer =
          best == routes_.size() || name.size() > names_[best].size();
      const bool is_same =
          std::equal(name.begin(), name.end(), tokens.begin() + at,
                     [](const Token& a, const Token& b) {
                       return a.kind == b.kind && a.text == b.text;
                     });
      if (is_longer && is_same) best = route;
    }
    return best;
  }

  void Keep(const Token& token) {
    result_.query.append(token.text.data(), token.text.size());
    const Mention mention = token.kind == TokenKind::kString ? Mention::kString
                            : token.kind == TokenKind::kComment
                                ? Mention::kComment
                                : Mention::kNone;
    if (mention == Mention::kNone) return;
    for (size_t i = 0; i < routes_.size(); ++i) {
      if (result_.mentions[i] == Mention::kCode) continue;
      if (!absl::StrContains(token.text, routes_[i].from)) continue;
      // What only a string holds may become code when the query runs.
      if (result_.mentions[i] != Mention::kString) {
        result_.mentions[i] = mention;
      }
    }
  }

  const std::span<const Reroute> routes_;
  std::vector<std::vector<Token>> names_;
  absl::flat_hash_map<absl::string_view, std::vector<size_t>> by_first_;
  Rerouted result_;
};

}  // namespace

Rerouted Reroot(absl::string_view query, std::span<const Reroute> routes,
                const dialect::Lexis& lexis) {
  return Rerooter(routes, lexis).Run(dialect::Tokenize(query, lexis));
}

}  // namespace doppel::clone
