// Fields after nnU-Net 2.8.1, nnUNetTrainer.save_checkpoint in
// nnunetv2/training/nnUNetTrainer/nnUNetTrainer.py; repeated names after dynamic_network_architectures 0.4,
// building_blocks/simple_conv_blocks.py (all_modules) and unet_decoder.py (encoder).
#include "io/weights/nnunet/checkpoint.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/text.hpp"
#include "io/weights/pickle_reader.hpp"
#include "io/weights/state_dict.hpp"
#include "io/weights/tensor_reader.hpp"
#include "musclemap/error.hpp"

namespace musclemap::io {
namespace {

constexpr std::size_t kLargestPackedPickle = std::size_t{16} << 20;
constexpr std::size_t kMostTensors = std::size_t{1} << 16;
constexpr const char* kWeights = "network_weights";
constexpr const char* kArguments = "init_args";

[[noreturn]] void refuse_checkpoint(const std::string& message) {
  throw Error(ErrorCode::model, Reason::model, message);
}

std::string in_quotation(const std::string& name) { return "'" + base::printable(name, 120) + "'"; }

/// The name of the same tensor that is no repetition: the encoder inside of the decoder is the encoder, and
/// of the list of modules of a block 0 is its convolution and what follows its norm.
std::string first_name(const std::string& name) {
  constexpr std::string_view kInner = "decoder.encoder.";
  constexpr std::string_view kList = ".all_modules.";
  std::string first = name;
  if (first.compare(0, kInner.size(), kInner) == 0) first.erase(0, std::string_view("decoder.").size());
  const std::size_t list = first.find(kList);
  if (list == std::string::npos) return first;
  const std::size_t number = list + kList.size();
  const std::size_t end = first.find('.', number);
  if (end == std::string::npos) return first;
  const bool convolution = first.compare(number, end - number, "0") == 0;
  return first.substr(0, list) + (convolution ? ".conv" : ".norm") + first.substr(end);
}

class CheckpointReader {
 public:
  explicit CheckpointReader(const ZipReader& zip) : zip_(zip) {}

  NnunetCheckpoint run() {
    const ZipEntry& pickle = *zip_.find(archive_root(zip_) + "/data.pkl");
    const std::vector<std::string> kept = {kWeights, kArguments};
    tree_ = pickle.deflated ? read_checkpoint_pickle(zip_.read(pickle, kLargestPackedPickle), kept)
                            : read_checkpoint_pickle(zip_.stored(pickle), kept);
    const PickleNode& root = tree_[tree_.root];
    const PickleNode* weights = root.kind == PickleKind::dict ? member(root, kWeights) : nullptr;
    if (weights == nullptr) refuse_checkpoint("is no checkpoint of nnU-Net: it has no network_weights");
    if (weights->kind != PickleKind::dict || weights->items.empty()) {
      refuse_checkpoint(std::string("network_weights is a ") + pickle_kind_name(weights->kind) +
                        (weights->items.empty() ? " of nothing" : "") + "; named tensors are needed");
    }
    NnunetCheckpoint result;
    read_weights(*weights, &result.weights);
    if (const PickleNode* trainer = member(root, "trainer_name")) {
      result.trainer = text_of(*trainer, "trainer_name");
    }
    const PickleNode* arguments = member(root, kArguments);
    if (arguments != nullptr && arguments->kind == PickleKind::dict) {
      const PickleNode* configuration = member(*arguments, "configuration");
      if (configuration != nullptr) {
        result.configuration = text_of(*configuration, "init_args['configuration']");
      }
    }
    read_mirroring(member(root, "inference_allowed_mirroring_axes"), &result.mirroring_axes);
    return result;
  }

 private:
  /// The last of that name, as in Python; null where there is none.
  const PickleNode* member(const PickleNode& dict, std::string_view name) const {
    for (std::size_t i = dict.items.size(); i >= 2; i -= 2) {
      const PickleNode& key = tree_[dict.items[i - 2]];
      if (key.kind == PickleKind::text && key.text == name) return &tree_[dict.items[i - 1]];
    }
    return nullptr;
  }

  static std::string text_of(const PickleNode& node, const std::string& field) {
    if (node.kind != PickleKind::text) {
      refuse_checkpoint(field + " is a " + pickle_kind_name(node.kind) + "; a text is needed");
    }
    return node.text;
  }

