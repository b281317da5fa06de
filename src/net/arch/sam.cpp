// Names and shapes after segment_anything/modeling (segment-anything 1.0) and torch_em/model/unetr.py
// (torch-em 0.10).
#include "net/arch/sam.hpp"

#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "musclemap/error.hpp"
#include "net/graph.hpp"

namespace musclemap::net {
namespace {

using Shape = std::vector<std::int64_t>;

constexpr std::int64_t kPatch = 16;
constexpr std::int64_t kGrid = 64;  // patches of a side
constexpr std::int64_t kEmbedding = 256;
constexpr std::int64_t kColours = 3;
constexpr std::int64_t kMasks = 4;  // one for a prompt that leaves no choice, three for others
constexpr std::int64_t kHeads = 8;
constexpr std::int64_t kMostWidth = 1 << 14;
constexpr std::int64_t kMostBlocks = 256;
constexpr std::int64_t kUps = 3;

/// Takes tensors out of a checkpoint, each with the shape that it must have.
class SamWeights {
 public:
  /// @param prefix of the names that are meant, which goes without saying
  SamWeights(StateDict* from, const std::string& prefix, const char* what) : what_(what) {
    for (NamedTensor& each : *from) {
      if (each.name.compare(0, prefix.size(), prefix) == 0) {
        tensors_.emplace(each.name.substr(prefix.size()), &each.tensor);
      }
    }
  }

  bool has(const std::string& name) const { return tensors_.count(name) > 0; }

  /// A size that is free.
  std::int64_t size(const std::string& name, std::size_t axis, std::size_t dimensions) const {
    const Shape& shape = found(name).shape;
    if (shape.size() != dimensions || shape[axis] < 1 || shape[axis] > kMostWidth) {
      refuse("'" + name + "' has shape " + shape_text(shape) + "; " + std::to_string(dimensions) +
             " axes of 1 to 16384 are allowed");
    }
    return shape[axis];
  }

  void take(const std::string& name, const Shape& shape) {
    Tensor& tensor = found(name);
    if (tensor.shape != shape) {
      refuse("'" + name + "' has shape " + shape_text(tensor.shape) + "; " + shape_text(shape) +
             " is allowed");
    }
    taken_.push_back({name, std::move(tensor)});
    tensors_.erase(name);
  }

  /// Weight and bias.
  void take_affine(const std::string& name, const Shape& weight, std::int64_t outputs) {
    take(name + ".weight", weight);
    take(name + ".bias", {outputs});
  }
  void take_linear(const std::string& name, std::int64_t outputs, std::int64_t inputs) {
    take_affine(name, {outputs, inputs}, outputs);
  }
  void take_norm(const std::string& name, std::int64_t channels) { take_affine(name, {channels}, channels); }
  void take_convolution(const std::string& name, std::int64_t outputs, std::int64_t inputs,
                        std::int64_t kernel) {
    take_affine(name, {outputs, inputs, kernel, kernel}, outputs);
  }
  /// 2 x 2 pixels of each.
  void take_transposed(const std::string& name, std::int64_t outputs, std::int64_t inputs) {
    take_affine(name, {inputs, outputs, 2, 2}, outputs);
  }

  [[noreturn]] void refuse(const std::string& message) const {
    throw Error(ErrorCode::model, Reason::model, std::string("is no ") + what_ + ": " + message);
  }

  StateDict result() { return std::move(taken_); }

 private:
  Tensor& found(const std::string& name) const {
    const auto tensor = tensors_.find(name);
    if (tensor == tensors_.end()) refuse("it has no '" + name + "'");
    return *tensor->second;
  }

