// Layout after nnU-Net 2.8.1: nnunetv2/utilities/file_path_utilities.py (names of folders) and
// nnunetv2/inference/predict_from_raw_data.py (which folds).
#include "io/weights/nnunet/folder.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "base/text.hpp"
#include "io/files/file_bytes.hpp"
#include "io/files/json_file.hpp"
#include "io/weights/nnunet/checkpoint.hpp"
#include "io/weights/state_dict.hpp"
#include "io/weights/weights_file.hpp"
#include "musclemap/error.hpp"
#include "net/arch/nnunet_plain.hpp"
#include "net/arch/nnunet_residual.hpp"
#include "net/check_graph.hpp"
#include "net/match_weights.hpp"

namespace musclemap::io {
namespace {

constexpr std::uint64_t kLargestDescription = std::uint64_t{16} << 20;
constexpr std::size_t kMostFolds = 64;

/// The three words of "<trainer>__<plans>__<configuration>"; empty for another name.
std::vector<std::string> words_of(const std::string& name) {
  std::vector<std::string> words;
  std::size_t begin = 0;
  for (std::size_t end = name.find("__"); end != std::string::npos; end = name.find("__", begin)) {
    words.push_back(name.substr(begin, end - begin));
    begin = end + 2;
  }
  words.push_back(name.substr(begin));
  const bool named =
      words.size() == 3 && std::none_of(words.begin(), words.end(), [](const auto& w) { return w.empty(); });
  return named ? words : std::vector<std::string>();
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + base::printable(name, 120);
  return text.empty() ? "none" : text;
}

/// Names of the folders inside, sorted.
std::vector<std::string> folders_in(const std::filesystem::path& path) {
  std::vector<std::string> names;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(path, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code ignored;
    if (entry->is_directory(ignored)) names.push_back(entry->path().filename().string());
  }
  if (error) throw Error(ErrorCode::io, Reason::io, "cannot be listed: " + error.message(), path);
  std::sort(names.begin(), names.end());
  return names;
}

/// `path` itself, or the one folder in it that the options mean.
std::filesystem::path model_folder(const std::filesystem::path& path, const NnunetFolderOptions& options) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(path, ignored)) {
    throw Error(ErrorCode::io, Reason::io, "is no folder", path);
  }
  if (std::filesystem::exists(path / "plans.json", ignored)) return path;
  std::vector<std::string> known;
  std::vector<std::string> meant;
  for (const std::string& name : folders_in(path)) {
    const std::vector<std::string> words = words_of(name);
    if (words.empty() || !std::filesystem::exists(path / name / "plans.json", ignored)) continue;
    known.push_back(name);
    if ((options.trainer.empty() || options.trainer == words[0]) &&
        (options.configuration.empty() || options.configuration == words[2])) {
      meant.push_back(name);
    }
  }
  if (known.empty()) {
    throw Error(
        ErrorCode::io, Reason::io,
        "holds no model of nnU-Net: neither plans.json nor a folder <trainer>__<plans>__<configuration> "
        "with one",
        path);
  }
  if (meant.size() == 1) return path / meant[0];
  std::string asked = options.configuration.empty() ? "" : " configuration '" + options.configuration + "'";
  if (!options.trainer.empty()) asked += " trainer '" + options.trainer + "'";
  throw Error(ErrorCode::argument, Reason::invalid,
              (meant.empty() ? "has no model of" + base::printable(asked) + "; there are: "
                             : "has several models; name the configuration or the trainer: ") +
                  listed(meant.empty() ? known : meant),
              path);
}

std::string description_of(const std::filesystem::path& file) {
  return read_file_bytes(file, kLargestDescription);
}

/// The configuration that the folder's name says, or the only one of the plans.
std::string configuration_name(const NnunetFolder& folder, const NnunetFolderOptions& options) {
  const std::vector<std::string> words = words_of(folder.path.filename().string());
  if (words.empty()) {
    if (!options.configuration.empty()) return options.configuration;
    if (folder.plans.configurations.size() == 1) return folder.plans.configurations[0];
    throw Error(ErrorCode::argument, Reason::invalid,
                "has several configurations; name one of " + listed(folder.plans.configurations),
                folder.path / "plans.json");
  }
  if (!options.configuration.empty() && options.configuration != words[2]) {
    throw Error(ErrorCode::argument, Reason::invalid,
                "is a model of configuration '" + words[2] + "', not '" +
                    base::printable(options.configuration) + "'",
                folder.path);
  }
  return words[2];
}

