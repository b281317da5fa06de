// What RunControl holds.
#ifndef MUSCLEMAP_BASE_RUN_OPTIONS_HPP_
#define MUSCLEMAP_BASE_RUN_OPTIONS_HPP_

#include "base/option.hpp"
#include "musclemap/run.hpp"

namespace musclemap::base {

template <>
struct Options<RunControl> {
  using O = RunControl;
  static constexpr auto kList = std::make_tuple(
      option("on_progress", &O::on_progress, "hears how far the call is; may end it"),
      option("cancel", &O::cancel, "ends the call from another thread or a signal handler"),
      option("threads", &O::threads, "most threads to use", from(0)),
      option("memory_budget", &O::memory_budget, "most memory to take; never changes the result"),
      option("on_warning", &O::on_warning, "hears remarks about the input that do not stop the call"));
};

}  // namespace musclemap::base

#endif  // MUSCLEMAP_BASE_RUN_OPTIONS_HPP_
