// Architectures after segment_anything/modeling (segment-anything 1.0) and torch_em/model/unetr.py (torch-em
// 0.10), with the names of their parameters.
#include "infer/torch_sam.hpp"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <stdexcept>
#include <utility>

namespace musclemap::torch_sam {
namespace {

constexpr double kEncoderEpsilon = 1e-6;  // of its norms, and of norms over the channels of a map
constexpr double kTokenEpsilon = 1e-5;
constexpr double kMapEpsilon = 1e-5;
constexpr double kInputSize = 1024;  // pixels that points are given in
constexpr int64_t kEmbeddingSize = 64;
constexpr int64_t kTokenHeads = 8;
constexpr int64_t kQueries = 256;  // that attention sees at once: their scores stay in the cache

// A weight with its bias, of a linear layer, a convolution or a norm.
struct Affine {
  at::Tensor weight;
  at::Tensor bias;
};

class Reader {
 public:
  explicit Reader(Tensors tensors) : tensors_(std::move(tensors)) {}

  bool has(const std::string& name) const { return tensors_.count(name) > 0; }
  at::Tensor tensor(const std::string& name) const {
    const auto found = tensors_.find(name);
    if (found == tensors_.end()) throw std::runtime_error("the checkpoint has no '" + name + "'");
    return found->second;
  }
  Affine affine(const std::string& name) const { return {tensor(name + ".weight"), tensor(name + ".bias")}; }

 private:
  Tensors tensors_;
};

at::Tensor linear(const at::Tensor& x, const Affine& layer) {
  return at::linear(x, layer.weight, layer.bias);
}

at::Tensor norm(const at::Tensor& x, const Affine& layer, double epsilon) {
  return at::layer_norm(x, {layer.weight.size(0)}, layer.weight, layer.bias, epsilon);
}

// Of a map, over its channels.
at::Tensor map_norm(const at::Tensor& x, const Affine& layer) {
  return norm(x.permute({0, 2, 3, 1}), layer, kEncoderEpsilon).permute({0, 3, 1, 2});
}

// softmax(q k / root(size) + bias) v without all scores in memory at once.
at::Tensor attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                     const std::optional<at::Tensor>& bias = std::nullopt) {
  if (!q.is_cpu()) return at::scaled_dot_product_attention(q, k, v, bias);
  return std::get<0>(at::_scaled_dot_product_flash_attention_for_cpu(q, k, v, 0.0, false, bias));
}

// Pieces of work that write to places of their own, side by side where the processor computes them.
void for_each_piece(int64_t count, const at::Tensor& where, const std::function<void(int64_t)>& work) {
  const auto some = [&](int64_t begin, int64_t end) {
    const c10::InferenceMode inference;
    for (int64_t piece = begin; piece < end; ++piece) work(piece);
  };
  if (where.is_cpu()) {
    at::parallel_for(0, count, 1, some);
  } else {
    some(0, count);
  }
}

// Of distances size - 1 to 1 - size the vectors of each pair: (query, key, channel).
at::Tensor pairs_of(const at::Tensor& distances) {
  const int64_t size = (distances.size(0) + 1) / 2;
  const at::Tensor places = at::arange(size, distances.options().dtype(at::kLong));
  return distances.index({places.unsqueeze(1) - places.unsqueeze(0) + (size - 1)}).contiguous();
}

// What relative positions add to the scores of queries (.., rows, columns, channel): (.., rows, columns, key
// rows, key columns).
at::Tensor position_bias(const at::Tensor& q, const at::Tensor& rows, const at::Tensor& columns) {
  const at::Tensor of_rows = at::matmul(q, rows.transpose(1, 2));
  const at::Tensor of_columns =
      at::matmul(q.transpose(-3, -2), columns.transpose(1, 2)).transpose(-3, -2).contiguous();
  return of_rows.unsqueeze(-1) + of_columns.unsqueeze(-2);
}

// The vision transformer. Tokens are (window, rows, columns, channels).
class Encoder : public Network {
 public:
  explicit Encoder(const Reader& from)
      : patches_(from.affine("patch_embed.proj")),
        places_(from.tensor("pos_embed")),
        neck_{from.tensor("neck.0.weight"), from.tensor("neck.2.weight")},
        neck_norms_{from.affine("neck.1"), from.affine("neck.3")} {
    for (int64_t n = 0; from.has("blocks." + std::to_string(n) + ".norm1.weight"); ++n) {
      const std::string name = "blocks." + std::to_string(n) + ".";
      blocks_.push_back({from.affine(name + "norm1"), from.affine(name + "attn.qkv"),
                         from.affine(name + "attn.proj"), pairs_of(from.tensor(name + "attn.rel_pos_h")),
                         pairs_of(from.tensor(name + "attn.rel_pos_w")), from.affine(name + "norm2"),
                         from.affine(name + "mlp.lin1"), from.affine(name + "mlp.lin2")});
    }
  }

