#include <algorithm>
#include <filesystem>
#include <memory>

#include "convert.hpp"
#include "guard.hpp"
#include "handles.hpp"
#include "task/bundle_state.hpp"
#include "trusted_hashes.hpp"

namespace capi = musclemap::capi;
using musclemap::Error;
using musclemap::ErrorCode;
using musclemap::ModelBundle;
using musclemap::ModelOpenOptions;
using musclemap::WeightsFormat;

namespace {

ModelOpenOptions open_options(const mm_bundle_options* options) {
  const mm_bundle_options own = capi::taken_or_default(options, "options");
  ModelOpenOptions open;
  open.trust = own.trust != 0;
  open.allow_missing_description = own.allow_missing_description != 0;
  return open;
}

ModelBundle opened(const std::filesystem::path& path, ModelOpenOptions open,
                   const musclemap::RunControl& control) {
  ModelBundle bundle = ModelBundle::open(path, open, control);
  if (bundle.trusted() || !capi::TrustedHashes::of_process().has(bundle.sha256())) return bundle;
  open.trust = true;
  musclemap::RunControl again = control;
  again.on_progress = nullptr;  // which has heard of the whole file
  ModelBundle trusted = ModelBundle::open(path, open, again);
  // The file may have been replaced in between.
  if (trusted.sha256() != bundle.sha256())
    throw Error(ErrorCode::io, musclemap::Reason::io, "the file changed while it was read", path);
  return trusted;
}

}  // namespace

mm_status mm_bundle_open(const char* path, const mm_bundle_options* options, const mm_run_options* run,
                         mm_bundle** out) noexcept {
  return capi::guarded([&] {
    capi::required(path, "path");
    capi::required(out, "out");
    *out = std::make_unique<mm_bundle>(opened(path, open_options(options), capi::run_control(run))).release();
  });
}

mm_status mm_bundle_open_published(const char* region, const char* version, const mm_bundle_options* options,
                                   const mm_run_options* run, mm_bundle** out) noexcept {
  return capi::guarded([&] {
    capi::required(region, "region");
    capi::required(out, "out");
    const ModelOpenOptions open = open_options(options);
    const musclemap::RunControl control = capi::run_control(run);
    const std::filesystem::path path = musclemap::find_model(region, version == nullptr ? "latest" : version);
    *out = std::make_unique<mm_bundle>(opened(path, open, control)).release();
  });
}

mm_status mm_bundle_describe(const mm_bundle* bundle, mm_bundle_info* out) noexcept {
  return capi::guarded([&] {
    const ModelBundle& model = capi::checked(bundle, "bundle").bundle;
    const capi::Result<mm_bundle_info> result(out, "out");
    mm_bundle_info info{};
    info.format =
        model.format() == WeightsFormat::torchscript ? MM_WEIGHTS_TORCHSCRIPT : MM_WEIGHTS_STATE_DICT;
    info.name = model.name().c_str();
    info.version = model.version().c_str();
    info.sha256 = model.sha256().c_str();
    info.weights_file = model.weights_file().c_str();
    info.network = model.network().c_str();
    info.problem = model.problem().c_str();
    info.trusted = model.trusted() ? 1 : 0;
    info.out_channels = model.out_channels();
    info.parameter_count = model.parameter_count();
    std::copy(model.target_spacing().begin(), model.target_spacing().end(),
              std::begin(info.target_spacing_mm));
    std::copy(model.window().begin(), model.window().end(), std::begin(info.window));
    result.give(info);
  });
}

mm_status mm_bundle_labels(const mm_bundle* bundle, mm_labels** out) noexcept {
  return capi::guarded([&] {
    const ModelBundle& model = capi::checked(bundle, "bundle").bundle;
    capi::required(out, "out");
    *out = std::make_unique<mm_labels>(model.labels(), model.state().opened).release();
  });
}

void mm_bundle_free(mm_bundle* bundle) noexcept {
  if (capi::may_free(bundle)) delete bundle;
}
