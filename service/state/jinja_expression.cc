#include "service/state/jinja_expression.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"

namespace doppel::state {
namespace {

using Expression = JinjaExpression;
using Arguments = JinjaArguments;
using Kind = JinjaToken::Kind;

Expression Tree(std::string tree) { return {tree, tree, std::nullopt}; }

Expression Spelled(std::string source, std::string tree) {
  return {std::move(source), std::move(tree), std::nullopt};
}

Expression Constant(std::string text) {
  return {text, absl::StrCat("Const(value=", text, ")"), std::nullopt};
}

std::string JoinSources(const std::vector<Expression>& items,
                        absl::string_view separator) {
  return absl::StrJoin(items, separator,
                       [](std::string* out, const Expression& item) {
                         out->append(item.source);
                       });
}

std::string JoinTrees(const std::vector<Expression>& items) {
  return absl::StrCat(
      "[",
      absl::StrJoin(items, ", ",
                    [](std::string* out, const Expression& item) {
                      out->append(item.tree);
                    }),
      "]");
}

std::string SourceOf(const Arguments& arguments) {
  std::vector<std::string> parts;
  for (const Expression& item : arguments.positional) {
    parts.push_back(item.source);
  }
  for (const auto& [key, value] : arguments.keywords) {
    parts.push_back(absl::StrCat(key, "=", value.source));
  }
  if (arguments.star) {
    parts.push_back(absl::StrCat("*", arguments.star->source));
  }
  if (arguments.double_star) {
    parts.push_back(absl::StrCat("**", arguments.double_star->source));
  }
  return absl::StrJoin(parts, ", ");
}

std::string TreeOf(const Arguments& arguments) {
  std::vector<Expression> keywords;
  for (const auto& [key, value] : arguments.keywords) {
    keywords.push_back(Tree(absl::StrCat("Keyword(key=", PythonRepr(key),
                                         ", value=", value.tree, ")")));
  }
  auto optional_tree = [](const std::optional<Expression>& item) {
    return item.has_value() ? item->tree : std::string("None");
  };
  return absl::StrCat("args=", JoinTrees(arguments.positional),
                      ", kwargs=", JoinTrees(keywords),
                      ", dyn_args=", optional_tree(arguments.star),
                      ", dyn_kwargs=", optional_tree(arguments.double_star));
}

// jinja2's expression grammar by recursive descent. A syntax error sets
// failed(), after which what is returned means nothing.
class Parser {
 public:
  Parser(const std::vector<JinjaToken>& tokens, size_t at)
      : tokens_(tokens), at_(at) {}

  bool failed() const { return failed_; }

  // Behind a call's opening parenthesis, up to and with the closing one.
  Arguments CallArguments() {
    Arguments result;
    while (!failed_ && !Skip(")")) {
      Argument(result);
      if (!Is(")")) Expect(",");
    }
    return result;
  }

 private:
  static constexpr int kMaxDepth = 200;

  void Argument(Arguments& result) {
    if (Skip("**")) {
      result.double_star = Conditional();
    } else if (Skip("*")) {
      result.star = Conditional();
    } else if (Kindly(Kind::kName) && Is("=", 1)) {
      std::string key = tokens_[at_].text;
      at_ += 2;
      result.keywords.emplace_back(std::move(key), Conditional());
    } else {
      result.positional.push_back(Conditional());
    }
  }

  Expression Conditional() {
    if (++depth_ > kMaxDepth) failed_ = true;
    Expression value = Or();
    while (!failed_ && SkipName("if")) {
      const Expression test = Or();
      const std::string otherwise =
          SkipName("else") ? Conditional().tree : "None";
      value =
          Tree(absl::StrCat("CondExpr(test=", test.tree, ", expr1=", value.tree,
                            ", expr2=", otherwise, ")"));
    }
    --depth_;
    return value;
  }

  Expression Or() {
    Expression left = And();
    while (!failed_ && SkipName("or")) left = Binary("Or", " or ", left, And());
    return left;
  }

  Expression And() {
    Expression left = Not();
    while (!failed_ && SkipName("and")) {
      left = Binary("And", " and ", left, Not());
    }
    return left;
  }

