#include <utility>

#include "musclemap/error.hpp"
#include "task/cells/sam_model_state.hpp"

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
  if (!state->encoder.network) {
    throw Error(ErrorCode::argument, Reason::invalid, "holds no encoder.pt, the encoder of micro-sam",
                folder);
  }
  if (!state->ais_decoder.network && !state->mask_decoder.network) {
    throw Error(ErrorCode::argument, Reason::invalid,
                "holds neither ais_decoder.pt, for AIS, nor mask_decoder.pt, for AMG", folder);
  }
}

}  // namespace

SamModel::SamModel(std::shared_ptr<const State> state) noexcept : state_(std::move(state)) {}

SamModel SamModel::open(const fs::path& model, const SamModelOptions& options, const RunControl& control) {
  auto state = std::make_shared<State>();
  state->file = model;
  std::error_code ignored;
  if (!fs::exists(model, ignored)) {
    throw Error(ErrorCode::io, Reason::io, "is not there", model);
  }
  if (!fs::is_directory(model, ignored)) {
    throw Error(ErrorCode::argument, Reason::invalid,
                "is no folder of networks of micro-sam: encoder.pt, ais_decoder.pt, mask_decoder.pt", model);
  }
  open_programs(model, options.trust, control, state.get());
  const fs::path whole = fs::absolute(model).lexically_normal();
  state->name = (whole.has_filename() ? whole : whole.parent_path()).filename().string();
  return SamModel(std::move(state));
}

const std::string& SamModel::name() const noexcept { return state_->name; }
const fs::path& SamModel::file() const noexcept { return state_->file; }
const std::string& SamModel::sha256() const noexcept { return state_->encoder.sha256; }
bool SamModel::has(SamMethod method) const noexcept {
  return (method == SamMethod::ais ? state_->ais_decoder : state_->mask_decoder).network != nullptr;
}

}  // namespace musclemap
