#include "io/weights/torchscript/network.hpp"

#include <chrono>
#include <random>
#include <string>
#include <vector>

#include "net/check_graph.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/torchscript_writer.hpp"

namespace musclemap::io {
namespace {

using net::LayerKind;
using test::contains;
using test::error_of;
using test::module_of;
using test::ScriptModule;

net::Graph follow(const ScriptModule& module) {
  const std::string bytes = test::write_torchscript(module);
  const ZipReader zip(bytes);
  return TorchScriptNetwork(zip).graph();
}

std::vector<LayerKind> kinds(const net::Graph& flow) {
  std::vector<LayerKind> kinds;
  for (const net::Layer& layer : flow.layers) kinds.push_back(layer.kind);
  return kinds;
}

std::string following(const std::vector<std::string>& body) {
  ScriptModule module = module_of(body);
  test::add_tensor(module, "w", {2, 1, 3, 3}, std::vector<float>(18, 0.5F));
  return error_of([&] { follow(module); });
}

TEST_CASE("torchscript network: layers with their settings and weights", "[io]") {
  ScriptModule module =
      module_of({"w = self.w", "c = torch.conv2d(x, w, None, [2, 1], [1, 0], [1, 1], 1)",
                 "n = torch.instance_norm(c, None, None, None, None, True, 0.1, 1e-05, True)",
                 "a = torch.leaky_relu(torch.dropout(n, 0.5, False))", "j = torch.cat([a, torch.relu(c)], 1)",
                 "s = torch.add(j, j, alpha=1)", "return s"});
  test::add_tensor(module, "w", {2, 1, 3, 3}, std::vector<float>(18, 0.5F));
  const std::string bytes = test::write_torchscript(module);
  const ZipReader zip(bytes);
  TorchScriptNetwork network(zip);
  const net::Graph& flow = network.graph();
  CHECK(kinds(flow) == std::vector<LayerKind>{LayerKind::input, LayerKind::convolution,
                                              LayerKind::instance_norm, LayerKind::leaky_relu,
                                              LayerKind::leaky_relu, LayerKind::concatenation,
                                              LayerKind::sum});
  CHECK(flow.outputs[0].layer == 6);
  CHECK(flow.layers[1].taps[0].stride == 2);
  CHECK(flow.layers[1].taps[1].stride == 1);
  CHECK(flow.layers[1].taps[0].padding == 1);
  CHECK(flow.layers[1].taps[1].padding == 0);
  CHECK(flow.layers[1].taps[1].kernel == 3);
  CHECK(flow.layers[1].parameters == std::vector<std::uint32_t>{0, net::Layer::kNone});
  CHECK(flow.layers[2].epsilon == 1e-5);
  CHECK(flow.layers[3].slope == 0.01);
  CHECK(flow.layers[4].slope == 0);
  REQUIRE(flow.parameters.size() == 1);
  CHECK(flow.parameters[0].shape == std::vector<std::int64_t>{2, 1, 3, 3});
  CHECK(network.read(0).values == std::vector<float>(18, 0.5F));
}

TEST_CASE("torchscript network: modules, functions, known branches and loops are followed", "[io]") {
  ScriptModule module =
      module_of({"_0 = __torch__.lib.act", "sub = getattr(self, \"0\")",
                 "if self.training:", "  y = torch.softmax(x, 1)", "else:", "  y = (sub).forward(x, )",
                 "for i in range(self.times):", "  y0 = i", "if torch.eq(torch.dim(y), 4):",
                 "  z = _0(y, inplace=self.training, )", "else:", "  z = y", "return z"});
  module.attributes.emplace_back("times", test::pickle_integer(3));
  module.attributes.emplace_back("0", test::pickle_object("__torch__.lib.Sub", {}));
  module.code["lib.py"] =
      "class Sub(Module):\n"
      "  dim : Final[int] = 1\n"
      "  def forward(self: __torch__.lib.Sub, x: Tensor) -> Tensor:\n"
      "    return torch.cat([x, x], self.dim)\n"
      "def act(x: Tensor, slope: float=0.25, inplace: bool=True) -> Tensor:\n"
      "  if torch.ne(torch.size(x, 1), 4):\n"
      "    torch.warn(\"odd\")\n"
      "  else:\n"
      "    pass\n"
      "  if torch.eq(torch.size(x)[2], 1):\n"
      "    ops.prim.RaiseException(\"small\", \"builtins.ValueError\")\n"
      "  else:\n"
      "    pass\n"
      "  if inplace:\n"
      "    y = torch.leaky_relu_(x, slope)\n"
      "  else:\n"
      "    y = torch.leaky_relu(x, slope)\n"
      "  return y\n";
  const net::Graph flow = follow(module);
  CHECK(kinds(flow) ==
        std::vector<LayerKind>{LayerKind::input, LayerKind::concatenation, LayerKind::leaky_relu});
  CHECK(flow.layers[2].slope == 0.25);
}

TEST_CASE("torchscript network: layers in space, where a kernel is", "[io]") {
  const auto in_space = [](const std::vector<std::string>& body) {
    ScriptModule module = module_of(body);
    test::add_tensor(module, "w", {2, 2, 1, 3, 3}, std::vector<float>(36, 0.5F));
    return module;
  };
  const net::Graph flow = follow(
      in_space({"c = torch.conv3d(x, self.w, None, [1, 2, 2], [0, 1, 1], [1, 1, 1], 1)",
                "p = torch.avg_pool3d(c, [1, 2, 2], [1, 2, 2], [0, 0, 0], False, True, None)",
                "t = torch.conv_transpose3d(p, self.w, None, [1, 2, 2], [0, 0, 0], [0, 0, 0], 1, [1, 1, 1])",
                "return torch.upsample_nearest3d(t, None, [1., 2., 2.])"}));
  CHECK(flow.axes == 3);
  CHECK(kinds(flow) == std::vector<LayerKind>{LayerKind::input, LayerKind::convolution,
                                              LayerKind::average_pool, LayerKind::transposed_convolution,
                                              LayerKind::upsampling});
  REQUIRE(flow.layers[1].taps.size() == 3);
  CHECK(flow.layers[1].taps[0].kernel == 1);
  CHECK(flow.layers[1].taps[0].stride == 1);
  CHECK(flow.layers[1].taps[2].stride == 2);
  CHECK(flow.layers[1].taps[2].padding == 1);
  CHECK(flow.layers[2].taps[2].kernel == 2);
  CHECK(flow.layers[4].taps[1].stride == 2);
  const auto refusal = [&](const std::string& line) { return error_of([&] { follow(in_space({line})); }); };
  CHECK(contains(refusal("return torch.conv3d(x, self.w, None, [1, 1])"), "not three whole numbers"));
  CHECK(
      contains(refusal("return torch.conv2d(x, self.w)"), "it calls torch.conv2d, which is no known layer"));
}

TEST_CASE("torchscript network: what is not proved is refused with the reason", "[io]") {
  CHECK(following({"return torch.relu(x)"}) == "no error");
  CHECK(contains(following({"return torch.softmax(x, 1)"}), "it calls torch.softmax"));
  CHECK(contains(following({"return torch.mul(x, 2)"}), "it calls torch.mul"));
  CHECK(contains(following({"return (x).relu()"}), "'relu' of something that is no module"));
  CHECK(contains(following({"return print(x)"}), "it calls 'print'"));
  CHECK(contains(following({"return ops.quantized.add(x, x)"}), "it calls 'ops.quantized.add'"));
  CHECK(contains(following({"return y"}), "a name 'y'"));
  CHECK(contains(following({"return 3"}), "something other than the map of a layer"));
  CHECK(contains(following({"return [x, x]"}), "something other than the map of a layer"));
  CHECK(contains(following({"return self.none"}), "has no 'none'"));
  CHECK(contains(following({"return (self).none(x, )"}), "has no 'none'"));
  CHECK(contains(following({"return __torch__.none.f(x, )"}), "no file '__torch__/none.py'"));
  CHECK(contains(following({"return torch.relu(CONSTANTS.c0)"}), "torch.jit.freeze"));
  CHECK(contains(
      following({"if torch.eq(torch.size(x, 2), 8):", "  y = torch.relu(x)", "else:", "  y = x", "return y"}),
      "branches on what only running it tells"));
  CHECK(
      contains(following({"for i in range(torch.size(x, 2)):", "  y = i", "return x"}), "it loops as often"));
  CHECK(contains(following({"torch = x", "return torch"}), "it assigns to 'torch'"));
  CHECK(contains(following({"ops.prim.RaiseException(\"no\")", "return x"}), "it ends with an error"));
}

TEST_CASE("torchscript network: settings that no described layer has are refused", "[io]") {
  const auto convolution = [](const std::string& rest) {
    return following({"return torch.conv2d(x, " + rest + ")"});
  };
  CHECK(convolution("self.w, None, [1, 1], [1, 1], [1, 1], 1") == "no error");
  CHECK(contains(convolution("self.w, None, [1, 1, 1]"), "in three dimensions"));
  CHECK(contains(convolution("self.w, None, [1, 1], \"same\""), "not two whole numbers"));
  CHECK(contains(convolution("x"), "weights that are no tensor"));
  CHECK(contains(convolution("self.w, None, [1, 1], [1, 1], [1, 1], 1, 1"), "more arguments"));
  CHECK(contains(convolution("self.w, None, strides=[1, 1]"), "more arguments"));
  CHECK(contains(following({"return torch.add(x, x, alpha=2)"}), "weights a map"));
  CHECK(contains(following({"return torch.cat([x, x], 0)"}), "does not join channels"));
  CHECK(contains(following({"return torch.dropout(x, 0.1, True)"}), "of a network in training"));
  CHECK(following({"return torch.dropout(x, 0., True)"}) == "no error");
  const std::string batch = "self.w, self.w, self.w, self.w";
  CHECK(contains(following({"return torch.batch_norm(x, " + batch + ", True, 0.1, 1e-05, True)"}),
                 "of a network in training"));
  CHECK(contains(following({"return torch.instance_norm(x, " + batch + ", False, 0.1, 1e-05, True)"}),
                 "stored statistics"));
}

TEST_CASE("torchscript network: pooling, upsampling, linear layers and means over space", "[io]") {
  ScriptModule module =
      module_of({"f = annotate(List[float], [])", "for i in range(2):", "  g = torch.append(f, 2.)",
                 "p = torch.max_pool2d(x, [2, 3], annotate(List[int], []), [1, 0], [1, 1], False)",
                 "u = torch.upsample_nearest2d(p, None, f)", "q = torch.avg_pool2d(u, [4, 4], [2, 2])",
                 "h = ops.prim.NumToTensor(torch.size(q, 2))",
                 "m = torch.flatten(torch.avg_pool2d(q, [int(h), torch.size(q)[-1]]), 1)",
                 "n = torch.div(m, torch.pow(torch.sum(torch.pow(m, 2), [1], True), 0.5))",
                 "l = torch.linear(torch.mean(q, [-2, -1]), self.l, None)",
                 "k = torch.slice(torch.slice(l), 1, 0, 9223372036854775807)",
                 "s = torch.add_(torch.sigmoid(q), torch.unsqueeze(torch.unsqueeze(k, 2), -1))",
                 "a = torch.add(s, torch.adaptive_avg_pool2d(q, [1, 1]))", "return (a, torch.add(n, m))"});
  test::add_tensor(module, "l", {3, 3}, std::vector<float>(9, 0.5F));
  const net::Graph graph = follow(module);
  CHECK(kinds(graph) == std::vector<LayerKind>{LayerKind::input, LayerKind::max_pool, LayerKind::upsampling,
                                               LayerKind::average_pool, LayerKind::global_mean,
                                               LayerKind::unit_length, LayerKind::global_mean,
                                               LayerKind::linear, LayerKind::sigmoid, LayerKind::sum,
                                               LayerKind::global_mean, LayerKind::sum, LayerKind::sum});
  CHECK(graph.layers[0].channels == 3);
  CHECK(graph.layers[1].taps[1].kernel == 3);
  CHECK(graph.layers[1].taps[1].stride == 3);
  CHECK(graph.layers[1].taps[0].padding == 1);
  CHECK(graph.layers[2].taps[0].stride == 2);
  CHECK(graph.layers[3].taps[0].stride == 2);
  REQUIRE(graph.outputs.size() == 2);
  CHECK(graph.outputs[0].name == "scores");
  CHECK(graph.outputs[0].layer == 11);
  CHECK(graph.outputs[1].layer == 12);
  CHECK(error_of([&] { net::check_graph(graph); }) == "no error");
}

TEST_CASE("torchscript network: several images are ports, and what no output needs is left out", "[io]") {
  ScriptModule module =
      module_of({"w = torch.conv2d(x, self.w, None)", "z = torch.relu(torch.cat([x, y], 1))",
                 "return torch.conv2d(z, self.w, None)"});
  std::string& code = module.code["net.py"];
  code.replace(code.find("x: Tensor"), 9, "x: Tensor, y: Tensor");
  test::add_tensor(module, "w", {2, 2, 1, 1}, std::vector<float>(4, 0.5F));
  const net::Graph graph = follow(module);
  CHECK(kinds(graph) == std::vector<LayerKind>{LayerKind::input, LayerKind::input, LayerKind::concatenation,
                                               LayerKind::leaky_relu, LayerKind::convolution});
  REQUIRE(graph.inputs.size() == 2);
  CHECK(graph.inputs[1].name == "y");
  CHECK(graph.layers[0].channels == 1);
  CHECK(graph.layers[1].channels == 1);
  REQUIRE(graph.parameters.size() == 1);
  CHECK(graph.parameters[0].name == "w");
}

TEST_CASE("torchscript network: pooling, means and vectors of other forms are refused", "[io]") {
  const auto returning = [](const std::string& text) { return following({"return " + text}); };
  CHECK(contains(returning("torch.max_pool2d(x, [2, 2], [2, 2], [0, 0], [1, 1], True)"), "rounds sizes up"));
  CHECK(contains(returning("torch.avg_pool2d(x, [2, 2], [2, 2], [0, 0], False, True, 3)"),
                 "a number of its own"));
  CHECK(contains(returning("torch.avg_pool2d(x, [torch.size(x, 3), torch.size(x, 2)])"),
                 "not two whole numbers"));
  CHECK(contains(returning("torch.adaptive_avg_pool2d(x, [2, 1])"), "is no mean over space"));
  CHECK(contains(returning("torch.mean(x, [1, 2])"), "is no mean over space"));
  CHECK(contains(returning("torch.upsample_nearest2d(x, [8, 8], None)"), "only running it tells"));
  CHECK(contains(returning("torch.upsample_nearest2d(x, None, [1.5, 2.])"), "not a whole number up to 16"));
  CHECK(contains(returning("torch.linear(x, self.w, None)"), "takes a map, not a vector"));
  CHECK(contains(returning("torch.add(x, torch.mean(x, [2, 3]))"), "several numbers of axes"));
  CHECK(contains(returning("torch.cat([x, torch.mean(x, [2, 3])], 1)"), "several numbers of axes"));
  CHECK(contains(returning("torch.slice(x, 2, 1)"), "cuts a map"));
  CHECK(contains(returning("torch.unsqueeze(torch.mean(x, [2, 3]), 0)"), "an axis before channels"));
  CHECK(contains(returning("torch.flatten(torch.mean(x, [2, 3], True), 2)"), "does not keep channels"));
  CHECK(contains(returning("torch.flatten(x, 1)"), "it calls torch.flatten"));
  CHECK(contains(returning("torch.pow(x, 2)"), "it calls torch.pow"));
  CHECK(contains(following({"m = torch.mean(x, [2, 3])", "n = torch.mean(torch.relu(x), [2, 3])",
                            "return torch.div(m, torch.sqrt(torch.sum(torch.square(n), [1], True)))"}),
                 "other than the length"));
  CHECK(contains(following({"m = torch.mean(x, [2, 3])", "return torch.sum(torch.square(m), [0], True)"}),
                 "no sum over channels"));
  CHECK(contains(following({"a = annotate(List[Tensor], [])", "b = torch.append(a, a)", "return x"}),
                 "it calls torch.append"));
}

TEST_CASE("torchscript network: a map that is overwritten may not be used elsewhere", "[io]") {
  CHECK(following({"y = torch.relu(x)", "return torch.relu_(y)"}) == "no error");
  CHECK(contains(following({"return torch.relu_(x)"}), "overwrites a map"));
  CHECK(contains(following({"y = torch.relu(x)", "z = torch.relu(y)", "a = torch.relu_(y)", "return z"}),
                 "overwrites a map"));
  CHECK(contains(following({"y = torch.relu(x)", "z = torch.relu_(y)", "return torch.add(y, z)"}),
                 "has overwritten"));
}

TEST_CASE("torchscript network: weights of other types are refused", "[io]") {
  ScriptModule module = module_of({"return torch.prelu(x, self.w)"});
  test::PthTensor half;
  half.shape = half.stride = {1};
  half.storage_elements = 1;
  half.type = "HalfStorage";
  module.storages["0"] = "ab";
  module.attributes.emplace_back("w", test::pickle_tensor(half));
  CHECK(contains(error_of([&] { follow(module); }), "type torch.HalfStorage"));
}

TEST_CASE("torchscript network: endless programs and modules inside themselves end", "[io]") {
  CHECK(contains(following({"return (self).forward(x, )"}), "400 blocks and expressions"));
  CHECK(contains(following({"for i in range(1000000000000):", "  y = i", "return x"}), "1048576 steps"));
  // Doubling lists would fill the memory if they were copied.
  std::vector<std::string> doubling = {"a0 = [x, x]"};
  for (int i = 1; i < 200; ++i) {
    doubling.push_back("a" + std::to_string(i) + " = [a" + std::to_string(i - 1) + ", a" +
                       std::to_string(i - 1) + "]");
  }
  doubling.push_back("return a199");
  CHECK(contains(following(doubling), "other than the map"));
  // The object is its own attribute: remembered before its state is set.
  const ScriptModule module = module_of({"return (self.me).forward(x, )"});
  const std::string pickle =
      std::string("\x80\x02") + "c__torch__.net\nNet\n)\x81q\x01}(" + test::pickle_text("me") + "h\x01ub.";
  const std::string bytes = test::write_torchscript(module, pickle);
  CHECK(contains(error_of([&] { TorchScriptNetwork{ZipReader(bytes)}; }), "400 blocks"));
}

TEST_CASE("torchscript network: modules that are pickled oddly are refused", "[io]") {
  const ScriptModule module = module_of({"return x"});
  const auto reading = [&](const std::string& body) {
    const std::string bytes = test::write_torchscript(module, std::string("\x80\x02") + body);
    return error_of([&] { TorchScriptNetwork{ZipReader(bytes)}; });
  };
  const std::string net = "c__torch__.net\nNet\n";
  CHECK(reading(net + ")\x81}b.") == "no error");
  CHECK(contains(reading("}."), "holds a dict, not a module"));
  CHECK(contains(reading(net + ")\x81)b."), "sets the state of an object"));
  CHECK(contains(reading(net + "K\x01\x85\x81."), "makes an object"));
  CHECK(contains(reading(net + ")R."), "in a way that is not known"));
  CHECK(contains(reading("cos\nsystem\n."), "refers to os.system, which is not part of a network"));
  CHECK(contains(reading("c__torch__.none\nNet\n)\x81."), "no file '__torch__/none.py'"));
  CHECK(contains(reading("c__torch__.net\nOther\n)\x81."), "no class '__torch__.net.Other'"));
  CHECK(contains(reading(net + ")\x81}(K\x01K\x01ub}b."), "sets the state of an object twice"));
  CHECK(contains(reading("K\x01."), "holds a int"));
}

TEST_CASE("torchscript network: cut, flipped and mutated programs never do harm", "[io]") {
  std::mt19937 random(20240611);
  ScriptModule module =
      module_of({"w = self.w", "for i in range(2):", "  y = torch.conv2d(x, w, None, [1, 1], [1, 1])",
                 "if torch.__isnot__(y, None):", "  z = torch.cat([y, y], 1)", "else:", "  z = y",
                 "p = torch.max_pool2d(z, [2, 2], [2, 2], [0, 0], [1, 1])", "m = torch.mean(p, [2, 3], True)",
                 "return (torch.add(torch.upsample_nearest2d(p, None, [2., 2.]), m), torch.flatten(m, 1))"});
  test::add_tensor(module, "w", {2, 1, 3, 3}, std::vector<float>(18, 0.5F));
  const std::string pickle = test::pickle_module(module);
  const std::string code = module.code["net.py"];
  REQUIRE(error_of([&] { follow(module); }) == "no error");
  const auto survive = [](const std::string& bytes) {
    try {
      const ZipReader zip(bytes);
      TorchScriptNetwork network(zip);
      for (std::size_t i = 0; i < network.graph().parameters.size(); ++i) network.read(i);
      net::check_graph(network.graph());
      net::layer_shapes(network.graph(), net::size_steps(network.graph()));
    } catch (const Error& error) {
      CHECK(std::string(error.what()).find('\n') == std::string::npos);
    }
  };
  const auto mutated = [&](std::string text) {
    for (auto n = 1 + random() % 3; n > 0 && !text.empty(); --n) {
      const std::size_t at = random() % text.size();
      const auto piece = random() % 4;
      if (piece == 0) text[at] = static_cast<char>(random() & 127);
      if (piece == 1) text.erase(at, 1 + random() % 9);
      if (piece == 2) text.insert(at, text.substr(random() % text.size(), random() % 20));
      if (piece == 3) text.insert(at, 1, "()[],.:=\n -\"19"[random() % 14]);
    }
    return text;
  };
  const auto began = std::chrono::steady_clock::now();
  for (std::size_t size = 0; size < pickle.size(); ++size) {
    survive(test::write_torchscript(module, pickle.substr(0, size)));
  }
  for (int round = 0; round < 10000; ++round) {
    survive(test::write_torchscript(module, mutated(pickle)));
    ScriptModule changed = module;
    changed.code["net.py"] = round % 8 == 0 ? code.substr(0, random() % code.size()) : mutated(code);
    survive(test::write_torchscript(changed));
  }
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(120));
}

}  // namespace
}  // namespace musclemap::io
