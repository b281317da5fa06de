#include "infer/native/layer_facts.hpp"

#include <algorithm>
#include <set>

namespace musclemap::infer::native {
namespace {

using net::LayerKind;

bool same_taps(const net::Layer& a, const net::Layer& b) {
  return std::equal(a.taps.begin(), a.taps.end(), b.taps.begin(), b.taps.end(),
                    [](const net::Taps& s, const net::Taps& t) {
                      return s.kernel == t.kernel && s.stride == t.stride && s.padding == t.padding;
                    });
}

// A kernel with a middle tap over every pixel.
bool keeps_place(const net::Layer& layer) {
  return std::all_of(layer.taps.begin(), layer.taps.end(), [](const net::Taps& taps) {
    return taps.stride == 1 && taps.kernel == 2 * taps.padding + 1;
  });
}

class Finder {
 public:
  explicit Finder(const net::Graph& graph) : graph_(graph), facts_(graph.layers.size()) {}

  std::vector<LayerFacts> run() {
    for (std::uint32_t i = 0; i < facts_.size(); ++i) describe(i);
    for (const net::Port& port : graph_.outputs) ++facts_[port.layer].ports;
    for (std::uint32_t i = 0; i < facts_.size(); ++i) {
      if (graph_.layers[i].kind == LayerKind::concatenation) join(i);
      if (graph_.layers[i].kind == LayerKind::sum) fold(i);
      facts_[i].normed = convolves(i) && alone(i) && is_norm(facts_[i].readers[0]);
    }
    for (std::uint32_t i = 0; i < facts_.size(); ++i) find_home(i);
    group();
    for (std::uint32_t i = 0; i < facts_.size(); ++i) {
      if (graph_.layers[i].kind == LayerKind::sum) find_added(i);
    }
    for (std::size_t i = 0; i < facts_.size(); ++i) facts_[i].scale = scale_of(graph_.layers[i]);
    find_bottom();
    return std::move(facts_);
  }

 private:
  bool convolves(std::uint32_t i) const {
    const LayerKind kind = graph_.layers[i].kind;
    return kind == LayerKind::convolution || kind == LayerKind::transposed_convolution;
  }
  bool is_norm(std::uint32_t i) const {
    const LayerKind kind = graph_.layers[i].kind;
    return kind == LayerKind::instance_norm || kind == LayerKind::batch_norm;
  }
  bool is_activation(std::uint32_t i) const {
    const LayerKind kind = graph_.layers[i].kind;
    return is_norm(i) || kind == LayerKind::leaky_relu || kind == LayerKind::prelu;
  }
  // Read once, and no output.
  bool alone(std::uint32_t i) const { return facts_[i].readers.size() == 1 && facts_[i].ports == 0; }
  int outputs_of(const net::Layer& layer) const {
    const std::size_t axis = layer.kind == LayerKind::transposed_convolution ? 1 : 0;
    return static_cast<int>(graph_.parameters[layer.parameters[0]].shape[axis]);
  }

  void describe(std::uint32_t i) {
    const net::Layer& layer = graph_.layers[i];
    LayerFacts& facts = facts_[i];
    for (const std::uint32_t input : layer.inputs) facts_[input].readers.push_back(i);
    if (layer.kind == LayerKind::input) {
      facts.channels = whole_blocks(static_cast<int>(layer.channels));
      return;
    }
    const LayerFacts& first = facts_[layer.inputs[0]];
    facts.vector = first.vector || layer.kind == LayerKind::global_mean;
    facts.channels = first.channels;
    if (convolves(i) || layer.kind == LayerKind::linear) facts.channels = whole_blocks(outputs_of(layer));
    if (layer.kind == LayerKind::sum) {
      const LayerFacts& second = facts_[layer.inputs[1]];
      facts.vector = first.vector && second.vector;
      if (first.channels != second.channels) {
        const auto filled = std::count(first.channels.begin(), first.channels.end(), -1);
        facts.channels = whole_blocks(static_cast<int>(first.channels.size()) - static_cast<int>(filled));
      }
    }
    if (layer.kind == LayerKind::concatenation) facts.channels = joined_channels(layer);
  }

  ChannelMap joined_channels(const net::Layer& layer) const {
    ChannelMap channels;
    int before = 0;
    for (const std::uint32_t input : layer.inputs) {
      int count = 0;
      for (const int channel : facts_[input].channels) {
        channels.push_back(channel < 0 ? -1 : before + channel);
        count += channel < 0 ? 0 : 1;
      }
      before += count;
    }
    return channels;
  }

  void join(std::uint32_t concatenation) {
    const std::vector<std::uint32_t>& inputs = graph_.layers[concatenation].inputs;
    for (std::size_t part = 0; part < inputs.size(); ++part) {
      LayerFacts& facts = facts_[inputs[part]];
      if (facts.joined != LayerFacts::kNone) continue;
      facts.joined = concatenation;
      facts.part = part;
    }
  }

  void fold(std::uint32_t sum) {
    const std::vector<std::uint32_t>& inputs = graph_.layers[sum].inputs;
    for (const std::size_t side : {0, 1}) {
      const std::uint32_t each = inputs[side];
      const net::Layer& layer = graph_.layers[each];
      const bool of_input = layer.kind == LayerKind::convolution && layer.inputs[0] == inputs[1 - side];
      if (!of_input || !alone(each) || !keeps_place(layer)) continue;
      facts_[sum].identity = each;
      facts_[each].identity = sum;
      return;
    }
  }

