#include "io/weights/torchscript/syntax.hpp"

#include <string>

#include "support/catch.hpp"
#include "support/error_of.hpp"

namespace musclemap::io {
namespace {

using test::contains;
using test::error_of;

TEST_CASE("torchscript syntax: classes, functions and statements become a tree", "[io]") {
  const ScriptSource source = parse_torchscript(
      "class Net(Module):\n"
      "  __parameters__ = [\"weight\", ]\n"
      "  __annotations__[\"0\"] = __torch__.a.B\n"
      "  weight : Tensor\n"
      "  stride : Final[Tuple[int, int]] = (2, -3)\n"
      "  def forward(self: __torch__.Net,\n"
      "    x: Tensor,\n"
      "    size: Optional[List[int]]=None) -> Tensor:\n"
      "    a, b, = (self).pair(x, size=[1, 2], )\n"
      "    y: Optional[Tensor] = a\n"
      "    if torch.eq(1, 2.5e-3):\n"
      "      ops.prim.RaiseException(\"no \\\"end\\\"\")\n"
      "    else:\n"
      "      pass\n"
      "    for i in range(3):\n"
      "      y = torch.add(y, b[i])\n"
      "    return y\n"
      "def f(x: Tensor) -> Tuple[Tensor, int]:\n"
      "  return (x, 1)\n");
  const ScriptClass& net = source.classes.at("Net");
  CHECK(net.constants.at("stride").kind == ScriptExpression::Kind::tuple);
  CHECK(net.constants.at("stride").parts[1].text == "-3");
  const ScriptFunction& forward = net.methods.at("forward");
  REQUIRE(forward.parameters.size() == 3);
  CHECK(forward.parameters[2].otherwise[0].text == "None");
  REQUIRE(forward.body.size() == 5);
  CHECK(forward.body[0].targets == std::vector<std::string>{"a", "b"});
  CHECK(forward.body[0].value.keywords == std::vector<std::string>{"", "size"});
  CHECK(forward.body[1].targets == std::vector<std::string>{"y"});
  CHECK(forward.body[2].kind == ScriptStatement::Kind::branch);
  CHECK(forward.body[2].body.size() == 1);
  CHECK(forward.body[2].otherwise.empty());
  CHECK(forward.body[3].kind == ScriptStatement::Kind::loop);
  CHECK(forward.body[4].kind == ScriptStatement::Kind::result);
  CHECK(source.functions.at("f").body[0].value.parts.size() == 2);
}

std::string reading(const std::string& body) {
  return error_of([&] { parse_torchscript("def f(x: Tensor) -> Tensor:\n" + body); });
}

TEST_CASE("torchscript syntax: what the printer does not write for networks is refused with its line",
          "[io]") {
  CHECK(contains(reading("  while True:\n    pass\n"), "'True' in line 2"));
  CHECK(contains(reading("  return x + 1\n"), "'+' in line 2"));
  CHECK(contains(reading("  return {1: x}\n"), "'{' in line 2"));
  CHECK(contains(reading("  x[0] = 1\n"), "an assignment to something other than names"));
  CHECK(contains(reading("  y, = x\n"), "an assignment to the one element of a list"));
  CHECK(contains(reading("  y = x\n   z = x\n"), "a line indented by another width in line 3"));
  CHECK(contains(reading("  y = x; z = x\n"), "';' in line 2"));
  CHECK(contains(reading("  return (x\n"), "no end"));
  CHECK(contains(reading("  return x)\n"), "')'"));
  CHECK(contains(reading(""), "an empty block"));
  CHECK(contains(reading("  pass\ndef f(x: int) -> int:\n  pass\n"), "a second function f"));
  CHECK(contains(error_of([] { parse_torchscript("x = 1\n"); }), "'x' in line 1"));
  CHECK(error_of([] { parse_torchscript(""); }) == "no error");
}

TEST_CASE("torchscript syntax: a call does not reach over the end of its line", "[io]") {
  const ScriptSource source =
      parse_torchscript("def f(x: Tensor) -> Tensor:\n  y = x\n  (x).g(y, )\n  return y\n");
  CHECK(source.functions.at("f").body.size() == 3);
}

TEST_CASE("torchscript syntax: depth is bounded", "[io]") {
  const auto repeated = [](const std::string& text, int count) {
    std::string all;
    for (int i = 0; i < count; ++i) all += text;
    return all;
  };
  CHECK(contains(reading("  return " + repeated("(", 100000) + "x" + repeated(")", 100000) + "\n"), "64"));
  CHECK(contains(reading("  return x" + repeated(".y", 100000) + "\n"), "64"));
  std::string blocks;
  std::string indent = "  ";
  for (int i = 0; i < 100; ++i, indent += "  ") blocks += indent + "if x:\n";
  CHECK(contains(reading(blocks + indent + "pass\n"), "64"));
}

}  // namespace
}  // namespace musclemap::io
