#include "service/manifest/base_reader.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "service/manifest/json_cursor.h"
#include "service/manifest/json_scanner.h"
#include "service/manifest/node_fields.h"
#include "service/manifest/section_reader.h"

namespace doppel::manifest {
namespace {

// The first number in a text that begins with one.
absl::string_view NumberAt(absl::string_view text) {
  return text.substr(0, text.find_first_not_of("+-.0123456789Ee"));
}

// How `text` begins where it says what `known` says, but for the number that
// stands `created_at` behind the start of both (0: nowhere). None where it says
// something else.
std::optional<absl::string_view> MatchedText(absl::string_view known,
                                             size_t created_at,
                                             absl::string_view text) {
  if (created_at == 0) {
    if (!absl::StartsWith(text, known)) return std::nullopt;
    return text.substr(0, known.size());
  }
  if (!absl::StartsWith(text, known.substr(0, created_at))) return std::nullopt;
  const absl::string_view number = NumberAt(text.substr(created_at));
  const absl::string_view behind =
      known.substr(created_at + NumberAt(known.substr(created_at)).size());
  const size_t at = created_at + number.size();
  if (!IsJsonNumber(number) || !absl::StartsWith(text.substr(at), behind)) {
    return std::nullopt;
  }
  return text.substr(0, at + behind.size());
}

// Finds the members of a base by their unique ids, quickest where they are
// asked for in the order of the base's bytes.
template <typename Member>
class Members {
 public:
  explicit Members(std::span<const Member> members)
      : members_(members), order_(members.size()), place_(members.size()) {
    std::iota(order_.begin(), order_.end(), 0);
    std::sort(order_.begin(), order_.end(), [&](uint32_t a, uint32_t b) {
      return members[a].text.offset < members[b].text.offset;
    });
    for (uint32_t i = 0; i < order_.size(); ++i) place_[order_[i]] = i;
  }

  std::optional<uint32_t> Find(absl::string_view unique_id) {
    if (next_ == order_.size() ||
        members_[order_[next_]].unique_id != unique_id) {
      const auto found =
          std::lower_bound(members_.begin(), members_.end(), unique_id,
                           [](const Member& member, absl::string_view id) {
                             return member.unique_id < id;
                           });
      if (found == members_.end() || found->unique_id != unique_id) {
        return std::nullopt;
      }
      next_ = place_[found - members_.begin()];
    }
    return order_[next_++];
  }

 private:
  const std::span<const Member> members_;
  std::vector<uint32_t> order_;  // of the bytes
  std::vector<uint32_t> place_;  // in that order
  size_t next_ = 0;
};

class BaseReader {
 public:
  BaseReader(std::shared_ptr<const Manifest> base, absl::string_view text,
             const ParseOptions& options)
      : base_(*base),
        text_(text),
        scanner_(text),
        cursor_(text),
        sections_(text, options),
        nodes_(base->nodes()),
        macros_(base->macros()) {
    sections_.builder().set_base(std::move(base));
  }

  // Whether all was read, and is right.
  bool Run() {
    return TakeMembers(
               [this](absl::string_view name) { return TakeSection(name); }) &&
           scanner_.at_end() && sections_.Finish().ok();
  }

  ManifestBuilder& builder() { return sections_.builder(); }

 private:
  // Calls `take(key)` before the value of each member of an object.
  template <typename Take>
  bool TakeMembers(Take take) {
    if (!scanner_.Take('{')) return false;
    if (scanner_.Take('}')) return true;
    do {
      const std::optional<absl::string_view> key = scanner_.TakePlainString();
      if (!key.has_value() || !scanner_.Take(':') || !take(*key)) return false;
    } while (scanner_.Take(','));
    return scanner_.Take('}');
  }

  bool TakeSection(absl::string_view name) {
    const size_t begin = scanner_.offset();
    section_of_base_ = base_.section(name);
    if (!TakeSectionValue(name)) return false;
    size_t end = scanner_.offset();
    while (IsJsonSpace(text_[end - 1])) --end;
    return sections_.Add(name, {begin, static_cast<uint32_t>(end - begin)})
        .ok();
  }