  void read_mirroring(const PickleNode* field, std::vector<int>* axes) const {
    if (field == nullptr || field->kind == PickleKind::none) return;
    const bool list = field->kind == PickleKind::tuple || field->kind == PickleKind::list;
    if (!list || field->items.size() > 3) {
      refuse_checkpoint("inference_allowed_mirroring_axes is " +
                        (list ? "of " + std::to_string(field->items.size()) + " axes"
                              : std::string("a ") + pickle_kind_name(field->kind)) +
                        "; at most 3 axes are needed");
    }
    for (const std::uint32_t item : field->items) {
      const PickleNode& axis = tree_[item];
      if (axis.kind != PickleKind::integer || axis.integer < 0 || axis.integer > 2 ||
          std::count(axes->begin(), axes->end(), static_cast<int>(axis.integer)) != 0) {
        refuse_checkpoint(
            "inference_allowed_mirroring_axes has an axis that is not one of 0, 1 and 2, each once");
      }
      axes->push_back(static_cast<int>(axis.integer));
    }
  }

  bool same_place(const PickleNode& a, const PickleNode& b) const {
    const auto numbers = [&](const PickleNode& tensor, std::size_t part) {
      std::vector<std::int64_t> result;
      for (const std::uint32_t item : tree_[tensor.items[part]].items) result.push_back(tree_[item].integer);
      return result;
    };
    const PickleNode& of_a = tree_[a.items[0]];
    const PickleNode& of_b = tree_[b.items[0]];
    return of_a.text == of_b.text && tree_[of_a.items[0]].text == tree_[of_b.items[0]].text &&
           tree_[a.items[1]].integer == tree_[b.items[1]].integer && numbers(a, 2) == numbers(b, 2) &&
           numbers(a, 3) == numbers(b, 3);
  }

  void check_names(const PickleNode& weights) const {
    if (weights.items.size() / 2 > kMostTensors) {
      throw Error(ErrorCode::format, Reason::limit, "network_weights has more than 65536 tensors");
    }
    for (std::size_t i = 0; i < weights.items.size(); i += 2) {
      const PickleNode& key = tree_[weights.items[i]];
      const PickleNode& value = tree_[weights.items[i + 1]];
      if (key.kind != PickleKind::text) {
        refuse_checkpoint(std::string("network_weights has a key that is a ") + pickle_kind_name(key.kind) +
                          ", not a name");
      }
      if (value.kind != PickleKind::tensor) {
        refuse_checkpoint("network_weights[" + in_quotation(key.text) + "] is a " +
                          pickle_kind_name(value.kind) + ", not a tensor");
      }
    }
  }

  /// First the names that repeat nothing, then those that do.
  void read_weights(const PickleNode& weights, net::StateDict* result) const {
    check_names(weights);
    TensorReader tensors(zip_, tree_);
    struct Known {
      const PickleNode* node;
      std::size_t place;
    };
    std::unordered_map<std::string, Known> known;
    for (const bool repetitions : {false, true}) {
      for (std::size_t i = 0; i < weights.items.size(); i += 2) {
        const std::string& name = tree_[weights.items[i]].text;
        const PickleNode& node = tree_[weights.items[i + 1]];
        const std::string first = first_name(name);
        if ((first != name) != repetitions) continue;
        const auto found = known.find(first);
        if (found == known.end()) {
          known.emplace(first, Known{&node, result->size()});
          result->push_back({first, tensors.read(name, node)});
          continue;
        }
        if (!repetitions) {
          throw Error(ErrorCode::format, Reason::corrupt, "names " + in_quotation(name) + " twice");
        }
        if (same_place(node, *found->second.node)) continue;
        const net::Tensor& before = (*result)[found->second.place].tensor;
        const net::Tensor again = tensors.read(name, node);
        if (again.shape != before.shape || again.values != before.values) {
          refuse_checkpoint(in_quotation(name) + " and " + in_quotation(first) +
                            " are one tensor of the network and differ");
        }
      }
    }
  }

  const ZipReader& zip_;
  PickleTree tree_;
};

}  // namespace

NnunetCheckpoint read_nnunet_checkpoint(const ZipReader& zip) { return CheckpointReader(zip).run(); }

}  // namespace musclemap::io