  Expression Not() {
    if (failed_ || !SkipName("not")) return Comparison();
    if (++depth_ > kMaxDepth) failed_ = true;
    const Expression inner = Not();
    --depth_;
    return Spelled(absl::StrCat("not ", inner.source),
                   absl::StrCat("Not(node=", inner.tree, ")"));
  }

  // jinja2's name of the comparison that stands here, and its spelling.
  std::optional<std::pair<std::string, std::string>> SkipComparison() {
    static constexpr std::pair<absl::string_view, absl::string_view> kNames[] =
        {{"==", "eq"}, {"!=", "ne"},   {"<", "lt"},
         {">", "gt"},  {"<=", "lteq"}, {">=", "gteq"}};
    for (const auto& [spelling, name] : kNames) {
      if (Skip(spelling)) {
        return std::pair(std::string(name), std::string(spelling));
      }
    }
    if (SkipName("in")) return std::pair("in", "in");
    if (IsName("not") && IsName("in", 1)) {
      at_ += 2;
      return std::pair("notin", "not in");
    }
    return std::nullopt;
  }

  Expression Comparison() {
    Expression first = Sum();
    std::string source = first.source;
    std::vector<Expression> operands;
    while (!failed_) {
      auto comparison = SkipComparison();
      if (!comparison.has_value()) break;
      const Expression operand = Sum();
      absl::StrAppend(&source, " ", comparison->second, " ", operand.source);
      operands.push_back(Tree(absl::StrCat("Operand(op='", comparison->first,
                                           "', expr=", operand.tree, ")")));
    }
    if (operands.empty()) return first;
    return Spelled(source, absl::StrCat("Compare(expr=", first.tree,
                                        ", ops=", JoinTrees(operands), ")"));
  }

  Expression Sum() {
    Expression left = Concatenation();
    while (!failed_) {
      if (Skip("+")) {
        left = Binary("Add", "", left, Concatenation());
      } else if (Skip("-")) {
        left = Binary("Sub", "", left, Concatenation());
      } else {
        break;
      }
    }
    return left;
  }

  Expression Concatenation() {
    std::vector<Expression> parts = {Product()};
    while (!failed_ && Skip("~")) parts.push_back(Product());
    if (parts.size() == 1) return parts[0];
    return Spelled(JoinSources(parts, " ~ "),
                   absl::StrCat("Concat(nodes=", JoinTrees(parts), ")"));
  }

  Expression Product() {
    Expression left = Power();
    while (!failed_) {
      if (Skip("*")) {
        left = Binary("Mul", "", left, Power());
      } else if (Skip("/")) {
        left = Binary("Div", "", left, Power());
      } else if (Skip("//")) {
        left = Binary("FloorDiv", "", left, Power());
      } else if (Skip("%")) {
        left = Binary("Mod", "", left, Power());
      } else {
        break;
      }
    }
    return left;
  }

  Expression Power() {
    Expression left = Unary(true);
    while (!failed_ && Skip("**")) left = Binary("Pow", "", left, Unary(true));
    return left;
  }

  // With no spelling of its own, dbt falls back to the tree.
  static Expression Binary(absl::string_view node, absl::string_view spelling,
                           const Expression& left, const Expression& right) {
    std::string tree =
        absl::StrCat(node, "(left=", left.tree, ", right=", right.tree, ")");
    if (spelling.empty()) return Tree(std::move(tree));
    return Spelled(absl::StrCat(left.source, spelling, right.source), tree);
  }

  Expression Unary(bool with_filter) {
    if (++depth_ > kMaxDepth) failed_ = true;
    Expression value;
    if (failed_) {
      value = Tree("");
    } else if (Skip("-")) {
      const Expression inner = Unary(false);
      value = Spelled(absl::StrCat("-", inner.source),
                      absl::StrCat("Neg(node=", inner.tree, ")"));
    } else if (Skip("+")) {
      value = Tree(absl::StrCat("Pos(node=", Unary(false).tree, ")"));
    } else {
      value = Primary();
    }
    --depth_;
    value = Postfix(std::move(value));
    return with_filter ? Filters(std::move(value)) : value;
  }

