// Options of opening a model.
#ifndef MUSCLEMAP_TASK_MODEL_OPTIONS_HPP_
#define MUSCLEMAP_TASK_MODEL_OPTIONS_HPP_

#include "base/option.hpp"
#include "musclemap/model_bundle.hpp"

namespace musclemap::base {

template <>
struct Words<WeightsFormat> {
  static constexpr WordList<WeightsFormat, 2> kList{
      {{WeightsFormat::state_dict, "state_dict"}, {WeightsFormat::torchscript, "torchscript"}}};
};

template <>
struct Options<ModelOpenOptions> {
  using O = ModelOpenOptions;
  static constexpr auto kList = std::make_tuple(
      option("trust", &O::trust, "let LibTorch run a TorchScript file that is registered nowhere"),
      option("allow_missing_description", &O::allow_missing_description,
             "open TorchScript without a description, to look at it"));
};

}  // namespace musclemap::base

#endif  // MUSCLEMAP_TASK_MODEL_OPTIONS_HPP_
