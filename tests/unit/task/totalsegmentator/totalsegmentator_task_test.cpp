#include "task/totalsegmentator/totalsegmentator_task.hpp"

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/temporary_folder.hpp"
#include "task/task_json.hpp"
#include "task/totalsegmentator/known_tasks.hpp"
#include "task/totalsegmentator/task_choice.hpp"

namespace musclemap::task {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using test::contains;
using test::error_of;

// plans.json of a network with one convolution a stage.
json plans_of(const std::string& configuration) {
  const json cube = {3, 3, 3};
  const json network = {
      {"network_class_name", "dynamic_network_architectures.architectures.unet.PlainConvUNet"},
      {"arch_kwargs",
       {{"n_stages", 2},
        {"features_per_stage", {1, 1}},
        {"conv_op", "torch.nn.modules.conv.Conv3d"},
        {"kernel_sizes", {cube, cube}},
        {"strides", {{1, 1, 1}, {2, 2, 2}}},
        {"n_conv_per_stage", {1, 1}},
        {"n_conv_per_stage_decoder", {1}},
        {"conv_bias", true},
        {"norm_op", "torch.nn.modules.instancenorm.InstanceNorm3d"},
        {"norm_op_kwargs", {{"eps", 1e-5}, {"affine", true}}},
        {"dropout_op", nullptr},
        {"dropout_op_kwargs", nullptr},
        {"nonlin", "torch.nn.LeakyReLU"},
        {"nonlin_kwargs", {{"inplace", true}}}}},
      {"_kw_requires_import", {"conv_op", "norm_op", "dropout_op", "nonlin"}}};
  const json resampling = {{"is_seg", false}, {"order", 3}, {"order_z", 0}, {"force_separate_z", nullptr}};
  json of_scores = resampling;
  of_scores["order"] = 1;
  return {{"dataset_name", "Dataset999_test"},
          {"plans_name", "nnUNetPlans"},
          {"transpose_forward", {1, 0, 2}},
          {"transpose_backward", {1, 0, 2}},
          {"foreground_intensity_properties_per_channel",
           {{"0", {{"percentile_00_5", -100.0}, {"percentile_99_5", 200.0}, {"mean", 5.0}, {"std", 7.0}}}}},
          {"configurations",
           {{configuration,
             {{"patch_size", {8, 16, 32}},
              {"spacing", {3.0, 2.0, 1.0}},
              {"normalization_schemes", {"CTNormalization"}},
              {"use_mask_for_norm", {false}},
              {"resampling_fn_data", "resample_data_or_seg_to_shape"},
              {"resampling_fn_data_kwargs", resampling},
              {"resampling_fn_probabilities", "resample_data_or_seg_to_shape"},
              {"resampling_fn_probabilities_kwargs", of_scores},
              {"architecture", network}}}}}};
}

json dataset_of(std::int32_t classes) {
  json labels = {{"background", 0}};
  for (std::int32_t n = 1; n <= classes; ++n) labels["class " + std::to_string(n)] = n;
  return {{"channel_names", {{"0", "CT"}}}, {"labels", labels}, {"file_ending", ".nii.gz"}};
}

void put(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream(file) << text;
}

// Everything that tasks need but weights.
void put_networks(const fs::path& root, const TaskChoice& choice) {
  for (const WantedNetwork& each : wanted_networks(choice)) {
    const fs::path folder = root / each.folder;
    if (fs::exists(folder)) continue;
    const auto dropped = static_cast<std::int32_t>(each.of->task->auxiliary.size());
    put(folder / "plans.json", plans_of(each.of->variant->configuration).dump());
    put(folder / "dataset.json", dataset_of(each.network->labels + dropped).dump());
    for (const int fold : each.of->variant->folds.value_or(std::vector<int>{0, 3}))
      put(folder / ("fold_" + std::to_string(fold)) / "checkpoint_final.pth", "x");
  }
}

TaskOptions options_of(const KnownVariant& variant) {
  TaskOptions options;
  options.fast = variant.name == "fast";
  options.fastest = variant.name == "fastest";
  return options;
}

// A folder of results with every network that there is.
const fs::path& all_networks() {
  static const test::TemporaryFolder folder;
  static const bool made = [] {
    for (const KnownTask& task : known_tasks()) {
      for (const KnownVariant& variant : task.variants)
        put_networks(folder.path(), choose_task(task.name, options_of(variant)));
    }
    TaskOptions small;
    small.model_size = ModelSize::small;
    put_networks(folder.path(), choose_task("total_v3", small));
    return true;
  }();
  static_cast<void>(made);
  return folder.path();
}

TaskSpec built(const std::string& name, const TaskOptions& options = {}) {
  return open_totalsegmentator_task(name, options, {all_networks()})->spec;
}

TEST_CASE("totalsegmentator task: every variant of every task is a task that reads back from its JSON",
          "[task]") {
  for (const KnownTask& task : known_tasks()) {
    for (const KnownVariant& variant : task.variants) {
      INFO(task.name + " " + variant.name);
      const auto state = open_totalsegmentator_task(task.name, options_of(variant), {all_networks()});
      CHECK(why_not(state->spec).empty());
      CHECK(state->spec.stages.size() == variant.networks.size());
      CHECK(state->spec.labels.size() == task.classes.size());
      CHECK(task_json(read_task(json::parse(task_json(state->spec).dump()))) == task_json(state->spec));
      std::set<std::string> sources;
      for (const auto& [file, source] : state->sources) sources.insert(file);
      for (const StageSpec& stage : state->spec.stages) {
        for (const NetworkRef& network : stage.networks) CHECK(sources.count(network.file) == 1);
      }
    }
  }
}

TEST_CASE("totalsegmentator task: a stage is what the plans say, slowest axis first", "[task]") {
  const TaskSpec task = built("total");
  const StageSpec& stage = task.stages[1];
  CHECK(stage.name == "vertebrae");
  CHECK(stage.networks[0].file ==
        "Dataset292_TotalSegmentator_part2_vertebrae_1532subj/"
        "nnUNetTrainerNoMirroring__nnUNetPlans__3d_fullres/"
        "fold_0/checkpoint_final.pth");
  CHECK(stage.windows.size == Index3{32, 16, 8});
  CHECK(stage.windows.axes == 3);
  CHECK(stage.windows.overlap_or_step == 0.8);
  REQUIRE(stage.steps.size() == 4);
  CHECK(std::get<image::Transpose>(stage.steps[0]).forward == std::array<int, 3>{1, 0, 2});
  CHECK(std::holds_alternative<image::CropNonzero>(stage.steps[1]));
  const auto& channel = std::get<image::NormaliseNnunet>(stage.steps[2]).channels.at(0);
  CHECK(channel.scheme == image::Scheme::ct);
  CHECK(channel.percentile_00_5 == -100);
  CHECK(channel.deviation == 7);
  CHECK(std::get<image::ResampleHalfPixel>(stage.steps[3]).spacing_mm == Spacing{1, 2, 3});
  CHECK(stage.scores_back == 1);
  CHECK(stage.to_label.size() == 26);
  CHECK(stage.to_label.front() == 25);
  CHECK(stage.to_label.back() == 50);
  CHECK(task.slabs == Slabs::when_large);
  const auto& resample = std::get<image::ResampleCorner>(task.steps.at(1));
  CHECK(resample.spacing_mm == Spacing{1.5, 1.5, 1.5});
  CHECK(resample.truncate);
  CHECK(built("liver_vessels").steps.size() == 1);
}

TEST_CASE("totalsegmentator task: folds that are asked for, or all that are there", "[task]") {
  CHECK(built("aorta_annulus").stages[0].networks.size() == 5);
  const StageSpec all = built("pleural_pericard_effusion").stages[0];
  REQUIRE(all.networks.size() == 2);
  CHECK(contains(all.networks[1].file, "fold_3"));
}

TEST_CASE("totalsegmentator task: classes that are dropped, subsets and orders", "[task]") {
  CHECK(built("kidney_cysts").stages[0].to_label == std::vector<std::int64_t>{1, 2, 0, 0});
  TaskOptions subset;
  subset.roi_subset = {"vertebrae_L3", "liver"};
  const TaskSpec task = built("total", subset);
  CHECK(task.stages.size() == 2);
  CHECK(task.rough->labels == std::vector<std::int64_t>{5, 29});
  CHECK(std::get<image::KeepOnly>(task.polish.at(0)).labels == image::LabelNumbers{5, 29});
  REQUIRE(task.labels.size() == 2);
  CHECK(task.labels[1].value == 29);
  CHECK(task.labels[1].anatomy == "vertebrae_L3");
  subset.v1_order = true;
  const TaskSpec old = built("total", subset);
  const auto& to = std::get<image::Relabel>(old.polish.at(0)).to;
  CHECK(to.size() == 118);
  CHECK(to[29] == 20);
  CHECK(to[1] == 0);
  CHECK(old.labels[1].value == 20);
}

TEST_CASE("totalsegmentator task: rules on labels stand in the original's order", "[task]") {
  TaskOptions options;
  options.remove_small_blobs = kSmallBlobsMm3;
  const std::vector<Polish> body = built("body", options).polish;
  REQUIRE(body.size() == 3);
  CHECK(std::get<image::KeepLargestOf>(body[0]).labels == image::LabelNumbers{1});
  CHECK(std::get<image::DropSmall>(body[1]).labels == image::LabelNumbers{2});
  CHECK(std::get<image::DropSmall>(body[1]).most_mm3 == 50000);
  CHECK(std::get<image::DropSmall>(body[2]).labels.empty());
  const TaskSpec refined = built("vertebrae_pp_refined");
  REQUIRE(refined.polish.size() == 4);
  CHECK(std::get<image::SeparateVertebrae>(refined.polish[0]).l5 == 24);
  CHECK(std::get<image::DilateLabels>(refined.polish[1]).radius_mm == 3);
  CHECK(std::get<image::DilateLabels>(refined.polish[2]).at == image::At::image);
  CHECK(std::get<image::KeepWithin>(refined.polish[3]).labels == image::LabelNumbers{1});
  CHECK(refined.beside->name == "vertebrae_body");
  const TaskSpec heart = built("heartchambers_highres");
  CHECK(std::get<image::KeepWithin>(heart.polish.at(0)).labels == image::LabelNumbers{51, 52, 63});
  CHECK(heart.rough->labels == std::vector<std::int64_t>{51});
}

TEST_CASE("totalsegmentator task: small networks have plans of their own", "[task]") {
  TaskOptions small;
  small.model_size = ModelSize::small;
  CHECK(contains(built("total_v3", small).stages[0].networks[0].file, "__nnUNetResEncUNetLPlans_8__"));
}

TEST_CASE("totalsegmentator task: networks that are not there are told with where they come from", "[task]") {
  const test::TemporaryFolder empty;
  const std::string open = error_of([&] {
    open_totalsegmentator_task("liver_vessels", {}, {"/nowhere", empty.path()});
  });
  CHECK(contains(open,
                 "model/model: task 'liver_vessels' needs networks that are not there: "
                 "Dataset298_TotalSegmentator_total_6mm_1559subj/"));
  CHECK(contains(open,
                 ", Dataset008_HepaticVessel/nnUNetTrainer__nnUNetPlans__3d_fullres; looked for in "
                 "/nowhere, " +
                     empty.path().string()));
  CHECK(contains(open,
                 "v2.0.0-weights/Dataset298_TotalSegmentator_total_6mm_1559subj.zip (licence Apache-2.0)"));
  const std::string licensed =
      error_of([&] { open_totalsegmentator_task("tissue_types", {}, {empty.path()}); });
  CHECK(contains(licensed, "under a licence of their own"));
}

}  // namespace
}  // namespace musclemap::task