  Expression Primary() {
    if (Kindly(Kind::kName)) return Name(tokens_[at_++].text);
    if (Kindly(Kind::kNumber)) return Constant(tokens_[at_++].text);
    if (Kindly(Kind::kString)) {
      std::string text;
      while (Kindly(Kind::kString)) text += tokens_[at_++].text;
      Expression value = Constant(PythonRepr(text));
      value.plain = std::move(text);
      return value;
    }
    if (Skip("(")) return Parenthesized();
    if (Skip("[")) {
      const std::vector<Expression> items = Items("]");
      return Spelled(absl::StrCat("[", JoinSources(items, ", "), "]"),
                     absl::StrCat("List(items=", JoinTrees(items), ")"));
    }
    if (Skip("{")) return Dictionary();
    failed_ = true;
    return Tree("");
  }

  static Expression Name(const std::string& name) {
    if (name == "true" || name == "True") return Constant("True");
    if (name == "false" || name == "False") return Constant("False");
    if (name == "none" || name == "None") return Constant("None");
    return Spelled(
        name, absl::StrCat("Name(name=", PythonRepr(name), ", ctx='load')"));
  }

  // Expressions with commas between and perhaps one behind, and the closing.
  std::vector<Expression> Items(absl::string_view closing,
                                bool* has_comma = nullptr) {
    std::vector<Expression> items;
    while (!failed_ && !Skip(closing)) {
      items.push_back(Conditional());
      if (Is(closing)) continue;
      Expect(",");
      if (has_comma != nullptr) *has_comma = true;
    }
    return items;
  }

  Expression Parenthesized() {
    bool has_comma = false;
    std::vector<Expression> items = Items(")", &has_comma);
    if (items.size() == 1 && !has_comma) return items[0];
    const std::string tree =
        absl::StrCat("Tuple(items=", JoinTrees(items), ", ctx='load')");
    if (items.size() == 1) {
      return Spelled(absl::StrCat("(", items[0].source, ",)"), tree);
    }
    return Spelled(absl::StrCat("(", JoinSources(items, ", "), ")"), tree);
  }

  Expression Dictionary() {
    std::vector<Expression> pairs;
    while (!failed_ && !Skip("}")) {
      const Expression key = Conditional();
      Expect(":");
      const Expression value = Conditional();
      pairs.push_back(Spelled(
          absl::StrCat(key.source, ": ", value.source),
          absl::StrCat("Pair(key=", key.tree, ", value=", value.tree, ")")));
      if (!Is("}")) Expect(",");
    }
    return Spelled(absl::StrCat("{", JoinSources(pairs, ", "), "}"),
                   absl::StrCat("Dict(items=", JoinTrees(pairs), ")"));
  }

  Expression Postfix(Expression value) {
    while (!failed_) {
      if (Skip(".")) {
        value = Attribute(value);
      } else if (Skip("[")) {
        value = Subscript(value);
      } else if (Skip("(")) {
        value = Call(value);
      } else {
        break;
      }
    }
    return value;
  }

  Expression Call(const Expression& function) {
    const Arguments arguments = CallArguments();
    return Spelled(absl::StrCat(function.source, "(", SourceOf(arguments), ")"),
                   absl::StrCat("Call(node=", function.tree, ", ",
                                TreeOf(arguments), ")"));
  }

  Expression Attribute(const Expression& value) {
    if (Kindly(Kind::kNumber)) {
      return Item(value, Constant(tokens_[at_++].text));
    }
    if (!Kindly(Kind::kName)) {
      failed_ = true;
      return value;
    }
    const std::string& name = tokens_[at_++].text;
    return Spelled(absl::StrCat(value.source, ".", name),
                   absl::StrCat("Getattr(node=", value.tree,
                                ", attr=", PythonRepr(name), ", ctx='load')"));
  }

  static Expression Item(const Expression& value, const Expression& index) {
    return Spelled(absl::StrCat(value.source, "[", index.source, "]"),
                   absl::StrCat("Getitem(node=", value.tree,
                                ", arg=", index.tree, ", ctx='load')"));
  }

