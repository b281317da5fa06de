#include "net/arch/sam.hpp"

#include <algorithm>
#include <functional>
#include <string>

#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/sam_weights.hpp"

namespace musclemap::net {
namespace {

using Take = StateDict (*)(StateDict*);

NamedTensor& named(StateDict& weights, const std::string& name) {
  return *std::find_if(weights.begin(), weights.end(),
                       [&](const NamedTensor& each) { return each.name == name; });
}

TEST_CASE("sam: tensors of each network are taken, and no others", "[net]") {
  StateDict model = test::small_sam();
  const std::size_t all = model.size();
  const StateDict encoder = sam_encoder_weights(&model);
  const StateDict masks = sam_mask_decoder_weights(&model);
  // The embeddings of the corners of boxes.
  CHECK(encoder.size() + masks.size() + 2 == all);
  CHECK(encoder.front().name == "patch_embed.proj.weight");
  StateDict decoder = test::small_microsam_decoder(true);
  decoder.push_back({"encoder.pos_embed", {{1}, {0}}});
  CHECK(microsam_decoder_weights(&decoder).size() == decoder.size() - 1);
}

TEST_CASE("sam: a tensor that is missing or has another shape is told by its name", "[net]") {
  const auto refused = [](StateDict weights, Take take, const std::string& name, const std::string& told) {
    StateDict missing = weights;
    named(missing, name).name = "other";
    CHECK(test::contains(test::error_of([&] { take(&missing); }), told));
    named(weights, name).tensor.shape.push_back(2);
    CHECK(test::contains(test::error_of([&] { take(&weights); }), told));
  };
  const StateDict model = test::small_sam();
  refused(model, &sam_encoder_weights, "image_encoder.patch_embed.proj.weight", "'patch_embed.proj.weight'");
  refused(model, &sam_encoder_weights, "image_encoder.blocks.1.attn.rel_pos_h", "'blocks.1.attn.rel_pos_h'");
  refused(model, &sam_encoder_weights, "image_encoder.blocks.0.mlp.lin2.bias", "'blocks.0.mlp.lin2.bias'");
  refused(model, &sam_mask_decoder_weights, "mask_decoder.mask_tokens.weight",
          "'mask_decoder.mask_tokens.weight'");
  refused(test::small_microsam_decoder(false), &microsam_decoder_weights, "deconv3.block.0.conv.weight",
          "'deconv3.block.0.conv.weight'");
}

TEST_CASE("sam: heads and windows that do not fit are refused", "[net]") {
  StateDict model = test::small_sam();
  named(model, "image_encoder.blocks.0.attn.rel_pos_h").tensor.shape = {28, 16};
  CHECK(test::contains(test::error_of([&] { sam_encoder_weights(&model); }), "an odd number of distances"));
  model = test::small_sam();
  named(model, "image_encoder.blocks.0.attn.rel_pos_h").tensor.shape = {27, 15};
  CHECK(test::contains(test::error_of([&] { sam_encoder_weights(&model); }), "a part of 32 channels"));
}

}  // namespace
}  // namespace musclemap::net