  std::vector<at::Tensor> forward(const std::vector<at::Tensor>& inputs) const override {
    const int64_t patch = patches_.weight.size(2);
    at::Tensor x = at::conv2d(inputs.at(0), patches_.weight, patches_.bias, {patch, patch});
    x = (x.permute({0, 2, 3, 1}) + places_).contiguous();
    for (const Block& block : blocks_) {
      x.add_(linear(mixed(block, x), block.projection));
      at::Tensor hidden = linear(norm(x, block.second_norm, kEncoderEpsilon), block.widen);
      x.add_(linear(at::gelu_(hidden), block.narrow));
    }
    x = at::linear(x, neck_[0].flatten(1)).permute({0, 3, 1, 2});
    x = map_norm(x, neck_norms_[0]).contiguous();
    return {map_norm(at::conv2d(x, neck_[1], {}, {1, 1}, {1, 1}), neck_norms_[1]).contiguous()};
  }

 private:
  struct Block {
    Affine first_norm;
    Affine qkv;
    Affine projection;
    at::Tensor rows;  // of pairs_of(), one side of a window long
    at::Tensor columns;
    Affine second_norm;
    Affine widen;
    Affine narrow;
  };

  static at::Tensor mixed(const Block& block, const at::Tensor& x) {
    const at::Tensor qkv = linear(norm(x, block.first_norm, kEncoderEpsilon), block.qkv);
    at::Tensor result = at::empty(x.sizes(), x.options());
    for (int64_t n = 0; n < x.size(0); ++n) {
      if (block.rows.size(0) == x.size(1)) {
        mix_all(block, qkv[n], result[n]);
      } else {
        mix_windows(block, qkv[n], result[n]);
      }
    }
    return result;
  }

  // Every token with every other one, some rows of queries at a time.
  static void mix_all(const Block& block, const at::Tensor& qkv, const at::Tensor& result) {
    const int64_t height = qkv.size(0);
    const int64_t width = qkv.size(1);
    const int64_t size = block.rows.size(2);
    const int64_t heads = result.size(2) / size;
    const at::Tensor parts = qkv.view({height * width, 3, heads, size}).permute({1, 2, 0, 3}).contiguous();
    const at::Tensor out = result.view({height, width, heads, size});
    const int64_t step = std::max<int64_t>(1, kQueries / width);
    const int64_t pieces = (height + step - 1) / step;
    for_each_piece(heads * pieces, qkv, [&](int64_t piece) {
      const int64_t head = piece / pieces;
      const int64_t row = piece % pieces * step;
      const int64_t count = std::min(step, height - row);
      const at::Tensor q = parts[0][head].narrow(0, row * width, count * width);
      const at::Tensor bias =
          position_bias(q.view({count, width, size}), block.rows.narrow(0, row, count), block.columns);
      const at::Tensor each = attention(q.unsqueeze(0).unsqueeze(0), parts[1][head].unsqueeze(0).unsqueeze(0),
                                        parts[2][head].unsqueeze(0).unsqueeze(0),
                                        bias.view({1, 1, count * width, height * width}));
      out.narrow(0, row, count).select(2, head).copy_(each.view({count, width, size}));
    });
  }