  // One index or slice, or several as a tuple.
  Expression Subscript(const Expression& value) {
    std::vector<Expression> indexes;
    do {
      indexes.push_back(Slice());
    } while (!failed_ && Skip(","));
    Expect("]");
    if (indexes.size() == 1) return Item(value, indexes[0]);
    return Item(value,
                Spelled(absl::StrCat("(", JoinSources(indexes, ", "), ")"),
                        absl::StrCat("Tuple(items=", JoinTrees(indexes),
                                     ", ctx='load')")));
  }

  Expression Slice() {
    std::vector<std::string> parts;
    auto part = [&] {
      const bool empty = Is(":") || Is("]") || Is(",");
      return empty ? Tree("None") : Conditional();
    };
    const Expression first = part();
    if (!Is(":")) return first;
    parts.push_back(first.tree);
    while (!failed_ && parts.size() < 3 && Skip(":")) {
      parts.push_back(part().tree);
    }
    parts.resize(3, "None");
    return Tree(absl::StrCat("Slice(start=", parts[0], ", stop=", parts[1],
                             ", step=", parts[2], ")"));
  }

  Expression Filters(Expression value) {
    while (!failed_) {
      if (Skip("|")) {
        value = Filter(value);
      } else if (SkipName("is")) {
        value = Test(value);
      } else if (Skip("(")) {
        value = Call(value);
      } else {
        break;
      }
    }
    return value;
  }

  std::string DottedName() {
    std::string name;
    do {
      if (!Kindly(Kind::kName)) {
        failed_ = true;
        return name;
      }
      absl::StrAppend(&name, name.empty() ? "" : ".", tokens_[at_++].text);
    } while (Skip("."));
    return name;
  }

  Expression Filter(const Expression& value) {
    const std::string name = DottedName();
    const Arguments arguments = Skip("(") ? CallArguments() : Arguments();
    return Tree(absl::StrCat("Filter(node=", value.tree, ", name=",
                             PythonRepr(name), ", ", TreeOf(arguments), ")"));
  }

  Expression Test(const Expression& value) {
    const bool negated = SkipName("not");
    const std::string name = DottedName();
    Arguments arguments;
    if (Skip("(")) {
      arguments = CallArguments();
    } else if (StartsTestArgument()) {
      arguments.positional.push_back(Postfix(Primary()));
    }
    std::string tree =
        absl::StrCat("Test(node=", value.tree, ", name=", PythonRepr(name),
                     ", ", TreeOf(arguments), ")");
    if (!negated) return Tree(std::move(tree));
    return Spelled(absl::StrCat("not ", tree),
                   absl::StrCat("Not(node=", tree, ")"));
  }

  bool StartsTestArgument() const {
    if (Kindly(Kind::kString) || Kindly(Kind::kNumber)) return true;
    if (Kindly(Kind::kName)) {
      return !IsName("else") && !IsName("or") && !IsName("and") &&
             !IsName("is") && !IsName("if");
    }
    return Is("[") || Is("{");
  }

  bool Kindly(Kind kind) const {
    return at_ < tokens_.size() && tokens_[at_].kind == kind;
  }
  bool IsText(Kind kind, absl::string_view text, size_t ahead) const {
    return at_ + ahead < tokens_.size() && tokens_[at_ + ahead].kind == kind &&
           tokens_[at_ + ahead].text == text;
  }
  bool Is(absl::string_view text, size_t ahead = 0) const {
    return IsText(Kind::kOperator, text, ahead);
  }
  bool IsName(absl::string_view text, size_t ahead = 0) const {
    return IsText(Kind::kName, text, ahead);
  }
  bool Skip(absl::string_view text) {
    if (!Is(text)) return false;
    ++at_;
    return true;
  }
  bool SkipName(absl::string_view text) {
    if (!IsName(text)) return false;
    ++at_;
    return true;
  }
  void Expect(absl::string_view text) {
    if (!Skip(text)) failed_ = true;
  }

  const std::vector<JinjaToken>& tokens_;
  size_t at_;
  int depth_ = 0;
  bool failed_ = false;
};

}  // namespace

std::optional<JinjaArguments> ParseJinjaArguments(
    const std::vector<JinjaToken>& tokens, size_t at) {
  Parser parser(tokens, at);
  JinjaArguments arguments = parser.CallArguments();
  if (parser.failed()) return std::nullopt;
  return arguments;
}

}  // namespace doppel::state
