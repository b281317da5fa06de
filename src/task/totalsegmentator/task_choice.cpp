// Order of the decisions: TotalSegmentator 2.18.0, python_api.py, totalsegmentator() and get_task_config().
#include "task/totalsegmentator/task_choice.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "musclemap/error.hpp"
#include "task/task_options.hpp"

namespace musclemap::task {
namespace {

constexpr double kRoughMarginMm = 20;
constexpr double kBodyMarginMm = 3;
constexpr const char* kUsualPlans = "nnUNetPlans";
constexpr const char* kSmallPlans = "nnUNetResEncUNetLPlans_8";

[[noreturn]] void refuse(const std::string& what) { throw Error(ErrorCode::argument, what); }

bool starts_with(const std::string& text, const std::string& begin) { return text.rfind(begin, 0) == 0; }

// What TotalSegmentator decides by, not the modality.
bool is_mr(const KnownTask& task) {
  const std::string end = "_mr";
  return task.name.size() > end.size() &&
         task.name.compare(task.name.size() - end.size(), end.size(), end) == 0;
}

std::string quoted(const std::string& text) { return "'" + base::printable(text, 60) + "'"; }

const KnownTask& task_of(const std::string& name) {
  const KnownTask* task = known_task(name);
  if (task == nullptr)
    refuse("there is no task " + quoted(name) + "; `musclemap task list` shows those that there are");
  return *task;
}

class Chooser {
 public:
  Chooser(const KnownTask& task, const TaskOptions& options) : task_(task), options_(options) {}

  TaskChoice choice() {
    choice_.task = &task_;
    choose_variant();
    choose_subset();
    choose_networks();
    choose_grid();
    choose_rough();
    check_lowres();
    choose_rules();
    return std::move(choice_);
  }

 private:
  void ignore(const std::string& option, const std::string& why) {
    choice_.ignored.push_back(option + " has no effect: " + why);
  }

  void choose_variant() {
    const std::string wanted = options_.fast ? "fast" : options_.fastest ? "fastest" : "default";
    const KnownVariant* variant = task_.variant(wanted);
    const bool several = task_.variants.size() > 1;
    if (variant == nullptr && options_.fast && !task_.fast_ignored)
      refuse("task " + task_.name + " has no fast network; leave fast out");
    // Of body there is one of 6 mm, which TotalSegmentator calls fast.
    if (variant == nullptr && several) variant = task_.variant("fast");
    if (variant == nullptr) {
      ignore(wanted, "task " + task_.name + " has one network");
      variant = &task_.variants[0];
    }
    choice_.variant = variant;
    const bool small = options_.model_size == ModelSize::small;
    if (small && task_.name != "total_v3")
      refuse("model_size is small; task " + task_.name + " has big networks alone, total_v3 has small ones");
    choice_.plans = small ? kSmallPlans : kUsualPlans;
  }

  void choose_subset() {
    robust_ = !options_.roi_subset_robust.empty();
    choice_.subset = robust_ ? options_.roi_subset_robust : options_.roi_subset;
    if (choice_.subset.empty()) return;
    const std::string option = robust_ ? "roi_subset_robust" : "roi_subset";
    if (!starts_with(task_.name, "total"))
      refuse(option + " belongs to the tasks total, total_v3 and total_mr, not to " + task_.name);
    if (robust_ && !options_.roi_subset.empty()) ignore("roi_subset", "roi_subset_robust comes before it");
    const KnownTask& rough = rough_of_subset();
    for (const std::string& name : choice_.subset) {
      if (task_.value_of(name) == 0)
        refuse(option + " has " + quoted(name) + ", which is no class of task " + task_.name);
      if (rough.value_of(name) == 0)
        refuse(option + " has " + quoted(name) + ", which task " + rough.name +
               ", by which it would be found first, does not know");
    }
  }

  const KnownTask& rough_of_subset() const { return task_of(is_mr(task_) ? "total_mr" : "total"); }

  bool owns_wanted(const KnownNetwork& network) const {
    return std::any_of(choice_.subset.begin(), choice_.subset.end(), [&](const std::string& name) {
      const std::int32_t value = task_.value_of(name);
      return value >= network.first && value < network.first + network.labels;
    });
  }

  void choose_networks() {
    for (const KnownNetwork& each : choice_.variant->networks) {
      if (choice_.subset.empty() || owns_wanted(each)) choice_.networks.push_back(each);
    }
    // TotalSegmentator counts the networks of the task, not those that a subset needs.
    const bool several = choice_.variant->networks.size() > 1;
    choice_.slabs = options_.force_split ? Slabs::always : several ? Slabs::when_large : Slabs::never;
  }

  void choose_grid() {
    const bool old = options_.compat == TaskCompat::v2_5;
    choice_.spacing_mm = choice_.variant->spacing_mm;
    // Until 2.9 it stood as z, y, x.
    if (old && task_.name == "brain_structures")
      std::reverse(choice_.spacing_mm->begin(), choice_.spacing_mm->end());
    choice_.resampling_order = options_.resampling_order.value_or(old ? 3 : 1);
    const bool long_steps = !old || (task_.name == "total" && choice_.variant->name == "default");
    constexpr double kShortStep = 0.5;
    choice_.step = long_steps ? choice_.variant->step : kShortStep;
    choice_.near_scores = options_.higher_order_resampling;
    if (options_.higher_order_resampling_LEGACY) choice_.labels_back = LabelsReturn::class_by_class;
    if (options_.higher_order_resampling) go_without_grid();
    if (options_.higher_order_resampling_LEGACY && !choice_.spacing_mm) {
      ignore("higher_order_resampling_LEGACY", "labels are on the image's grid already");
      choice_.labels_back = LabelsReturn::nearest;
    }
  }