  const char* what_;
  std::unordered_map<std::string, Tensor*> tensors_;
  StateDict taken_;
};

void take_block(const std::string& name, std::int64_t width, SamWeights* weights) {
  const std::string attention = name + "attn.";
  const std::int64_t head = weights->size(attention + "rel_pos_h", 1, 2);
  const std::int64_t distances = weights->size(attention + "rel_pos_h", 0, 2);
  const bool whole = distances == 2 * kGrid - 1;
  const bool windows = distances % 2 == 1 && distances < 2 * kGrid - 1;
  if ((!whole && !windows) || width % head != 0) {
    weights->refuse("'" + attention + "rel_pos_h' has shape " + shape_text({distances, head}) +
                    "; an odd number of distances up to 127 and a part of " + std::to_string(width) +
                    " channels are allowed");
  }
  const std::int64_t hidden = weights->size(name + "mlp.lin1.weight", 0, 2);
  weights->take_norm(name + "norm1", width);
  weights->take_linear(attention + "qkv", 3 * width, width);
  weights->take_linear(attention + "proj", width, width);
  weights->take(attention + "rel_pos_h", {distances, head});
  weights->take(attention + "rel_pos_w", {distances, head});
  weights->take_norm(name + "norm2", width);
  weights->take_linear(name + "mlp.lin1", hidden, width);
  weights->take_linear(name + "mlp.lin2", width, hidden);
}

void take_attention(const std::string& name, std::int64_t inner, SamWeights* weights) {
  for (const char* part : {".q_proj", ".k_proj", ".v_proj"}) {
    weights->take_linear(name + part, inner, kEmbedding);
  }
  weights->take_linear(name + ".out_proj", kEmbedding, inner);
}

void take_cross_attention(const std::string& name, SamWeights* weights) {
  const std::int64_t inner = weights->size(name + ".q_proj.weight", 0, 2);
  if (inner % kHeads != 0) {
    weights->refuse("'" + name + ".q_proj.weight' has " + std::to_string(inner) +
                    " outputs; a multiple of 8 is allowed");
  }
  take_attention(name, inner, weights);
}

void take_two_way_layer(const std::string& name, SamWeights* weights) {
  take_attention(name + "self_attn", kEmbedding, weights);
  take_cross_attention(name + "cross_attn_token_to_image", weights);
  take_cross_attention(name + "cross_attn_image_to_token", weights);
  for (const char* norm : {"norm1", "norm2", "norm3", "norm4"}) weights->take_norm(name + norm, kEmbedding);
  const std::int64_t hidden = weights->size(name + "mlp.lin1.weight", 0, 2);
  weights->take_linear(name + "mlp.lin1", hidden, kEmbedding);
  weights->take_linear(name + "mlp.lin2", kEmbedding, hidden);
}

/// Layers one behind the other, the last with so many outputs.
void take_perceptron(const std::string& name, std::int64_t outputs, SamWeights* weights) {
  std::int64_t width = kEmbedding;
  std::int64_t layer = 0;
  const auto layer_name = [&] { return name + "." + std::to_string(layer); };
  for (; layer < kMostBlocks && weights->has(layer_name() + ".weight"); ++layer) {
    const std::int64_t next = weights->size(layer_name() + ".weight", 0, 2);
    weights->take_linear(layer_name(), next, width);
    width = next;
  }
  if (layer == 0 || width != outputs) {
    weights->refuse("'" + name + "' ends with " + std::to_string(layer == 0 ? 0 : width) + " outputs; " +
                    std::to_string(outputs) + " are allowed");
  }
}

void take_upsampler(const std::string& name, std::int64_t outputs, std::int64_t inputs, SamWeights* weights) {
  if (weights->has(name + ".block.weight")) {
    weights->take_transposed(name + ".block", outputs, inputs);
  } else {
    weights->take_convolution(name + ".conv", outputs, inputs, 1);
  }
}

/// Two convolutions.
void take_double(const std::string& name, std::int64_t outputs, std::int64_t inputs, SamWeights* weights) {
  weights->take_convolution(name + ".block.1", outputs, inputs, 3);
  weights->take_convolution(name + ".block.4", outputs, outputs, 3);
}

}  // namespace

StateDict sam_encoder_weights(StateDict* model) {
  SamWeights weights(model, "image_encoder.", "encoder of the Segment Anything Model");
  const std::int64_t width = weights.size("patch_embed.proj.weight", 0, 4);
  weights.take_convolution("patch_embed.proj", width, kColours, kPatch);
  weights.take("pos_embed", {1, kGrid, kGrid, width});
  std::int64_t block = 0;
  const auto block_name = [&] { return "blocks." + std::to_string(block) + "."; };
  for (; block < kMostBlocks && weights.has(block_name() + "norm1.weight"); ++block) {
    take_block(block_name(), width, &weights);
  }
  if (block == 0) weights.refuse("it has no 'blocks.0.norm1.weight'");
  weights.take("neck.0.weight", {kEmbedding, width, 1, 1});
  weights.take_norm("neck.1", kEmbedding);
  weights.take("neck.2.weight", {kEmbedding, kEmbedding, 3, 3});
  weights.take_norm("neck.3", kEmbedding);
  return weights.result();
}

StateDict sam_mask_decoder_weights(StateDict* model) {
  SamWeights weights(model, "", "mask decoder of the Segment Anything Model");
  const std::string prompt = "prompt_encoder.";
  const std::string decoder = "mask_decoder.";
  weights.take(prompt + "pe_layer.positional_encoding_gaussian_matrix", {2, kEmbedding / 2});
  for (const char* name :
       {"not_a_point_embed", "point_embeddings.0", "point_embeddings.1", "no_mask_embed"}) {
    weights.take(prompt + name + ".weight", {1, kEmbedding});
  }
  weights.take(decoder + "iou_token.weight", {1, kEmbedding});
  weights.take(decoder + "mask_tokens.weight", {kMasks, kEmbedding});
  std::int64_t layer = 0;
  const auto layer_name = [&] { return decoder + "transformer.layers." + std::to_string(layer) + "."; };
  for (; layer < kMostBlocks && weights.has(layer_name() + "norm1.weight"); ++layer) {
    take_two_way_layer(layer_name(), &weights);
  }
  if (layer == 0) weights.refuse("it has no '" + layer_name() + "norm1.weight'");
  take_cross_attention(decoder + "transformer.final_attn_token_to_image", &weights);
  weights.take_norm(decoder + "transformer.norm_final_attn", kEmbedding);
  const std::string up = decoder + "output_upscaling.";
  const std::int64_t middle = weights.size(up + "0.weight", 1, 4);
  const std::int64_t last = weights.size(up + "3.weight", 1, 4);
  weights.take_transposed(up + "0", middle, kEmbedding);
  weights.take_norm(up + "1", middle);
  weights.take_transposed(up + "3", last, middle);
  for (std::int64_t mask = 0; mask < kMasks; ++mask) {
    take_perceptron(decoder + "output_hypernetworks_mlps." + std::to_string(mask) + ".layers", last,
                    &weights);
  }
  take_perceptron(decoder + "iou_prediction_head.layers", kMasks, &weights);
  return weights.result();
}

StateDict microsam_decoder_weights(StateDict* decoder) {
  SamWeights weights(decoder, "", "decoder of micro-sam");
  const std::int64_t widest = weights.size("base.block.1.weight", 0, 4);
  if (widest % 16 != 0) {
    weights.refuse("'base.block.1.weight' has " + std::to_string(widest) +
                   " outputs; a multiple of 16 is allowed");
  }
  take_double("base", widest, kEmbedding, &weights);
  std::int64_t width = kEmbedding;
  for (std::int64_t n = 0; n < kUps + 1; ++n) {
    const std::string name = "deconv" + std::to_string(n + 1) + ".block.";
    const std::int64_t next = widest >> n;
    take_upsampler(name + "0", next, width, &weights);
    weights.take_convolution(name + "1.block", next, next, 3);
    weights.take_norm(name + "2", next);
    weights.take(name + "2.running_mean", {next});
    weights.take(name + "2.running_var", {next});
    width = next;
  }
  for (std::int64_t n = 0; n < kUps; ++n) {
    const std::int64_t next = widest >> (n + 1);
    take_upsampler("decoder.samplers." + std::to_string(n), next, 2 * next, &weights);
    take_double("decoder.blocks." + std::to_string(n), next, 2 * next, &weights);
  }
  take_upsampler("deconv_out", width, width, &weights);
  take_double("decoder_head", width, 2 * width, &weights);
  weights.take_convolution("out_conv", kColours, width, 1);
  return weights.result();
}

}  // namespace musclemap::net