  bool TakeSectionValue(absl::string_view name) {
    if (name == "macros") {
      return TakeMembers(
          [this](absl::string_view id) { return TakeMacro(id); });
    }
    if (const std::optional<Section> section = SectionFromName(name)) {
      return TakeMembers(
          [&](absl::string_view id) { return TakeNode(*section, id); });
    }
    const bool is_read =
        name == "metadata" || name == "selectors" || name == "disabled";
    const absl::string_view known = base_.text().at(section_of_base_);
    if (!is_read && !known.empty() &&
        absl::StartsWith(scanner_.rest(), known)) {
      scanner_.Advance(known.size());
      return true;
    }
    return Read(
        1, [&](JsonCursor& cursor) { return sections_.Read(name, cursor); });
  }

  bool TakeNode(Section section, absl::string_view unique_id) {
    if (!sections_.CheckRoom().ok()) return false;
    const std::optional<NodeId> id = nodes_.Find(unique_id);
    if (id.has_value()) {
      Node node = base_.node(*id);
      const Span old = node.text;
      if (TakeMatched(node)) {
        MovePlace(old, node, node.columns);
        MovePlace(old, node, node.constraints);
        sections_.builder().AddNodeOfBase(*id, node);
        return true;
      }
    }
    return Read(2, [&](JsonCursor& cursor) {
      return sections_.ReadNode(section, unique_id, cursor);
    });
  }

  bool TakeMacro(absl::string_view unique_id) {
    const std::optional<MacroId> id = macros_.Find(unique_id);
    if (id.has_value()) {
      Macro macro = base_.macro(*id);
      if (TakeMatched(macro)) {
        sections_.builder().AddMacroOfBase(*id, macro);
        return true;
      }
    }
    return Read(2, [&](JsonCursor& cursor) {
      return sections_.ReadMacro(unique_id, cursor);
    });
  }

  // Past the next value, where it says what `member` of the base says; whose
  // text is that value then.
  template <typename Member>
  bool TakeMatched(Member& member) {
    const Span within = section_of_base_;
    const Span old = member.text;
    if (old.offset < within.offset ||
        old.offset >= within.offset + within.size) {
      return false;
    }
    const std::optional<absl::string_view> matched =
        MatchedText(base_.text().at(old), member.created_at, scanner_.rest());
    if (!matched.has_value()) return false;
    member.text = {scanner_.offset(), static_cast<uint32_t>(matched->size())};
    scanner_.Advance(matched->size());
    return true;
  }

  // `place` in the base's text `old` of `node`: where it is in its new text.
  static void MovePlace(const Span& old, const Node& node, Span& place) {
    if (place.empty()) return;
    const uint64_t at = place.offset - old.offset;
    const bool is_behind = node.created_at != 0 && at > node.created_at;
    place.offset = node.text.offset + at +
                   (is_behind ? uint64_t{node.text.size} - old.size : 0);
  }

  // Reads the value that comes next, around which so many objects stand.
  template <typename Use>
  bool Read(size_t depth, Use read) {
    const char* const place = scanner_.rest().data();
    sections_.reader().set_depth(depth);
    if (cursor_.Start(place) || !read(cursor_).ok()) return false;
    const size_t size = SizeOfPassed(place, cursor_);
    scanner_.Advance(size);
    return size != 0;
  }

  const Manifest& base_;
  const absl::string_view text_;
  JsonScanner scanner_;
  JsonCursor cursor_;
  SectionReader sections_;
  Members<Node> nodes_;
  Members<Macro> macros_;
  Span section_of_base_;
};

}  // namespace

bool LooksLike(absl::string_view text, absl::string_view base) {
  // `metadata` stands before the nodes, with at most some environment
  // variables in it.
  constexpr size_t kFarthest = 65536;
  constexpr size_t kCompared = 256;
  constexpr absl::string_view kNodes = "\"nodes\"";
  const size_t in_text = text.substr(0, kFarthest).find(kNodes);
  const size_t in_base = base.substr(0, kFarthest).find(kNodes);
  constexpr size_t kNone = absl::string_view::npos;
  return in_text != kNone && in_base != kNone &&
         text.substr(in_text, kCompared) == base.substr(in_base, kCompared);
}

std::shared_ptr<const Manifest> ParseBeside(
    const std::shared_ptr<const Manifest>& base, const Text& text,
    const std::string& digest, const ParseOptions& options) {
  if (!base->is_complete()) return nullptr;
  BaseReader reader(base, text.view(), options);
  if (!reader.Run()) return nullptr;
  auto manifest = reader.builder().Build(text, digest);
  // Of entries that nothing is, a base's parents do not tell the order.
  if (!manifest.ok() || !(*manifest)->is_complete()) return nullptr;
  return *std::move(manifest);
}

}  // namespace doppel::manifest
