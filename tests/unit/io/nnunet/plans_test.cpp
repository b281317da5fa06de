#include "io/weights/nnunet/plans.hpp"

#include <nlohmann/json.hpp>
#include <string>

#include "io/weights/nnunet/folder.hpp"
#include "musclemap/error.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/nnunet_files.hpp"

namespace musclemap::io {
namespace {

using test::contains;
using test::error_of;
using Json = nlohmann::json;
using Axes = std::vector<int>;

constexpr const char* kEntry = "/configurations/3d_fullres";
constexpr const char* kArguments = "/configurations/3d_fullres/architecture/arch_kwargs";

NnunetConfiguration read(const Json& plans, std::size_t channels = 1) {
  return parse_nnunet_configuration(plans, "3d_fullres", channels);
}

/// What reading says where the field at that JSON pointer has that value.
std::string with(const std::string& pointer, const Json& value) {
  Json plans = test::nnunet_plans();
  plans[Json::json_pointer(pointer)] = value;
  return error_of([&] {
    parse_nnunet_plans(plans);
    read(plans);
  });
}

std::string without(const std::string& pointer, const char* key) {
  Json plans = test::nnunet_plans();
  plans[Json::json_pointer(pointer)].erase(key);
  return error_of([&] {
    parse_nnunet_plans(plans);
    read(plans);
  });
}

/// The same network in the form of nnU-Net before 2.2.
Json old_form() {
  Json plans = test::nnunet_plans();
  Json& entry = plans["configurations"]["3d_fullres"];
  entry.erase("architecture");
  entry.update(Json::parse(R"({"UNet_class_name": "PlainConvUNet", "UNet_base_num_features": 2,
    "unet_max_num_features": 4, "n_conv_per_stage_encoder": [1, 2], "n_conv_per_stage_decoder": [1],
    "num_pool_per_axis": [0, 1, 1], "pool_op_kernel_sizes": [[1, 1, 1], [1, 2, 2]],
    "conv_kernel_sizes": [[1, 3, 3], [3, 3, 3]]})"));
  return plans;
}

TEST_CASE("nnunet plans: what a configuration does and its network", "[io]") {
  const Json plans = test::nnunet_plans();
  const NnunetPlans all = parse_nnunet_plans(plans);
  CHECK(all.dataset_name == "Dataset001_toy");
  CHECK(all.transpose_forward == Axes{0, 1, 2});
  CHECK(all.configurations == std::vector<std::string>{"3d_fullres"});
  const NnunetConfiguration one = read(plans);
  CHECK(one.patch_size == Axes{8, 8, 8});
  CHECK(one.spacing == std::vector<double>{2, 1, 1});
  REQUIRE(one.channels.size() == 1);
  CHECK(one.channels[0].scheme == NnunetScheme::ct);
  CHECK(one.channels[0].low == -100);
  CHECK(one.channels[0].high == 300);
  CHECK(one.channels[0].mean == 10);
  CHECK(one.channels[0].sd == 20);
  CHECK(one.data.order == 3);
  CHECK_FALSE(one.data.separate_axis.has_value());
  CHECK(one.scores.order == 1);
  CHECK(one.architecture == NnunetArchitecture::plain);
  CHECK(one.network.features == Axes{2, 4});
  CHECK(one.network.kernels == std::vector<Axes>{{1, 3, 3}, {3, 3, 3}});
  CHECK(one.network.strides == std::vector<Axes>{{1, 1, 1}, {1, 2, 2}});
  CHECK(one.network.encoder_depths == Axes{1, 2});
  CHECK(one.network.decoder_convolutions == Axes{1});
  CHECK(one.network.bias);
  CHECK(one.network.affine);
  CHECK(one.network.slope == 0.01);
}

TEST_CASE("nnunet plans: the old form means the same network", "[io]") {
  const NnunetConfiguration before = read(old_form());
  const NnunetConfiguration now = read(test::nnunet_plans());
  CHECK(before.network.features == now.network.features);
  CHECK(before.network.kernels == now.network.kernels);
  CHECK(before.network.strides == now.network.strides);
  CHECK(before.network.encoder_depths == now.network.encoder_depths);
  CHECK(before.network.decoder_convolutions == now.network.decoder_convolutions);
  CHECK(before.network.affine == now.network.affine);
  Json residual = old_form();
  residual["configurations"]["3d_fullres"]["UNet_class_name"] = "ResidualEncoderUNet";
  CHECK(read(residual).architecture == NnunetArchitecture::residual);
  Json other = old_form();
  other["configurations"]["3d_fullres"]["UNet_class_name"] = "SwinUNETR";
  CHECK(error_of([&] { read(other); }) ==
        "format/unsupported: configurations.3d_fullres.UNet_class_name is \"SwinUNETR\"; PlainConvUNet and "
        "ResidualEncoderUNet of dynamic_network_architectures are supported");
}

TEST_CASE("nnunet plans: a configuration inherits what it does not say itself", "[io]") {
  Json plans = test::nnunet_plans();
  plans["configurations"]["small"] =
      Json::parse(R"({"inherits_from": "3d_fullres", "patch_size": [4, 8, 8]})");
  plans["configurations"]["smaller"] = Json::parse(R"({"inherits_from": "small", "spacing": [3, 1, 1]})");
  const NnunetConfiguration small = parse_nnunet_configuration(plans, "smaller", 1);
  CHECK(small.patch_size == Axes{4, 8, 8});
  CHECK(small.spacing == std::vector<double>{3, 1, 1});
  CHECK(small.network.features == Axes{2, 4});
  plans["configurations"]["3d_fullres"]["inherits_from"] = "smaller";
  CHECK(contains(error_of([&] { read(plans); }), "inherits_from goes round in circles"));
  plans["configurations"]["3d_fullres"]["inherits_from"] = "none";
  CHECK(contains(error_of([&] { read(plans); }), "inherits_from is \"none\"; the name of another"));
  CHECK(contains(error_of([&] { parse_nnunet_configuration(plans, "2d", 1); }), "no configuration '2d'"));
}

TEST_CASE("nnunet plans: slices, cascades, several channels and one number for all stages", "[io]") {
  Json plans = test::nnunet_plans();
  Json& entry = plans["configurations"]["3d_fullres"];
  entry["normalization_schemes"] = {"ZScoreNormalization", "NoNormalization"};
  entry["use_mask_for_norm"] = {true, true};
  entry["previous_stage"] = "3d_lowres";
  plans["configurations"]["3d_lowres"] = entry;
  Json& arguments = entry["architecture"]["arch_kwargs"];
  arguments["kernel_sizes"] = 3;
  arguments["n_conv_per_stage"] = 2;
  arguments["nonlin"] = "torch.nn.ReLU";
  arguments["norm_op"] = "torch.nn.BatchNorm3d";
  arguments["norm_op_kwargs"] = nullptr;
  NnunetConfiguration two = read(plans, 2);
  CHECK(two.channels[0].over_mask);
  CHECK_FALSE(two.channels[1].over_mask);
  CHECK(two.previous_stage == "3d_lowres");
  CHECK(two.network.kernels[1] == Axes{3, 3, 3});
  CHECK(two.network.encoder_depths == Axes{2, 2});
  CHECK(two.network.slope == 0);
  CHECK(two.network.norm == net::LayerKind::batch_norm);
  CHECK(contains(error_of([&] { read(plans, 3); }), "normalization_schemes is an array of 2; an array of 3"));

  entry["patch_size"] = {8, 8};
  entry["spacing"] = {1, 1};
  arguments["conv_op"] = "torch.nn.modules.conv.Conv2d";
  arguments["norm_op"] = "torch.nn.modules.instancenorm.InstanceNorm2d";
  arguments["strides"] = {{1, 1}, {2, 2}};
  two = read(plans, 2);
  CHECK(two.patch_size == Axes{8, 8});
  CHECK_FALSE(two.network.affine);
}

TEST_CASE("nnunet plans: fields of another type or range are refused by name", "[io]") {
  CHECK(with("/note", "any") == "no error");
  CHECK(contains(with("/transpose_forward", {0, 1, 1}), "transpose_forward is an array of 3; each of 0, 1"));
  CHECK(contains(with("/transpose_forward", {1, 2, 0}), "transpose_backward is an array of 3; what undoes"));
  CHECK(contains(with("/transpose_forward/0", 3), "transpose_forward[0] is 3; a whole number from 0 to 2"));
  CHECK(contains(with("/configurations", Json::object()), "configurations is an object; an object of at"));
  const std::string entry = kEntry;
  CHECK(contains(with(entry + "/patch_size/1", 0), "3d_fullres.patch_size[1] is 0; a whole number from 1"));
  CHECK(contains(with(entry + "/patch_size", {8}), "patch_size is an array of 1; an array of 2 to 3"));
  CHECK(contains(with(entry + "/spacing/0", -1), "spacing[0] is -1; more than 0"));
  CHECK(contains(with(entry + "/spacing", {1, 1}), "spacing is an array of 2; an array of 3 is needed"));
  CHECK(contains(with(entry + "/normalization_schemes/0", "MyNormalization"),
                 "normalization_schemes[0] is \"MyNormalization\"; CTNormalization, ZScoreNormalization"));
  CHECK(contains(with(entry + "/use_mask_for_norm/0", 1), "use_mask_for_norm[0] is 1; true or false"));
  CHECK(contains(with(entry + "/resampling_fn_data", "resample_torch_fornnunet"),
                 "resampling_fn_data is \"resample_torch_fornnunet\"; resample_data_or_seg_to_shape and"));
  CHECK(contains(with(entry + "/resampling_fn_data_kwargs/order", 6),
                 "order is 6; a whole number from 0 to 5"));
  CHECK(contains(with(entry + "/resampling_fn_data_kwargs/mode", 1), "mode is 1; no such argument"));
  CHECK(contains(with(entry + "/resampling_fn_data_kwargs/is_seg", true), "is_seg is true; false is needed"));
  CHECK(
      contains(with(entry + "/previous_stage", "3d_lowres"), "previous_stage is \"3d_lowres\"; the name of"));
  CHECK(contains(without(entry, "spacing"), "3d_fullres.spacing is missing"));
  CHECK(contains(without(entry, "architecture"), "architecture or UNet_class_name is needed"));
  const std::string properties = "/foreground_intensity_properties_per_channel/0";
  CHECK(contains(with(properties + "/std", -1), "std is -1; 0 or more"));
  CHECK(contains(with(properties + "/percentile_99_5", -200), "percentile_99_5 is -200; no less than"));
  CHECK(contains(without("/foreground_intensity_properties_per_channel", "0"), "per_channel.0 is missing"));
}

TEST_CASE("nnunet plans: networks and layers that are not known are refused by name", "[io]") {
  const std::string arguments = kArguments;
  CHECK(contains(with(std::string(kEntry) + "/architecture/network_class_name", "mine.PlainConvUNet"),
                 "network_class_name is \"mine.PlainConvUNet\"; PlainConvUNet and ResidualEncoderUNet"));
  CHECK(contains(with(arguments + "/n_stages", 13), "n_stages is 13; a whole number from 2 to 12"));
  CHECK(contains(with(arguments + "/n_stages", 3), "features_per_stage is an array of 2; an array of 3"));
  CHECK(contains(with(arguments + "/features_per_stage/0", 1 << 20), "features_per_stage[0] is 1048576"));
  CHECK(contains(with(arguments + "/kernel_sizes/0/1", 2), "kernel_sizes[0] is an array of 3; odd kernels"));
  CHECK(contains(with(arguments + "/strides/1", {1, 2}), "strides[1] is an array of 2; an array of 3"));
  CHECK(
      contains(with(arguments + "/conv_op", "torch.nn.modules.conv.Conv2d"), "Conv3d is needed for a patch"));
  CHECK(
      contains(with(arguments + "/norm_op", "torch.nn.GroupNorm"), "\"torch.nn.GroupNorm\"; InstanceNorm3d"));
  CHECK(contains(with(arguments + "/norm_op", nullptr), "norm_op is null; InstanceNorm3d"));
  CHECK(contains(with(arguments + "/norm_op_kwargs/eps", 0), "eps is 0; more than 0"));
  CHECK(contains(with(arguments + "/nonlin", "os.system"), "nonlin is \"os.system\"; a layer of torch.nn"));
  CHECK(contains(with(arguments + "/nonlin", "torch.nn.GELU"), "LeakyReLU and ReLU are supported"));
  CHECK(contains(with(arguments + "/nonlin_kwargs/negative_slope", 2), "negative_slope is 2; 0 to 1"));
  CHECK(contains(with(arguments + "/squeeze_excitation", true), "squeeze_excitation is true; its default"));
  CHECK(contains(with(arguments + "/attention", true), "attention is true; no such argument is supported"));
  CHECK(with(arguments + "/deep_supervision", true) == "no error");
  CHECK(with(arguments + "/squeeze_excitation", false) == "no error");
}

}  // namespace
}  // namespace musclemap::io
