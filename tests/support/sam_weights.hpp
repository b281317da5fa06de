// Weights of small networks of the Segment Anything Model; sam_golden.py has the same for the originals.
#ifndef MUSCLEMAP_TESTS_SUPPORT_SAM_WEIGHTS_HPP_
#define MUSCLEMAP_TESTS_SUPPORT_SAM_WEIGHTS_HPP_

#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "net/tensor.hpp"
#include "support/pth_writer.hpp"

namespace musclemap::test {

inline std::int64_t product_of(const std::vector<std::int64_t>& shape, std::size_t from = 0) {
  std::int64_t product = 1;
  for (std::size_t axis = from; axis < shape.size(); ++axis) product *= shape[axis];
  return product;
}

/// Between -1 and 1.
inline std::vector<float> noise_of(const std::string& name, std::int64_t count) {
  double seed = 0;
  for (const char letter : name) seed += letter;
  std::vector<float> values;
  values.reserve(static_cast<std::size_t>(count));
  for (std::int64_t i = 1; i <= count; ++i) {
    const double place = static_cast<double>(i) * 0.6180339887498949 + seed * 0.3141592653589793;
    const double wave = std::sin(place * 12.9898) * 43758.5453;
    values.push_back(static_cast<float>(2 * (wave - std::floor(wave)) - 1));
  }
  return values;
}

inline bool ends_so(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

inline net::Tensor weight_of(const std::string& name, const std::vector<std::int64_t>& shape) {
  net::Tensor tensor{shape, noise_of(name, product_of(shape))};
  const bool small = shape.size() == 1 || name.find("rel_pos") != std::string::npos ||
                     name.find("pos_embed") != std::string::npos;
  const double scale = small ? 0.2 : 1.7 / std::sqrt(static_cast<double>(product_of(shape, 1)));
  const bool around_one = shape.size() == 1 && (ends_so(name, ".weight") || ends_so(name, "running_var"));
  for (float& value : tensor.values) {
    value = static_cast<float>(scale) * value + (around_one ? 1.0F : 0.0F);
  }
  return tensor;
}

/// Builds state dicts.
class SamWeightsWriter {
 public:
  void add(const std::string& name, const std::vector<std::int64_t>& shape) {
    weights.push_back({name, weight_of(name, shape)});
  }
  void affine(const std::string& name, const std::vector<std::int64_t>& shape, std::int64_t outputs) {
    add(name + ".weight", shape);
    add(name + ".bias", {outputs});
  }
  void linear(const std::string& name, std::int64_t outputs, std::int64_t inputs) {
    affine(name, {outputs, inputs}, outputs);
  }
  void norm(const std::string& name, std::int64_t channels) { affine(name, {channels}, channels); }

  net::StateDict weights;
};

/// Encoder of 32 channels, 2 heads, a block of windows of 14 and one of all tokens; prompts; mask decoder
/// with 64 hidden channels.
inline net::StateDict small_sam() {
  SamWeightsWriter to;
  to.affine("image_encoder.patch_embed.proj", {32, 3, 16, 16}, 32);
  to.add("image_encoder.pos_embed", {1, 64, 64, 32});
  for (int block = 0; block < 2; ++block) {
    const std::string name = "image_encoder.blocks." + std::to_string(block) + ".";
    const std::int64_t distances = block == 0 ? 27 : 127;
    to.norm(name + "norm1", 32);
    to.linear(name + "attn.qkv", 96, 32);
    to.linear(name + "attn.proj", 32, 32);
    to.add(name + "attn.rel_pos_h", {distances, 16});
    to.add(name + "attn.rel_pos_w", {distances, 16});
    to.norm(name + "norm2", 32);
    to.linear(name + "mlp.lin1", 64, 32);
    to.linear(name + "mlp.lin2", 32, 64);
  }
  to.add("image_encoder.neck.0.weight", {256, 32, 1, 1});
  to.norm("image_encoder.neck.1", 256);
  to.add("image_encoder.neck.2.weight", {256, 256, 3, 3});
  to.norm("image_encoder.neck.3", 256);
  to.add("prompt_encoder.pe_layer.positional_encoding_gaussian_matrix", {2, 128});
  for (const char* name : {"point_embeddings.0", "point_embeddings.1", "point_embeddings.2",
                           "point_embeddings.3", "not_a_point_embed", "no_mask_embed"}) {
    to.add(std::string("prompt_encoder.") + name + ".weight", {1, 256});
  }
  const std::string decoder = "mask_decoder.";
  const auto attention = [&](const std::string& name, std::int64_t inner) {
    for (const char* part : {".q_proj", ".k_proj", ".v_proj"}) to.linear(name + part, inner, 256);
    to.linear(name + ".out_proj", 256, inner);
  };
  for (int layer = 0; layer < 2; ++layer) {
    const std::string name = decoder + "transformer.layers." + std::to_string(layer) + ".";
    attention(name + "self_attn", 256);
    attention(name + "cross_attn_token_to_image", 128);
    attention(name + "cross_attn_image_to_token", 128);
    for (const char* norm : {"norm1", "norm2", "norm3", "norm4"}) to.norm(name + norm, 256);
    to.linear(name + "mlp.lin1", 64, 256);
    to.linear(name + "mlp.lin2", 256, 64);
  }
  attention(decoder + "transformer.final_attn_token_to_image", 128);
  to.norm(decoder + "transformer.norm_final_attn", 256);
  to.add(decoder + "iou_token.weight", {1, 256});
  to.add(decoder + "mask_tokens.weight", {4, 256});
  to.affine(decoder + "output_upscaling.0", {256, 64, 2, 2}, 64);
  to.norm(decoder + "output_upscaling.1", 64);
  to.affine(decoder + "output_upscaling.3", {64, 32, 2, 2}, 32);
  const auto perceptron = [&](const std::string& name, std::int64_t outputs) {
    to.linear(name + ".layers.0", 256, 256);
    to.linear(name + ".layers.1", 256, 256);
    to.linear(name + ".layers.2", outputs, 256);
  };
  for (int mask = 0; mask < 4; ++mask) {
    perceptron(decoder + "output_hypernetworks_mlps." + std::to_string(mask), 32);
  }
  perceptron(decoder + "iou_prediction_head", 4);
  return to.weights;
}

/// 4 channels at the finest level.
inline net::StateDict small_microsam_decoder(bool transposed) {
  SamWeightsWriter to;
  const auto upsampler = [&](const std::string& name, std::int64_t outputs, std::int64_t inputs) {
    if (transposed) {
      to.affine(name + ".block", {inputs, outputs, 2, 2}, outputs);
    } else {
      to.affine(name + ".conv", {outputs, inputs, 1, 1}, outputs);
    }
  };
  const auto twice = [&](const std::string& name, std::int64_t outputs, std::int64_t inputs) {
    to.affine(name + ".block.1", {outputs, inputs, 3, 3}, outputs);
    to.affine(name + ".block.4", {outputs, outputs, 3, 3}, outputs);
  };
  std::int64_t width = 256;
  for (int level = 0; level < 4; ++level) {
    const std::string name = "deconv" + std::to_string(level + 1) + ".block.";
    const std::int64_t next = 32 >> level;
    upsampler(name + "0", next, width);
    to.affine(name + "1.block", {next, next, 3, 3}, next);
    to.norm(name + "2", next);
    to.add(name + "2.running_mean", {next});
    to.add(name + "2.running_var", {next});
    width = next;
  }
  twice("base", 32, 256);
  for (int level = 0; level < 3; ++level) {
    const std::int64_t next = 16 >> level;
    upsampler("decoder.samplers." + std::to_string(level), next, 2 * next);
    twice("decoder.blocks." + std::to_string(level), next, 2 * next);
  }
  upsampler("deconv_out", 4, 4);
  twice("decoder_head", 4, 8);
  to.affine("out_conv", {3, 4, 1, 1}, 3);
  return to.weights;
}

/// As torch.save writes it: named tensors, or with `decoder` a dictionary of `model_state`, whose names begin
/// with `sam.`, and `decoder_state`.
inline std::string sam_checkpoint(const net::StateDict& model, const net::StateDict* decoder = nullptr) {
  std::map<std::string, std::string> storages;
  const auto dictionary = [&](const net::StateDict& weights, const std::string& prefix) {
    std::string out = "ccollections\nOrderedDict\n)R(";
    for (const net::NamedTensor& each : weights) {
      PthTensor tensor;
      tensor.key = std::to_string(storages.size());
      tensor.shape = each.tensor.shape;
      for (std::size_t axis = 0; axis < tensor.shape.size(); ++axis) {
        tensor.stride.push_back(product_of(tensor.shape, axis + 1));
      }
      tensor.storage_elements = static_cast<std::int64_t>(each.tensor.values.size());
      storages[tensor.key] = float_bytes(each.tensor.values);
      out += pickle_text(prefix + each.name) + pickle_tensor(tensor);
    }
    return out + "u";
  };
  if (decoder == nullptr) return write_pth("\x80\x02" + dictionary(model, "") + ".", storages);
  const std::string pickle = "\x80\x02}(" + pickle_text("model_state") + dictionary(model, "sam.") +
                             pickle_text("decoder_state") + dictionary(*decoder, "") + "u.";
  return write_pth(pickle, storages);
}

}  // namespace musclemap::test

#endif  // MUSCLEMAP_TESTS_SUPPORT_SAM_WEIGHTS_HPP_
