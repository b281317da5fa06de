#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/words.hpp"
#include "io/weights/microsam/checkpoint.hpp"
#include "io/weights/weights_file.hpp"
#include "musclemap/error.hpp"
#include "net/arch/sam.hpp"
#include "task/cells/sam_model_state.hpp"
#include "task/search_path.hpp"

namespace musclemap {
namespace {

namespace fs = std::filesystem;

constexpr const char* kEncoder = "encoder.pt";
constexpr const char* kAisDecoder = "ais_decoder.pt";
constexpr const char* kMaskDecoder = "mask_decoder.pt";

/// Without a network where there is no such file.
task::SamNetwork network_of(const fs::path& file, bool trust, const RunControl& control) {
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return {};
  return task::open_sam_network(file, trust, control);
}

void open_programs(const fs::path& folder, bool trust, const RunControl& control, SamModel::State* state) {
  state->encoder = network_of(folder / kEncoder, trust, control);
  state->ais_decoder = network_of(folder / kAisDecoder, trust, control);
  state->mask_decoder = network_of(folder / kMaskDecoder, trust, control);
  if (!state->encoder.is_there()) {
    throw Error(ErrorCode::argument, Reason::invalid, "holds no encoder.pt, the encoder of micro-sam",
                folder);
  }
  if (!state->ais_decoder.is_there() && !state->mask_decoder.is_there()) {
    throw Error(ErrorCode::argument, Reason::invalid,
                "holds neither ais_decoder.pt, for AIS, nor mask_decoder.pt, for AMG", folder);
  }
}

task::SamNetwork known_network(const fs::path& file, const std::string& sha256,
                               const std::string& architecture, net::StateDict weights) {
  auto known = std::make_shared<infer::KnownNetwork>();
  known->architecture = architecture;
  known->weights = std::move(weights);
  return {file, sha256, nullptr, std::move(known)};
}

/// Empty where there is none.
fs::path decoder_beside(const fs::path& file) {
  std::error_code ignored;
  for (const fs::path& extension : {fs::path(), file.extension()}) {
    fs::path beside = file;
    beside.replace_extension();
    beside += "_decoder";
    beside += extension;
    if (fs::is_regular_file(beside, ignored)) return beside;
  }
  return {};
}

void open_decoder(const fs::path& file, const RunControl& control, SamModel::State* state) {
  try {
    io::WeightsFile weights(file, control);
    io::SamCheckpoint checkpoint = io::read_sam_checkpoint(weights.bytes());
    net::StateDict* const named = checkpoint.decoder.empty() ? &checkpoint.model : &checkpoint.decoder;
    state->ais_decoder =
        known_network(file, weights.sha256(), "microsam_decoder", net::microsam_decoder_weights(named));
  } catch (const Error& error) {
    throw error.about(file);
  }
}

void open_checkpoint(const fs::path& file, const RunControl& control, SamModel::State* state) {
  try {
    io::WeightsFile weights(file, control);
    io::SamCheckpoint checkpoint = io::read_sam_checkpoint(weights.bytes());
    const std::string& sha256 = weights.sha256();
    state->encoder = known_network(file, sha256, "sam_encoder", net::sam_encoder_weights(&checkpoint.model));
    state->mask_decoder =
        known_network(file, sha256, "sam_mask_decoder", net::sam_mask_decoder_weights(&checkpoint.model));
    if (!checkpoint.decoder.empty()) {
      state->ais_decoder =
          known_network(file, sha256, "microsam_decoder", net::microsam_decoder_weights(&checkpoint.decoder));
    }
  } catch (const Error& error) {
    throw error.about(file);
  }
}

/// Where micro-sam keeps what it downloads.
fs::path cache_folder() {
  const std::string named = task::environment("MICROSAM_CACHEDIR");
  if (!named.empty()) return fs::path(named) / "models";
  const std::string caches = task::environment("XDG_CACHE_HOME");
  const fs::path base = caches.empty() ? fs::path(task::environment("HOME")) / ".cache" : fs::path(caches);
  return base / "micro_sam" / "models";
}

/// A path, or the file of one of micro-sam's names.
fs::path found_model(const fs::path& model) {
  std::error_code ignored;
  if (fs::exists(model, ignored)) return model;
  const std::vector<std::string>& names = SamModel::names();
  if (std::find(names.begin(), names.end(), model.string()) == names.end()) {
    throw Error(ErrorCode::io, Reason::io,
                "is not there; a checkpoint, a folder and " + base::listed(names) + " are allowed", model);
  }
  fs::path file = cache_folder() / model;
  if (fs::is_regular_file(file, ignored)) return file;
  throw Error(ErrorCode::io, Reason::io,
              "the model '" + model.string() + "' is not there: looked for " + file.string() +
                  "; MICROSAM_CACHEDIR names another cache");
}

}  // namespace

SamModel::SamModel(std::shared_ptr<const State> state) noexcept : state_(std::move(state)) {}

std::vector<std::string> SamModel::names() {
  return {"vit_b", "vit_l", "vit_h", "vit_b_lm", "vit_l_lm", "vit_b_em_organelles", "vit_l_em_organelles"};
}

SamModel SamModel::open(const fs::path& model, const SamModelOptions& options, const RunControl& control) {
  auto state = std::make_shared<State>();
  state->file = found_model(model);
  std::error_code ignored;
  const fs::path whole = fs::absolute(state->file).lexically_normal();
  if (fs::is_directory(state->file, ignored)) {
    open_programs(state->file, options.trust, control, state.get());
    state->name = (whole.has_filename() ? whole : whole.parent_path()).filename().string();
  } else {
    open_checkpoint(state->file, control, state.get());
    const fs::path decoder = options.decoder.empty() ? decoder_beside(state->file) : options.decoder;
    if (!decoder.empty()) open_decoder(decoder, control, state.get());
    state->name = whole.stem().string();
  }
  return SamModel(std::move(state));
}

const std::string& SamModel::name() const noexcept { return state_->name; }
const fs::path& SamModel::file() const noexcept { return state_->file; }
const std::string& SamModel::sha256() const noexcept { return state_->encoder.sha256; }
bool SamModel::has(SamMethod method) const noexcept {
  return (method == SamMethod::ais ? state_->ais_decoder : state_->mask_decoder).is_there();
}

}  // namespace musclemap