  // The tokens of each window with each other. Windows that reach over the border see tokens there that are
  // zero before they become queries, keys and values; these are the bias.
  static void mix_windows(const Block& block, const at::Tensor& qkv, const at::Tensor& result) {
    const int64_t side = block.rows.size(0);
    const int64_t size = block.rows.size(2);
    const int64_t heads = result.size(2) / size;
    const int64_t down = (qkv.size(0) + side - 1) / side;
    const int64_t across = (qkv.size(1) + side - 1) / side;
    for_each_piece(down * across, qkv, [&](int64_t piece) {
      const int64_t y = piece / across * side;
      const int64_t x = piece % across * side;
      const int64_t height = std::min(side, qkv.size(0) - y);
      const int64_t width = std::min(side, qkv.size(1) - x);
      const auto inside = [&](const at::Tensor& window) {
        return window.narrow(0, 0, height).narrow(1, 0, width);
      };
      at::Tensor window = at::empty({side, side, qkv.size(2)}, qkv.options());
      if (height < side || width < side) window.copy_(block.qkv.bias.expand_as(window));
      inside(window).copy_(qkv.narrow(0, y, height).narrow(1, x, width));
      const at::Tensor parts = window.view({side * side, 3, heads, size}).permute({1, 2, 0, 3}).contiguous();
      const at::Tensor bias =
          position_bias(parts[0].view({heads, side, side, size}), block.rows, block.columns);
      const at::Tensor each = attention(parts[0].unsqueeze(0), parts[1].unsqueeze(0), parts[2].unsqueeze(0),
                                        bias.view({1, heads, side * side, side * side}));
      const at::Tensor tokens = each[0].permute({1, 0, 2}).reshape({side, side, heads * size});
      result.narrow(0, y, height).narrow(1, x, width).copy_(inside(tokens));
    });
  }

  Affine patches_;
  at::Tensor places_;
  std::vector<Block> blocks_;
  at::Tensor neck_[2];
  Affine neck_norms_[2];
};

// Layers with ReLU between them.
struct Perceptron {
  std::vector<Affine> layers;

  Perceptron(const Reader& from, const std::string& name) {
    for (int64_t n = 0; from.has(name + "." + std::to_string(n) + ".weight"); ++n) {
      layers.push_back(from.affine(name + "." + std::to_string(n)));
    }
    if (layers.empty()) throw std::runtime_error("the checkpoint has no '" + name + ".0.weight'");
  }

  at::Tensor operator()(at::Tensor x) const {
    for (std::size_t n = 0; n < layers.size(); ++n) {
      x = linear(x, layers[n]);
      if (n + 1 < layers.size()) x = at::relu(x);
    }
    return x;
  }
};

// Attention with queries, keys and values of their own, (window, tokens, channels).
struct TokenAttention {
  Affine query;
  Affine key;
  Affine value;
  Affine out;

  TokenAttention(const Reader& from, const std::string& name)
      : query(from.affine(name + ".q_proj")),
        key(from.affine(name + ".k_proj")),
        value(from.affine(name + ".v_proj")),
        out(from.affine(name + ".out_proj")) {}

  at::Tensor operator()(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v) const {
    const at::Tensor each =
        attention(apart(linear(q, query)), apart(linear(k, key)), apart(linear(v, value)));
    return linear(each.transpose(1, 2).flatten(2), out);
  }

  static at::Tensor apart(const at::Tensor& x) {
    return x.view({x.size(0), x.size(1), kTokenHeads, x.size(2) / kTokenHeads}).transpose(1, 2);
  }
};

// Prompt encoder, two-way transformer and mask decoder for one point.
class MaskDecoder : public Network {
 public:
  explicit MaskDecoder(const Reader& from)
      : frequencies_(from.tensor("prompt_encoder.pe_layer.positional_encoding_gaussian_matrix")),
        no_point_(from.tensor("prompt_encoder.not_a_point_embed.weight")),
        points_{from.tensor("prompt_encoder.point_embeddings.0.weight"),
                from.tensor("prompt_encoder.point_embeddings.1.weight")},
        no_mask_(from.tensor("prompt_encoder.no_mask_embed.weight")),
        tokens_(at::cat(
            {from.tensor("mask_decoder.iou_token.weight"), from.tensor("mask_decoder.mask_tokens.weight")})),
        last_(from, "mask_decoder.transformer.final_attn_token_to_image"),
        last_norm_(from.affine("mask_decoder.transformer.norm_final_attn")),
        up_{from.affine("mask_decoder.output_upscaling.0"), from.affine("mask_decoder.output_upscaling.3")},
        up_norm_(from.affine("mask_decoder.output_upscaling.1")),
        quality_(from, "mask_decoder.iou_prediction_head.layers") {
    for (int64_t n = 0; from.has(layer_name(n) + "norm1.weight"); ++n)
      layers_.emplace_back(from, layer_name(n));
    for (int64_t n = 0; n < tokens_.size(0) - 1; ++n) {
      masks_.emplace_back(from, "mask_decoder.output_hypernetworks_mlps." + std::to_string(n) + ".layers");
    }
    const at::Tensor middle =
        (at::arange(kEmbeddingSize, frequencies_.options()) + 0.5) / double(kEmbeddingSize);
    const at::Tensor rows = middle.unsqueeze(1).expand({kEmbeddingSize, kEmbeddingSize});
    places_ = encoded(at::stack({rows.t(), rows}, -1)).flatten(0, 1).unsqueeze(0);
  }

