#include "task/model_config.hpp"

#include <string>

#include "io/files/json_file.hpp"
#include "support/catch.hpp"
#include "support/error_of.hpp"

namespace musclemap::task {
namespace {

using test::contains;
using test::error_of;
using Json = nlohmann::json;

Json valid() {
  return Json::parse(R"({
    "parameters": {"num_workers": 4, "roi_size": [64, 32], "spatial_window_batch_size": 1, "pix_dim": [1, 1.5, -1]},
    "model": {"version": 1.2, "spatial_dims": 2, "in_channels": 1, "out_channels": 3, "channels": [4, 8, 16],
              "act": "LeakyReLU", "strides": [2, 2], "num_res_units": 1, "norm": "instance"},
    "labels": [{"region": "leg", "anatomy": "tibia", "side": "right", "value": 12},
               {"region": "leg", "anatomy": "tibia", "side": "left", "value": 11}]})");
}

/// The error after one field is replaced; null takes the field away.
std::string with(const std::string& pointer, const Json& value) {
  Json document = valid();
  const Json::json_pointer at(pointer);
  if (value.is_null()) {
    document[at.parent_pointer()].erase(at.back());
  } else {
    document[at] = value;
  }
  return error_of([&] { parse_model_config(document, NetworkIn::description); });
}

TEST_CASE("model config: a valid description becomes values", "[task]") {
  const ModelConfig config = parse_model_config(valid(), NetworkIn::description);
  CHECK(config.version == "1.2");
  CHECK(config.window == Index3{64, 32, 1});
  CHECK(config.target_spacing == Spacing{1, 1.5, -1});
  CHECK(config.out_channels == 3);
  REQUIRE(config.labels.size() == 2);
  CHECK(config.labels[0].value == 11);
  CHECK(config.labels[0].side == "left");
  CHECK(config.labels[1].value == 12);
  REQUIRE(config.unet.has_value());
  CHECK(config.unet->channels == std::vector<int>{4, 8, 16});
  CHECK(config.unet->strides == std::vector<int>{2, 2});
}

TEST_CASE("model config: norms and activations", "[task]") {
  Json document = valid();
  document["model"]["act"] = Json::parse(R"(["LeakyReLU", {"negative_slope": 0.2}])");
  document["model"]["norm"] = Json::parse(R"(["instance", {"affine": true}])");
  net::UNetSpec spec = *parse_model_config(document, NetworkIn::description).unet;
  CHECK(spec.negative_slope == 0.2);
  CHECK(spec.norm == net::Norm::instance);
  CHECK(spec.affine);
  document["model"]["act"] = "RELU";
  document["model"]["norm"] = "BATCH";
  spec = *parse_model_config(document, NetworkIn::description).unet;
  CHECK(spec.negative_slope == 0);
  CHECK(spec.norm == net::Norm::batch);
  CHECK(spec.affine);
  document["model"]["act"] = "PReLU";
  spec = *parse_model_config(document, NetworkIn::description).unet;
  CHECK(spec.nonlinearity == net::Nonlinearity::prelu);
}

TEST_CASE("model config: spellings that mean the same are accepted", "[task]") {
  CHECK(with("/model/act", Json::parse(R"(["leakyrelu", {"negative_slope": 0.01, "inplace": true}])")) ==
        "no error");
  CHECK(with("/model/norm", "INSTANCE") == "no error");
  CHECK(with("/model/version", "1.10-beta") == "no error");
  CHECK(with("/model/version", nullptr) == "no error");
  CHECK(with("/parameters/spatial_window_batch_size", nullptr) == "no error");
  CHECK(with("/labels/0/side", nullptr) == "no error");
  CHECK(with("/more", 1) == "no error");
  Json document = valid();
  document["model"]["version"] = 0.0;
  CHECK(parse_model_config(document, NetworkIn::description).version == "0.0");
}

TEST_CASE("model config: every error names the field, the value and what is allowed", "[task]") {
  CHECK(with("/model/out_channels", 12) ==
        "format/labels: model.out_channels is 12; labels has 2 entries, so 3 channels are needed (background "
        "and labels)");
  CHECK(with("/labels/1/value", 12) ==
        "format/labels: labels[1].value is 12; the same as labels[0].value: values must be unique");
  CHECK(with("/labels/1/value", 0) ==
        "format/bad_json: labels[1].value is 0; a whole number from 1 to 32767 is needed");
  CHECK(contains(with("/labels/1/value", 40000), "labels[1].value is 40000"));
  CHECK(contains(with("/labels/1/value", 1.5), "labels[1].value is 1.5"));
  CHECK(contains(with("/labels/1/value", 18446744073709551615u), "labels[1].value is 18446744073709551615"));
  CHECK(contains(with("/labels/1/value", nullptr), "labels[1].value is missing"));
  CHECK(contains(with("/labels/0/anatomy", "a\tb"), "labels[0].anatomy is"));
  CHECK(contains(with("/labels", Json::array()), "labels is an array of 0"));
  CHECK(contains(with("/labels", "x"), "labels is \"x\""));
  CHECK(contains(with("/parameters/roi_size/1", 30),
                 "parameters.roi_size[1] is 30; a multiple of 4, the product of model.strides, is needed"));
  CHECK(contains(with("/parameters/roi_size/0", 0), "parameters.roi_size[0] is 0"));
  CHECK(contains(with("/parameters/roi_size/0", 8192), "from 1 to 4096"));
  CHECK(contains(with("/parameters/roi_size", Json::array({64})),
                 "parameters.roi_size is an array of 1; an array of 2"));
  CHECK(contains(with("/parameters/roi_size", Json::array({4, 4})), "instance norm sees a single value"));
  CHECK(contains(with("/parameters/roi_size", nullptr), "parameters.roi_size is missing"));
  CHECK(contains(with("/parameters/pix_dim/0", 1000), "parameters.pix_dim[0] is 1000"));
  CHECK(contains(with("/parameters/pix_dim/0", "1"), "a number is needed"));
  CHECK(contains(with("/parameters/spatial_window_batch_size", 0), "spatial_window_batch_size is 0"));
  CHECK(contains(with("/parameters", nullptr), "format/bad_json: parameters is missing"));
  CHECK(contains(with("/model", 3), "model is 3; an object is needed"));
  CHECK(contains(with("/model/strides/1", 3), "model.strides[1] is 3; a whole number from 1 to 2"));
  CHECK(contains(with("/model/strides", Json::array({2})), "model.strides is an array of 1; one fewer than"));
  CHECK(contains(with("/model/channels/2", 100000), "model.channels[2] is 100000"));
  CHECK(contains(with("/model/channels", Json::array({4})), "model.channels is an array of 1"));
  CHECK(contains(with("/model/spatial_dims", 3), "model.spatial_dims is 3; 2 is needed"));
  CHECK(contains(with("/model/in_channels", 2), "model.in_channels is 2; 1 is needed"));
  CHECK(contains(with("/model/num_res_units", -1), "model.num_res_units is -1"));
  CHECK(contains(with("/model/norm", "layer"),
                 "model.norm is \"layer\"; \"instance\" and \"batch\" are supported"));
  CHECK(contains(with("/model/norm", Json::parse(R"(["instance", {"eps": 0.001}])")),
                 "model.norm[1].eps is 0.001; 1e-05 is supported"));
  CHECK(contains(with("/model/norm", Json::parse(R"(["batch", {"track_running_stats": false}])")),
                 "model.norm[1].track_running_stats is false; no such argument is supported"));
  CHECK(
      contains(with("/model/norm", Json::parse(R"(["batch", {"affine": 1}])")), "model.norm[1].affine is 1"));
  CHECK(contains(with("/model/act", Json::parse(R"(["prelu", {"num_parameters": 4}])")),
                 "model.act[1].num_parameters is 4; 1 is supported"));
  CHECK(contains(with("/model/act", "GELU"),
                 "model.act is \"GELU\"; \"LeakyReLU\", \"ReLU\" and \"PReLU\" are supported"));
  CHECK(contains(with("/model/act", Json::parse(R"(["LeakyReLU", {"negative_slope": -0.2}])")),
                 "model.act[1].negative_slope is -0.2"));
}

TEST_CASE("model config: nine labels for twelve channels", "[task]") {
  Json document = valid();
  document["labels"] = Json::array();
  for (int value = 1; value <= 9; ++value) document["labels"].push_back({{"value", value}});
  document["model"]["out_channels"] = 12;
  CHECK(contains(error_of([&] { parse_model_config(document, NetworkIn::description); }),
                 "model.out_channels is 12; labels has 9 entries, so 10 channels are needed"));
}

TEST_CASE("model config: a program may leave its network out of the description", "[task]") {
  Json document = valid();
  for (const char* key : {"channels", "strides", "act", "norm", "num_res_units"})
    document["model"].erase(key);
  CHECK_FALSE(parse_model_config(document, NetworkIn::program).unet.has_value());
  CHECK_THROWS_AS(parse_model_config(document, NetworkIn::description), Error);
}

}  // namespace
}  // namespace musclemap::task
