#include "cli/run_flags.hpp"

#include "base/run_options.hpp"
#include "cli/choices.hpp"
#include "cli/option_flags.hpp"

namespace musclemap::cli {

void add_run_flags(CLI::App& app, RunControl* control, const std::string& memory_help) {
  constexpr int kMostThreads = 1024;
  OptionFlags flags(app, control);
  app.option_defaults()->group("Computing");
  flags.add("--threads", &RunControl::threads, "most threads to use (default: all cores)")
      ->check(CLI::Range(1, kMostThreads));
  flags.add("--memory", &RunControl::memory_budget, memory_help)
      ->option_text("SIZE")
      ->transform(size_in_bytes());
}

}  // namespace musclemap::cli
