#include "support/nnunet_files.hpp"

#include <fstream>
#include <random>
#include <stdexcept>
#include <vector>

#include "io/weights/nnunet/dataset.hpp"
#include "io/weights/nnunet/folder.hpp"
#include "net/graph.hpp"
#include "support/pth_writer.hpp"

namespace musclemap::test {
namespace {

std::string pickled_dict(const std::vector<std::pair<std::string, std::string>>& entries) {
  std::string out = "}(";
  for (const auto& [name, value] : entries) out += pickle_text(name) + value;
  return out + "u";
}

/// Names of the original's modules that hold the same tensor.
std::vector<std::string> repeated_names(const std::string& name) {
  std::vector<std::string> names = {name};
  for (const auto& [part, number] : {std::pair(".conv.", "0"), std::pair(".norm.", "1")}) {
    const std::size_t at = name.find(part);
    if (at != std::string::npos)
      names.push_back(name.substr(0, at) + ".all_modules." + number + name.substr(at + 5));
  }
  if (name.rfind("encoder.", 0) == 0) {
    const std::vector<std::string> outer = names;
    for (const std::string& each : outer) names.push_back("decoder." + each);
  }
  return names;
}

}  // namespace

nlohmann::json nnunet_plans() {
  return nlohmann::json::parse(R"({
    "dataset_name": "Dataset001_toy", "plans_name": "nnUNetPlans",
    "transpose_forward": [0, 1, 2], "transpose_backward": [0, 1, 2],
    "configurations": {"3d_fullres": {
      "patch_size": [8, 8, 8], "spacing": [2.0, 1.0, 1.0],
      "normalization_schemes": ["CTNormalization"], "use_mask_for_norm": [false],
      "resampling_fn_data": "resample_data_or_seg_to_shape",
      "resampling_fn_data_kwargs": {"is_seg": false, "order": 3, "order_z": 0, "force_separate_z": null},
      "resampling_fn_seg": "resample_data_or_seg_to_shape",
      "resampling_fn_seg_kwargs": {"is_seg": true, "order": 1, "order_z": 0, "force_separate_z": null},
      "resampling_fn_probabilities": "resample_data_or_seg_to_shape",
      "resampling_fn_probabilities_kwargs":
          {"is_seg": false, "order": 1, "order_z": 0, "force_separate_z": null},
      "architecture": {
        "network_class_name": "dynamic_network_architectures.architectures.unet.PlainConvUNet",
        "arch_kwargs": {
          "n_stages": 2, "features_per_stage": [2, 4], "conv_op": "torch.nn.modules.conv.Conv3d",
          "kernel_sizes": [[1, 3, 3], [3, 3, 3]], "strides": [[1, 1, 1], [1, 2, 2]],
          "n_conv_per_stage": [1, 2], "n_conv_per_stage_decoder": [1], "conv_bias": true,
          "norm_op": "torch.nn.modules.instancenorm.InstanceNorm3d",
          "norm_op_kwargs": {"eps": 1e-05, "affine": true}, "dropout_op": null, "dropout_op_kwargs": null,
          "nonlin": "torch.nn.LeakyReLU", "nonlin_kwargs": {"inplace": true}},
        "_kw_requires_import": ["conv_op", "norm_op", "dropout_op", "nonlin"]}}},
    "foreground_intensity_properties_per_channel": {"0": {
      "mean": 10.0, "std": 20.0, "percentile_00_5": -100.0, "percentile_99_5": 300.0}}})");
}

nlohmann::json nnunet_dataset() {
  return nlohmann::json::parse(R"({"channel_names": {"0": "CT"}, "numTraining": 2, "file_ending": ".nii.gz",
                                   "labels": {"background": 0, "liver": 1, "spleen": 2}})");
}

std::string& NnunetPickle::operator[](const std::string& name) {
  for (auto& [known, value] : entries) {
    if (known == name) return value;
  }
  return entries.emplace_back(name, std::string()).second;
}

std::string NnunetPickle::file() const {
  return write_pth("\x80\x02" + pickled_dict(entries) + ".", storages);
}

