#include "io/weights/torchscript/scan.hpp"

#include <string>

#include "io/weights/torchscript/archive.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/zip_writer.hpp"

namespace musclemap::io {
namespace {

using test::contains;
using test::error_of;

TorchScriptFindings scan(const std::string& body) {
  TorchScriptScan scanner;
  scanner.add(
      "class M(Module):\n  __parameters__ = [\"w\", ]\n  w : Tensor\n  training : bool\n"
      "  def forward(self: __torch__.M,\n    x: Tensor) -> Tensor:\n    " +
      body + "\n");
  return scanner.finish();
}

std::string first_refused(const std::string& body) {
  const TorchScriptFindings findings = scan(body);
  return findings.refused.empty() ? "nothing" : findings.refused.front();
}

TEST_CASE("torchscript: operators of a network are listed and allowed", "[io]") {
  const TorchScriptFindings findings = scan(
      "w = self.w\n    _0 = torch.conv2d(x, w, None, [1, 1], [0, 0], [1, 1], 1)\n"
      "    _1 = ops.prim.NumToTensor(torch.size(_0, 0))\n    _2 = int(_1)\n"
      "    _3 = annotate(List[Optional[Tensor]], [_0])\n    _4 = getattr(self, \"0\")\n"
      "    _5 = __torch__.torch.nn.functional.leaky_relu\n    _6 = _5(_0, 0.01, False, )\n"
      "    for _7 in range(_2):\n      _8 = (_4).forward(torch.relu_(_6), )\n    return (_6, CONSTANTS.c0)");
  CHECK(findings.operators ==
        std::vector<std::string>{"aten::conv2d", "aten::relu_", "aten::size", "prim::NumToTensor"});
  CHECK(findings.refused.empty());
}

TEST_CASE("torchscript: what reaches outside is refused by name", "[io]") {
  CHECK(first_refused("torch.save(x, \"f\")") == "operator aten::save");
  CHECK(first_refused("_0 = torch.from_file(\"/etc/passwd\")") == "operator aten::from_file");
  CHECK(first_refused("_0 = ops.image.read_file(\"f\")") == "operator image::read_file");
  CHECK(first_refused("_0 = ops.aten.save(x, \"f\")") == "operator aten::save");
  CHECK(first_refused("(x).save(\"f\")") == "operator aten::save");
  CHECK(first_refused("_0 = x.save\n    _0(\"f\")") == "call of _0, which may be anything");
  CHECK(first_refused("_0 = torch.save\n    _0(x, \"f\")") == "call of _0, which may be anything");
  CHECK(contains(first_refused("_0 = torch\n    _0.add(x, x)"), "use of torch"));
  CHECK(contains(first_refused("_0 = ops.aten\n    _0.add(x, x)"), "use of ops"));
  CHECK(first_refused("_0 = getattr(x, \"save\")(\"f\")") == "call of a computed value");
  CHECK(first_refused("_0 = (f)(x)") == "call of a computed value");
  CHECK(first_refused("print(x)") == "call of print");
  CHECK(first_refused("_0 = fork(x)") == "call of fork");
  CHECK(first_refused("_0 = open(\"f\")") == "call of open");
  CHECK(first_refused("with x:\n      pass") == "statement with");
  CHECK(first_refused("_0 = __torch__.torch.classes.foo.Bar(x)") == "class of torch.classes");
  CHECK(first_refused("_0 = torch.ops.foo.bar(x)") == "operator aten::ops.foo");
  CHECK(first_refused("_0, _1 = x.save, 1\n    _2 = __torch__.f\n    _0(x)") ==
        "call of _0, which may be anything");
  CHECK(first_refused("_0 = (x).unheard_of(1)") == "operator aten::unheard_of");
}

TEST_CASE("torchscript: a name in a text or a comment is no call", "[io]") {
  CHECK(first_refused("_0 = \"torch.save(x)\" # torch.save(x)") == "nothing");
  CHECK(first_refused("_0 = \"a\\\"b torch.save(\"") == "nothing");
}

TEST_CASE("torchscript: definitions that hide an operator or run on loading are refused", "[io]") {
  for (const std::string name : {"save", "__setstate__", "__getstate__"}) {
    TorchScriptScan scanner;
    scanner.add("class M(Module):\n  def " + name + "(self: __torch__.M) -> None:\n    return None\n");
    CHECK(scanner.finish().refused == std::vector<std::string>{"definition of " + name});
  }
}

TEST_CASE("torchscript: text that no printer writes is an error", "[io]") {
  for (const std::string source : {"x = \"\"\"a\"\"\"", "x = \"open", "x = f\"a\"", "x = a \\\n b", "x = `a`",
                                   "x = \xc3\xa9", "x = 1x2"}) {
    CAPTURE(source);
    TorchScriptScan scanner;
    CHECK_THROWS_AS(scanner.add(source), Error);
  }
}

TEST_CASE("torchscript: all code of an archive is read, whatever the case of its name", "[io]") {
  const auto summary = [](const std::string& name, const std::string& source, const std::string& pickle) {
    const std::string bytes =
        test::write_zip({test::stored_item("m/data.pkl", pickle), test::stored_item("m/constants.pkl", "x"),
                         test::stored_item("m/code/a.py", ""), test::deflated_item(name, source),
                         test::stored_item("m/extra/musclemap.json", "{}")});
    const ZipReader zip(bytes);
    const bool program = is_torchscript(zip);
    CHECK(program);
    return inspect_torchscript(zip);
  };
  CHECK(summary("m/code/b.py", "torch.save(x)", "x").refused.size() == 1);
  CHECK(summary("m/CODE/b.PY", "torch.save(x)", "x").refused.size() == 1);
  CHECK(summary("m/code/b.py.debug_pkl", "torch.save(x)", "x").refused.empty());
  CHECK(summary("m/code/b.py", "", "c__torch__.torch.classes.quantized\nConv\n").refused.size() == 1);
  CHECK(summary("m/code/b.py", "", "x").description == "{}");
  CHECK(contains(error_of([&] { summary("m/code/b.py", std::string(17 << 20, ' '), "x"); }), "format/limit"));
  CHECK(contains(error_of([&] { summary("other/b.py", "", "x"); }), "lies outside"));
}

}  // namespace
}  // namespace musclemap::io
