// Grammar after torch/csrc/jit/frontend/parser.cpp, as far as serialization/python_print.cpp writes it.
#include "io/weights/torchscript/syntax.hpp"

#include <utility>

#include "base/text.hpp"
#include "io/weights/torchscript/tokens.hpp"
#include "musclemap/error.hpp"

namespace musclemap::io {
namespace {

using Token = TorchScriptToken;
using Expression = ScriptExpression;
using Statement = ScriptStatement;

// Of brackets and blocks inside each other.
constexpr int kDeepestSyntax = 64;

class Parser {
 public:
  explicit Parser(std::string_view source) : tokens_(tokenize_torchscript(source)) {}

  ScriptSource run() {
    ScriptSource source;
    while (at_ < tokens_.size()) {
      begin_line();
      if (accept("class")) {
        auto [name, parsed] = parse_class();
        if (!source.classes.emplace(name, std::move(parsed)).second) refuse("a second class " + name);
      } else {
        expect("def");
        auto [name, parsed] = parse_function(0);
        if (!source.functions.emplace(name, std::move(parsed)).second) refuse("a second function " + name);
      }
    }
    return source;
  }

 private:
  class Nested {
   public:
    explicit Nested(Parser& parser) : parser_(parser) {
      if (++parser_.depth_ > kDeepestSyntax)
        parser_.refuse("more than 64 brackets and blocks inside each other");
    }
    ~Nested() { --parser_.depth_; }
    Nested(const Nested&) = delete;
    Nested& operator=(const Nested&) = delete;

   private:
    Parser& parser_;
  };

  [[noreturn]] void refuse(const std::string& what) const {
    const std::size_t line =
        tokens_.empty() ? 1 : tokens_[at_ < tokens_.size() ? at_ : tokens_.size() - 1].line;
    throw Error(ErrorCode::unsupported, Reason::unsupported,
                "its code has " + what + " in line " + std::to_string(line) + " of a file");
  }
  [[noreturn]] void refuse_token() const {
    refuse(at_ < tokens_.size() ? "'" + base::printable(tokens_[at_].text, 40) + "'" : "no end");
  }

  // The next token of this statement, which ends with the line unless a bracket is open.
  const Token* peek() const {
    if (at_ == tokens_.size() || (brackets_ == 0 && tokens_[at_].line != line_)) return nullptr;
    return &tokens_[at_];
  }
  bool next_is(std::string_view text) const {
    const Token* token = peek();
    return token != nullptr && token->kind != Token::Kind::text && token->text == text;
  }
  const Token& take() {
    if (peek() == nullptr) refuse_token();
    line_ = tokens_[at_].line;
    return tokens_[at_++];
  }
  bool accept(std::string_view text) {
    if (!next_is(text)) return false;
    take();
    return true;
  }
  void expect(std::string_view text) {
    if (!accept(text)) refuse_token();
  }
  std::string name() {
    if (peek() == nullptr || peek()->kind != Token::Kind::name) refuse_token();
    return std::string(take().text);
  }

  void begin_line() {
    if (at_ > 0 && tokens_[at_].line == tokens_[at_ - 1].line) refuse_token();
    line_ = tokens_[at_].line;
  }
  void end_line() const {
    if (peek() != nullptr) refuse_token();
  }
  // Another statement of the block that is indented more than `column` and begins at `first`.
  bool in_block(std::size_t column, std::size_t first) const {
    if (at_ == tokens_.size() || tokens_[at_].column <= column) return false;
    if (tokens_[at_].column != tokens_[first].column) refuse("a line indented by another width");
    return true;
  }

  // Elements up to the closing bracket, which is taken; a comma may follow the last.
  template <class Element>
  void bracketed(std::string_view closing, const Element& element) {
    const Nested nested(*this);
    ++brackets_;
    while (!next_is(closing)) {
      element();
      if (!accept(",")) break;
    }
    expect(closing);
    --brackets_;
  }

  Expression primary() {
    Expression expression;
    const bool negative = accept("-");
    const Token& token = take();
    if (token.kind == Token::Kind::number) {
      expression.kind = Expression::Kind::number;
      expression.text = (negative ? "-" : "") + std::string(token.text);
      return expression;
    }
    if (negative) refuse("a '-' that no number follows");
    if (token.kind == Token::Kind::name) {
      expression.text = std::string(token.text);
    } else if (token.kind == Token::Kind::text) {
      expression.kind = Expression::Kind::text;
      expression.text = std::string(token.text.substr(1, token.text.size() - 2));
    } else if (token.text == "[") {
      expression.kind = Expression::Kind::list;
      bracketed("]", [&] { expression.parts.push_back(parse_expression()); });
    } else if (token.text == "(") {
      expression.kind = Expression::Kind::tuple;
      const std::size_t begin = at_;
      bracketed(")", [&] { expression.parts.push_back(parse_expression()); });
      const bool comma = at_ >= begin + 2 && tokens_[at_ - 2].text == ",";
      if (expression.parts.size() == 1 && !comma) return Expression(std::move(expression.parts[0]));
    } else {
      --at_;
      refuse_token();
    }
    return expression;
  }

