#include "nnunet_model.hpp"

#include "task/task_spec.hpp"

namespace musclemap::bench {

NnunetModel::NnunetModel(const std::filesystem::path& folder) : task_(Task::open(folder.string())) {
  const task::TaskSpec& spec = task_.state().spec;
  const Index3& size = spec.stages.at(0).windows.size;
  patch_ = {size[2], size[1], size[0]};
  classes_ = spec.channels(spec.stages[0]);
}

infer::LoadedEngine NnunetModel::load(int threads) const {
  const Task::State& state = task_.state();
  RunControl control;
  control.threads = threads;
  const task::ReadNetwork read = state.sources.at(state.spec.stages[0].networks.at(0).file).read(control);
  infer::EngineRequest request;
  request.threads = threads;
  request.torch_threads = threads;
  return infer::load_engine(*read.network, request);
}

}  // namespace musclemap::bench