void find_folds(const NnunetFolderOptions& options, NnunetFolder* folder) {
  if (options.checkpoint.empty() || options.checkpoint.find_first_of("/\\") != std::string::npos) {
    throw Error(ErrorCode::argument, Reason::invalid,
                "the checkpoint '" + base::printable(options.checkpoint) + "' is not the name of a file");
  }
  std::error_code ignored;
  std::vector<std::string> there;
  for (const std::string& name : folders_in(folder->path)) {
    if (name.rfind("fold_", 0) == 0 &&
        std::filesystem::exists(folder->path / name / options.checkpoint, ignored))
      there.push_back(name.substr(5));
  }
  std::vector<std::string> wanted = options.folds;
  if (wanted.empty()) {
    std::copy_if(there.begin(), there.end(), std::back_inserter(wanted),
                 [](const std::string& fold) { return fold != "all"; });
    if (wanted.empty()) wanted = there;
  }
  for (const std::string& fold : wanted) {
    if (std::find(there.begin(), there.end(), fold) == there.end()) {
      throw Error(ErrorCode::io, Reason::io,
                  "has no fold_" + base::printable(fold, 60) + "/" + options.checkpoint +
                      "; folds that have one: " + listed(there),
                  folder->path);
    }
    folder->folds.push_back({fold, folder->path / ("fold_" + fold) / options.checkpoint});
  }
  if (folder->folds.empty() || folder->folds.size() > kMostFolds) {
    throw Error(ErrorCode::io, Reason::io,
                folder->folds.empty() ? "has no fold_…/" + options.checkpoint : "has more than 64 folds",
                folder->path);
  }
}

/// The network takes a patch and gives scores of its size.
void check_patch(const NnunetConfiguration& configuration) {
  const net::Graph graph = nnunet_graph(configuration);
  const std::vector<std::int64_t> patch(configuration.patch_size.begin(), configuration.patch_size.end());
  const net::LayerShape scores = net::layer_shapes(graph, patch)[graph.outputs[0].layer];
  if (scores.sizes != patch) {
    throw Error(ErrorCode::model, Reason::model,
                "patch_size " + net::shape_text(patch) + " gives scores of " + net::shape_text(scores.sizes));
  }
}

template <class Call>
void about_file(const std::filesystem::path& file, const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    throw error.about(file);
  }
}

}  // namespace

NnunetFolder open_nnunet_folder(const std::filesystem::path& path, const NnunetFolderOptions& options) {
  NnunetFolder folder;
  // A trailing slash would leave it without a name.
  folder.path = model_folder((path / "").parent_path(), options);
  const std::vector<std::string> words = words_of(folder.path.filename().string());
  if (!words.empty()) folder.trainer = words[0];
  about_file(folder.path / "dataset.json",
             [&] { folder.dataset = parse_nnunet_dataset(description_of(folder.path / "dataset.json")); });
  about_file(folder.path / "plans.json", [&] {
    const nlohmann::json plans = parse_json(description_of(folder.path / "plans.json"));
    folder.plans = parse_nnunet_plans(plans);
    const std::string name = configuration_name(folder, options);
    NnunetConfiguration configuration =
        parse_nnunet_configuration(plans, name, folder.dataset.channels.size());
    const bool cascaded = !configuration.previous_stage.empty();
    configuration.network.in_channels = static_cast<int>(folder.dataset.channels.size()) +
                                        (cascaded ? folder.dataset.foreground_values() : 0);
    configuration.network.out_channels = folder.dataset.scores();
    check_patch(configuration);
    folder.configuration = std::move(configuration);
  });
  find_folds(options, &folder);
  return folder;
}

net::Graph nnunet_graph(const NnunetConfiguration& configuration) {
  return configuration.architecture == NnunetArchitecture::residual
             ? net::nnunet_residual(configuration.network)
             : net::nnunet_plain(configuration.network);
}

NnunetNetwork read_nnunet_fold(const NnunetFolder& folder, std::size_t fold, const RunControl& control) {
  const std::filesystem::path& file = folder.folds.at(fold).checkpoint;
  NnunetNetwork network;
  about_file(file, [&] {
    WeightsFile weights(file, control);
    refuse_other_weights_formats(weights.bytes());
    NnunetCheckpoint checkpoint = read_nnunet_checkpoint(ZipReader(weights.bytes()));
    const std::string& trained = checkpoint.configuration;
    if (!trained.empty() && trained != folder.configuration.name) {
      throw Error(ErrorCode::model, Reason::model,
                  "was trained as configuration '" + base::printable(trained, 60) + "', not '" +
                      folder.configuration.name + "'");
    }
    const int axes = static_cast<int>(folder.configuration.patch_size.size());
    for (const int axis : checkpoint.mirroring_axes) {
      if (axis < axes) continue;
      throw Error(ErrorCode::model, Reason::model,
                  "inference_allowed_mirroring_axes has axis " + std::to_string(axis) + " of a network of " +
                      std::to_string(axes));
    }
    network.graph = nnunet_graph(folder.configuration);
    network.weights = net::match_weights(std::move(checkpoint.weights), network.graph, "plans.json");
    network.trainer = std::move(checkpoint.trainer);
    network.mirroring_axes = std::move(checkpoint.mirroring_axes);
    network.sha256 = weights.sha256();
  });
  return network;
}

}  // namespace musclemap::io