  std::vector<at::Tensor> forward(const std::vector<at::Tensor>& inputs) const override {
    const at::Tensor& embedding = inputs.at(0);
    const at::Tensor tokens = at::cat({tokens_.unsqueeze(0), prompt(inputs.at(1), inputs.at(2))}, 1);
    at::Tensor keys = embedding.flatten(2).transpose(1, 2) + no_mask_;
    at::Tensor queries = tokens;
    for (std::size_t n = 0; n < layers_.size(); ++n) layers_[n].run(tokens, places_, n == 0, &queries, &keys);
    queries = norm(queries + last_(queries + tokens, keys + places_, keys), last_norm_, kTokenEpsilon);
    const int64_t side = embedding.size(2);
    at::Tensor map = keys.transpose(1, 2).reshape({1, keys.size(2), side, side});
    map = at::gelu(map_norm(at::conv_transpose2d(map, up_[0].weight, up_[0].bias, {2, 2}), up_norm_));
    map = at::gelu(at::conv_transpose2d(map, up_[1].weight, up_[1].bias, {2, 2}));
    std::vector<at::Tensor> weights;
    // The first mask is that of prompts which leave no choice.
    for (std::size_t n = 1; n < masks_.size(); ++n) {
      weights.push_back(masks_[n](queries.select(1, 1 + static_cast<int64_t>(n))));
    }
    const at::Tensor masks = at::matmul(at::stack(weights, 1), map.flatten(2));
    return {masks.view({1, masks.size(1), map.size(2), map.size(3)}),
            quality_(queries.select(1, 0)).narrow(1, 1, masks.size(1))};
  }

 private:
  struct Layer {
    TokenAttention own;
    TokenAttention to_image;
    TokenAttention from_image;
    Affine norms[4];
    Affine widen;
    Affine narrow;

    Layer(const Reader& from, const std::string& name)
        : own(from, name + "self_attn"),
          to_image(from, name + "cross_attn_token_to_image"),
          from_image(from, name + "cross_attn_image_to_token"),
          norms{from.affine(name + "norm1"), from.affine(name + "norm2"), from.affine(name + "norm3"),
                from.affine(name + "norm4")},
          widen(from.affine(name + "mlp.lin1")),
          narrow(from.affine(name + "mlp.lin2")) {}

    void run(const at::Tensor& tokens, const at::Tensor& places, bool first, at::Tensor* queries,
             at::Tensor* keys) const {
      at::Tensor& q = *queries;
      at::Tensor& k = *keys;
      q = first ? own(q, q, q) : q + own(q + tokens, q + tokens, q);
      q = norm(q, norms[0], kTokenEpsilon);
      q = norm(q + to_image(q + tokens, k + places, k), norms[1], kTokenEpsilon);
      q = norm(q + linear(at::relu(linear(q, widen)), narrow), norms[2], kTokenEpsilon);
      k = norm(k + from_image(k + places, q + tokens, q), norms[3], kTokenEpsilon);
    }
  };

  static std::string layer_name(int64_t n) {
    return "mask_decoder.transformer.layers." + std::to_string(n) + ".";
  }

  // Of places (.., x and y) between 0 and 1.
  at::Tensor encoded(const at::Tensor& places) const {
    const at::Tensor angles = at::matmul(2 * places - 1, frequencies_) * (2 * M_PI);
    return at::cat({angles.sin(), angles.cos()}, -1);
  }

  // The point, and one that stands for none.
  at::Tensor prompt(const at::Tensor& point, const at::Tensor& label) const {
    const at::Tensor place = encoded((point + 0.5) / kInputSize);
    const at::Tensor kind = at::where(label.unsqueeze(-1) > 0.5, points_[1], points_[0]);
    return at::cat({place + kind, no_point_.unsqueeze(0)}, 1);
  }