  // nnU-Net itself resamples, to the network's grid and back.
  void go_without_grid() {
    const std::string why = "nnU-Net resamples between the image's grid and the network's";
    if (choice_.spacing_mm && options_.resampling_order && !task_.crop && choice_.subset.empty() &&
        !options_.body_seg)
      ignore("resampling_order", why);
    if (options_.save_lowres) ignore("save_lowres", why);
    if (!options_.save_probabilities.empty())
      ignore("higher_order_resampling for single classes",
             "probabilities are those of all classes everywhere");
    choice_.spacing_mm.reset();
  }

  // A task at a coarse resolution, for its box alone.
  std::shared_ptr<const TaskChoice> coarse(const std::string& name, bool fast, bool fastest) const {
    TaskOptions options;
    options.fast = fast;
    options.fastest = fastest;
    options.resampling_order = options_.resampling_order;
    options.compat = options_.compat;
    return std::make_shared<const TaskChoice>(choose_task(name, options));
  }

  std::shared_ptr<const TaskChoice> coarse_of(const std::string& name, bool robust) const {
    if (name == "body") return coarse(name, true, false);
    if (!starts_with(name, "total")) return coarse(name, false, false);
    const bool fine = robust || name == "total_mr";
    return coarse(name, fine, !fine);
  }

  void choose_rough() {
    const bool wants_body = options_.body_seg && !is_mr(task_);
    if (options_.body_seg && is_mr(task_)) ignore("body_seg", "it is for CT");
    if (task_.crop) {
      const KnownCrop& crop = *task_.crop;
      choice_.rough = RoughChoice{coarse_of(crop.task, crop.robust || options_.robust_crop), crop.classes,
                                  crop.margin_mm};
    } else if (!choice_.subset.empty()) {
      choice_.rough = RoughChoice{coarse_of(rough_of_subset().name, robust_ || options_.robust_crop),
                                  choice_.subset, kRoughMarginMm};
    } else if (wants_body) {
      choice_.rough = RoughChoice{coarse("body", true, false), {}, kBodyMarginMm};
    }
    if (wants_body && (task_.crop || !choice_.subset.empty()))
      ignore("body_seg", "the image is cropped to less than the body");
    if (options_.robust_crop && !choice_.rough) ignore("robust_crop", "the image is not cropped");
  }

  void check_lowres() {
    if (!options_.save_lowres || options_.higher_order_resampling) return;
    if (!options_.fast && !options_.fastest) refuse("save_lowres goes with fast or fastest");
    if (choice_.rough)
      refuse("save_lowres does not go with an image that is cropped (roi_subset, body_seg, or task " +
             task_.name + " itself)");
    choice_.labels_back = LabelsReturn::none;
  }

  void choose_rules() {
    choice_.small_blobs_mm3 = options_.remove_small_blobs;
    choice_.v1_order = options_.v1_order && task_.name == "total";
    if (options_.v1_order && !choice_.v1_order) ignore("v1_order", "it is for task total");
    for (const KnownPolish& each : task_.polish) {
      // Came with 2.12.
      if (each.op == "remove_outside" && options_.compat == TaskCompat::v2_5) continue;
      choice_.polish.push_back(each);
      if (each.op != "refine_with_task") continue;
      auto beside = std::make_shared<TaskChoice>(*coarse(each.task, false, false));
      beside->near_scores = choice_.near_scores;
      choice_.beside = std::move(beside);
    }
    if (options_.no_derived_masks && task_.derived_masks.empty())
      ignore("no_derived_masks", "task " + task_.name + " has none");
    if (options_.use_mirroring) ignore("use_mirroring", "TotalSegmentator never mirrors");
  }

  const KnownTask& task_;
  const TaskOptions& options_;
  TaskChoice choice_;
  bool robust_ = false;
};

void add_wanted(const TaskChoice& choice, std::vector<WantedNetwork>* wanted) {
  if (choice.rough) add_wanted(*choice.rough->task, wanted);
  if (choice.beside) add_wanted(*choice.beside, wanted);
  for (const KnownNetwork& each : choice.networks) {
    const std::filesystem::path folder = choice.variant->folder(each, choice.plans);
    const bool known = std::any_of(wanted->begin(), wanted->end(),
                                   [&](const WantedNetwork& other) { return other.folder == folder; });
    if (!known) wanted->push_back({&choice, &each, folder});
  }
}

}  // namespace

TaskChoice choose_task(const std::string& name, const TaskOptions& options) {
  base::check_options(options);
  return Chooser(task_of(name), options).choice();
}

std::vector<WantedNetwork> wanted_networks(const TaskChoice& choice) {
  std::vector<WantedNetwork> wanted;
  add_wanted(choice, &wanted);
  return wanted;
}

}  // namespace musclemap::task