  // Of two such convolutions the first one adds the other's output.
  void find_added(std::uint32_t sum) {
    LayerFacts& facts = facts_[sum];
    if (facts.identity != LayerFacts::kNone) return;
    const std::vector<std::uint32_t>& inputs = graph_.layers[sum].inputs;
    const LayerFacts& other = facts_[inputs[1]];
    if (inputs[0] == inputs[1] || facts_[inputs[0]].channels != other.channels || facts_[inputs[0]].vector ||
        other.vector) {
      return;
    }
    const auto adds = std::find_if(inputs.begin(), inputs.end(), [&](std::uint32_t i) { return can_add(i); });
    if (adds == inputs.end()) return;
    facts.added = *adds;
    facts_[*adds].added = sum;
  }

  // 3x3 over every pixel of a plane, computed by itself and read once.
  bool can_add(std::uint32_t i) const {
    const net::Layer& layer = graph_.layers[i];
    const bool fits = layer.kind == LayerKind::convolution && layer.taps.size() == 2 && keeps_place(layer) &&
                      std::all_of(layer.taps.begin(), layer.taps.end(),
                                  [](const net::Taps& taps) { return taps.kernel == 3; });
    if (!fits || !alone(i) || graph_.layers[layer.inputs[0]].kind == LayerKind::input) return false;
    const LayerFacts& facts = facts_[i];
    if (facts.joined != LayerFacts::kNone || facts.home != LayerFacts::kNone ||
        facts.identity != LayerFacts::kNone) {
      return false;
    }
    return std::count_if(facts_.begin(), facts_.end(),
                         [&](const LayerFacts& each) { return each.group == facts.group; }) == 1;
  }

  void find_home(std::uint32_t i) {
    std::uint32_t last = i;
    while (facts_[last].joined == LayerFacts::kNone && alone(last) &&
           is_activation(facts_[last].readers[0])) {
      last = facts_[last].readers[0];
    }
    const bool written = convolves(i) && facts_[i].identity == LayerFacts::kNone;
    if (written && last != i && facts_[last].joined != LayerFacts::kNone && facts_[last].ports == 0) {
      facts_[i].home = last;
    }
  }

  void group() {
    const std::uint32_t head = head_of(graph_, facts_);
    for (std::uint32_t i = 0; i < facts_.size(); ++i) {
      LayerFacts& facts = facts_[i];
      if (graph_.layers[i].kind != LayerKind::convolution) continue;
      facts.group = i;
      if (!may_join(i, head)) continue;
      for (const std::uint32_t other : facts_[graph_.layers[i].inputs[0]].readers) {
        if (other >= i || graph_.layers[other].kind != LayerKind::convolution || !may_join(other, head))
          continue;
        if (!same_taps(graph_.layers[i], graph_.layers[other])) continue;
        facts.group = other;
        break;
      }
    }
  }

  bool may_join(std::uint32_t i, std::uint32_t head) const {
    return i != head && facts_[i].joined == LayerFacts::kNone && facts_[i].home == LayerFacts::kNone &&
           facts_[i].identity == LayerFacts::kNone;
  }

  void find_bottom() {
    const auto first = std::find_if(graph_.layers.begin(), graph_.layers.end(), [](const net::Layer& layer) {
      return layer.kind == LayerKind::concatenation;
    });
    if (first == graph_.layers.end()) return;
    std::vector<std::size_t> arms(facts_.size(), 0);  // of the concatenation that need a layer
    for (const std::uint32_t input : first->inputs) {
      std::set<std::uint32_t> seen;
      walk_up(input, &seen);
      for (const std::uint32_t layer : seen) ++arms[layer];
    }
    double coarsest = 1;
    for (const LayerFacts& facts : facts_) coarsest = std::max(coarsest, facts.scale);
    for (std::size_t i = 0; i < facts_.size(); ++i) {
      facts_[i].bottom = arms[i] > 0 && arms[i] < first->inputs.size() && facts_[i].scale == coarsest;
    }
  }

  void walk_up(std::uint32_t layer, std::set<std::uint32_t>* seen) const {
    std::vector<std::uint32_t> open = {layer};
    while (!open.empty()) {
      const std::uint32_t next = open.back();
      open.pop_back();
      if (!seen->insert(next).second) continue;
      const std::vector<std::uint32_t>& inputs = graph_.layers[next].inputs;
      open.insert(open.end(), inputs.begin(), inputs.end());
    }
  }

  double scale_of(const net::Layer& layer) const {
    double scale = layer.inputs.empty() ? 1 : facts_[layer.inputs[0]].scale;
    const bool grows = layer.kind == LayerKind::transposed_convolution || layer.kind == LayerKind::upsampling;
    for (const net::Taps& taps : layer.taps) scale *= grows ? 1.0 / taps.stride : taps.stride;
    return scale;
  }

  const net::Graph& graph_;
  std::vector<LayerFacts> facts_;
};

}  // namespace

std::vector<LayerFacts> facts_of(const net::Graph& graph) { return Finder(graph).run(); }

std::uint32_t head_of(const net::Graph& graph, const std::vector<LayerFacts>& facts) {
  if (graph.outputs.size() != 1) return LayerFacts::kNone;
  const std::uint32_t last = graph.outputs[0].layer;
  const std::uint32_t folded = facts[last].identity;
  const net::Layer& layer = graph.layers[folded != LayerFacts::kNone ? folded : last];
  const bool convolves =
      layer.kind == LayerKind::convolution || layer.kind == LayerKind::transposed_convolution;
  return convolves && facts[last].readers.empty() ? last : LayerFacts::kNone;
}

}  // namespace musclemap::infer::native