  at::Tensor frequencies_;
  at::Tensor no_point_;
  at::Tensor points_[2];  // of labels 0 and 1
  at::Tensor no_mask_;
  at::Tensor tokens_;
  at::Tensor places_;  // of the embedding's pixels, (1, pixels, channels)
  std::vector<Layer> layers_;
  TokenAttention last_;
  Affine last_norm_;
  Affine up_[2];
  Affine up_norm_;
  std::vector<Perceptron> masks_;
  Perceptron quality_;
};

// micro-sam's decoder: a U-Net whose skips are made of the embedding.
class MapDecoder : public Network {
 public:
  explicit MapDecoder(const Reader& from)
      : base_(from, "base"),
        last_up_(from, "deconv_out"),
        head_(from, "decoder_head"),
        out_(from.affine("out_conv")) {
    for (int64_t n = 1; n <= 4; ++n) skips_.emplace_back(from, "deconv" + std::to_string(n));
    for (int64_t n = 0; n < 3; ++n) {
      ups_.emplace_back(from, "decoder.samplers." + std::to_string(n));
      blocks_.emplace_back(from, "decoder.blocks." + std::to_string(n));
    }
  }

  std::vector<at::Tensor> forward(const std::vector<at::Tensor>& inputs) const override {
    std::vector<at::Tensor> skips{inputs.at(0)};
    for (const Deconvolution& each : skips_) skips.push_back(each(skips.back()));
    at::Tensor x = base_(inputs.at(0));
    for (std::size_t n = 0; n < blocks_.size(); ++n) {
      x = ups_[n](x);
      const at::Tensor& skip = skips[n + 1];
      x = blocks_[n](at::cat({x, skip.narrow(1, (skip.size(1) - x.size(1)) / 2, x.size(1))}, 1));
      skips[n + 1].reset();
    }
    x = head_(at::cat({last_up_(x), skips.back()}, 1));
    return {at::sigmoid(at::conv2d(x, out_.weight, out_.bias))};
  }

 private:
  // To twice the size: a transposed convolution, or a convolution of one tap and bilinear interpolation,
  // which in this order is the same at a quarter of the work.
  struct Upsampler {
    bool transposed;
    Affine layer;

    Upsampler(const Reader& from, const std::string& name)
        : transposed(from.has(name + ".block.weight")),
          layer(from.affine(name + (transposed ? ".block" : ".conv"))) {}

    at::Tensor operator()(const at::Tensor& x) const {
      if (transposed) return at::conv_transpose2d(x, layer.weight, layer.bias, {2, 2});
      return at::upsample_bilinear2d(at::conv2d(x, layer.weight, layer.bias), {2 * x.size(2), 2 * x.size(3)},
                                     false);
    }
  };

  // Twice: every channel normalised by itself, convolution, ReLU.
  struct Block {
    Affine first;
    Affine second;

    Block(const Reader& from, const std::string& name)
        : first(from.affine(name + ".block.1")), second(from.affine(name + ".block.4")) {}

    at::Tensor operator()(at::Tensor x) const {
      for (const Affine& layer : {first, second}) {
        x = at::instance_norm(x, {}, {}, {}, {}, true, 0.1, kMapEpsilon, false);
        x = at::conv2d(x, layer.weight, layer.bias, {1, 1}, {1, 1});
        at::relu_(x);
      }
      return x;
    }
  };

  struct Deconvolution {
    Upsampler up;
    Affine convolution;
    Affine affine;
    at::Tensor mean;
    at::Tensor variance;

    Deconvolution(const Reader& from, const std::string& name)
        : up(from, name + ".block.0"),
          convolution(from.affine(name + ".block.1.block")),
          affine(from.affine(name + ".block.2")),
          mean(from.tensor(name + ".block.2.running_mean")),
          variance(from.tensor(name + ".block.2.running_var")) {}

    at::Tensor operator()(const at::Tensor& x) const {
      at::Tensor y = at::conv2d(up(x), convolution.weight, convolution.bias, {1, 1}, {1, 1});
      y = at::batch_norm(y, affine.weight, affine.bias, mean, variance, false, 0.1, kMapEpsilon, false);
      return at::relu_(y);
    }
  };

  Block base_;
  std::vector<Deconvolution> skips_;
  std::vector<Upsampler> ups_;
  std::vector<Block> blocks_;
  Upsampler last_up_;
  Block head_;
  Affine out_;
};

}  // namespace

std::unique_ptr<Network> network_of(const std::string& name, Tensors tensors) {
  const Reader from(std::move(tensors));
  if (name == "sam_encoder") return std::make_unique<Encoder>(from);
  if (name == "sam_mask_decoder") return std::make_unique<MaskDecoder>(from);
  if (name == "microsam_decoder") return std::make_unique<MapDecoder>(from);
  throw std::runtime_error("no architecture is called '" + name + "'");
}

}  // namespace musclemap::torch_sam
