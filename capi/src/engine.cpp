#include "guard.hpp"
#include "musclemap/segmenter.hpp"
#include "structs.hpp"

namespace capi = musclemap::capi;

mm_status mm_engine_describe(mm_engine_info* out) noexcept {
  return capi::guarded([&] {
    static thread_local musclemap::EngineStatus status;
    const capi::Result<mm_engine_info> result(out, "out");
    status = musclemap::engine_status();
    mm_engine_info info{};
    info.native = status.native.c_str();
    info.available = status.available ? 1 : 0;
    info.cuda = status.cuda ? 1 : 0;
    info.name = status.name.c_str();
    info.module_file = status.module_file.c_str();
    info.library_file = status.library_file.c_str();
    info.problem = status.problem.c_str();
    info.cuda_problem = status.cuda_problem.c_str();
    result.give(info);
  });
}