std::string pickle_numpy_scalar() {
  return "cnumpy._core.multiarray\nscalar\ncnumpy\ndtype\n" + pickle_text("f8") + "\x89\x88\x87R(" + "K\x03" +
         pickle_text("<") + "NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK" + std::string(1, '\0') +
         "tbc_codecs\nencode\n" + pickle_text("\xc3\x8d\xc3\x8c\xc3\xac?") + pickle_text("latin1") +
         "\x86R\x86R";
}

NnunetPickle nnunet_checkpoint(const nlohmann::json& plans, const nlohmann::json& dataset, unsigned seed) {
  const io::NnunetDataset labels = io::parse_nnunet_dataset(dataset.dump());
  io::NnunetConfiguration configuration =
      io::parse_nnunet_configuration(plans, "3d_fullres", labels.channels.size());
  configuration.network.in_channels = static_cast<int>(labels.channels.size());
  configuration.network.out_channels = labels.scores();
  NnunetPickle pickle;
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  std::string weights = "ccollections\nOrderedDict\n)R(";
  std::string momenta = "}(";
  int number = 0;
  const net::Graph graph = io::nnunet_graph(configuration);
  for (const net::Parameter& parameter : graph.parameters) {
    PthTensor tensor;
    tensor.key = std::to_string(number);
    tensor.shape = parameter.shape;
    tensor.stride.assign(parameter.shape.size(), 1);
    for (std::size_t axis = parameter.shape.size(); axis-- > 1;) {
      tensor.stride[axis - 1] = tensor.stride[axis] * parameter.shape[axis];
    }
    tensor.storage_elements = tensor.stride[0] * parameter.shape[0];
    std::vector<float> values(static_cast<std::size_t>(tensor.storage_elements));
    for (float& value : values) value = normal(random);
    pickle.storages[tensor.key] = float_bytes(values);
    for (const std::string& name : repeated_names(parameter.name)) {
      weights += pickle_text(name) + pickle_tensor(tensor);
    }
    // No storage of the optimiser's is in the file: what looked for one would fail.
    tensor.key = "absent" + tensor.key;
    momenta += pickle_integer(number) + "}" + pickle_text("momentum_buffer") + pickle_tensor(tensor) + "s";
    ++number;
  }
  pickle["network_weights"] = weights + "u}" + pickle_text("_metadata") + "ccollections\nOrderedDict\n)Rsb";
  pickle["optimizer_state"] =
      pickled_dict({{"state", momenta + "u"},
                    {"param_groups", "](}" + pickle_text("lr") + "G" +
                                         std::string("\x3f\x84\x7a\xe1\x47\xae\x14\x7b") + "sK\x01" + "e"}});
  pickle["grad_scaler_state"] =
      pickled_dict({{"scale", "G" + std::string("\x40\xf0\0\0\0\0\0\0", 8)}, {"_growth_tracker", "K\x07"}});
  pickle["logging"] =
      pickled_dict({{"mean_fg_dice", "](" + pickle_numpy_scalar() + pickle_numpy_scalar() + "e"},
                    {"train_losses", "]" + pickle_numpy_scalar() + "a"}});
  pickle["_best_ema"] = pickle_numpy_scalar();
  pickle["current_epoch"] = "M\xe8\x03";
  pickle["init_args"] = pickled_dict({{"plans", "}"},
                                      {"configuration", pickle_text("3d_fullres")},
                                      {"fold", "K" + std::string(1, '\0')},
                                      {"device", "ctorch\ndevice\n" + pickle_text("cuda") + "\x85R"}});
  pickle["trainer_name"] = pickle_text("nnUNetTrainer");
  pickle["inference_allowed_mirroring_axes"] = "K" + std::string(1, '\0') + "K\x01K\x02\x87";
  return pickle;
}

void write_text(const std::filesystem::path& file, const std::string& bytes) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << bytes;
}

std::filesystem::path write_nnunet_folder(const std::filesystem::path& folder, const nlohmann::json& plans,
                                          const nlohmann::json& dataset, const std::string& checkpoint) {
  const std::filesystem::path model = folder / "Dataset001_toy/nnUNetTrainer__nnUNetPlans__3d_fullres";
  write_text(model / "plans.json", plans.dump());
  write_text(model / "dataset.json", dataset.dump());
  write_text(model / "fold_0/checkpoint_final.pth", checkpoint);
  return model;
}

}  // namespace musclemap::test