  Expression parse_expression() {
    const Nested nested(*this);
    Expression expression = primary();
    int steps = 0;
    for (;;) {
      Expression outer;
      if (accept(".")) {
        outer.kind = Expression::Kind::attribute;
        outer.text = name();
        outer.parts.push_back(std::move(expression));
      } else if (accept("[")) {
        outer.kind = Expression::Kind::subscript;
        outer.parts.push_back(std::move(expression));
        bracketed("]", [&] { outer.parts.push_back(parse_expression()); });
      } else if (accept("(")) {
        outer.kind = Expression::Kind::call;
        outer.parts.push_back(std::move(expression));
        bracketed(")", [&] {
          const bool keyword = at_ + 1 < tokens_.size() && tokens_[at_].kind == Token::Kind::name &&
                               tokens_[at_ + 1].text == "=";
          outer.keywords.push_back(keyword ? name() : std::string());
          if (keyword) expect("=");
          outer.parts.push_back(parse_expression());
        });
      } else {
        return expression;
      }
      if (++steps > kDeepestSyntax) refuse("more than 64 steps after one value");
      expression = std::move(outer);
    }
  }

  // Several with commas between them are a tuple.
  Expression parse_expressions() {
    Expression first = parse_expression();
    if (!next_is(",")) return first;
    Expression all;
    all.kind = Expression::Kind::tuple;
    all.parts.push_back(std::move(first));
    while (accept(",")) {
      if (peek() == nullptr || next_is("=")) break;
      all.parts.push_back(parse_expression());
    }
    return all;
  }

  std::vector<std::string> names_of(const Expression& targets) const {
    std::vector<std::string> names;
    const bool several = targets.kind == Expression::Kind::tuple;
    if (several && targets.parts.size() < 2) refuse("an assignment to the one element of a list");
    for (std::size_t i = 0; i < (several ? targets.parts.size() : 1); ++i) {
      const Expression& target = several ? targets.parts[i] : targets;
      if (target.kind != Expression::Kind::name) refuse("an assignment to something other than names");
      names.push_back(target.text);
    }
    return names;
  }

  std::vector<Statement> parse_block(std::size_t column) {
    const Nested nested(*this);
    expect(":");
    end_line();
    std::vector<Statement> statements;
    const std::size_t first = at_;
    while (in_block(column, first)) {
      begin_line();
      if (accept("pass")) {
        end_line();
      } else {
        statements.push_back(parse_statement(tokens_[at_].column));
      }
    }
    if (at_ == first) refuse("an empty block");
    return statements;
  }

  Statement parse_statement(std::size_t column) {
    Statement statement;
    if (accept("return")) {
      statement.kind = Statement::Kind::result;
      statement.value = parse_expressions();
    } else if (accept("if")) {
      statement.kind = Statement::Kind::branch;
      statement.value = parse_expressions();
      statement.body = parse_block(column);
      if (at_ < tokens_.size() && tokens_[at_].column == column && tokens_[at_].text == "else") {
        begin_line();
        take();
        statement.otherwise = parse_block(column);
      }
      return statement;
    } else if (accept("for")) {
      statement.kind = Statement::Kind::loop;
      statement.targets = names_of(parse_expressions());
      expect("in");
      statement.value = parse_expressions();
      statement.body = parse_block(column);
      return statement;
    } else {
      statement.value = parse_expressions();
      const bool annotated = accept(":");
      if (annotated) parse_expressions();
      if (annotated || next_is("=")) {
        expect("=");
        statement.kind = Statement::Kind::assignment;
        statement.targets = names_of(statement.value);
        statement.value = parse_expressions();
      }
    }
    end_line();
    return statement;
  }

  std::pair<std::string, ScriptFunction> parse_function(std::size_t column) {
    ScriptFunction function;
    std::string called = name();
    expect("(");
    bracketed(")", [&] {
      ScriptFunction::Parameter parameter;
      parameter.name = name();
      if (accept(":")) parse_expression();
      if (accept("=")) parameter.otherwise.push_back(parse_expression());
      function.parameters.push_back(std::move(parameter));
    });
    if (accept("-")) {
      expect(">");
      parse_expressions();
    }
    function.body = parse_block(column);
    return {std::move(called), std::move(function)};
  }

  std::pair<std::string, ScriptClass> parse_class() {
    ScriptClass parsed;
    std::string called = name();
    expect("(");
    bracketed(")", [&] { parse_expression(); });
    expect(":");
    end_line();
    const std::size_t first = at_;
    while (in_block(0, first)) {
      begin_line();
      if (accept("def")) {
        auto [method, body] = parse_function(tokens_[first].column);
        if (!parsed.methods.emplace(method, std::move(body)).second) refuse("a second method " + method);
      } else if (accept("pass")) {
        end_line();
      } else {
        parse_attribute(parsed);
      }
    }
    return {std::move(called), std::move(parsed)};
  }

  // `weight : Tensor`, `stride : Final[int] = 2`, `__annotations__["0"] = T`
  void parse_attribute(ScriptClass& parsed) {
    const Expression target = parse_expressions();
    const bool typed = accept(":");
    if (typed) parse_expressions();
    if (accept("=")) {
      Expression value = parse_expressions();
      if (typed && target.kind == Expression::Kind::name) parsed.constants[target.text] = std::move(value);
    }
    end_line();
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  int brackets_ = 0;
  int depth_ = 0;
};

}  // namespace

ScriptSource parse_torchscript(std::string_view source) { return Parser(source).run(); }

}  // namespace musclemap::io
