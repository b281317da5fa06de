// `musclemap bench`: how long a model takes on every engine that this machine has.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <iomanip>
#include <memory>
#include <numeric>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "base/parallel.hpp"
#include "cli/bench_model.hpp"
#include "cli/commands.hpp"
#include "cli/console.hpp"
#include "cli/help_sections.hpp"
#include "cli/interrupt.hpp"
#include "cli/program.hpp"
#include "cli/score_comparison.hpp"
#include "infer/load_engine.hpp"
#include "musclemap/error.hpp"
#include "task/segment_options.hpp"

namespace musclemap::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double kMilliseconds = 1e3;

struct BenchArguments {
  std::string model;
  std::vector<std::int64_t> window;  // empty: the model's
  int threads = 0;
  int runs = 10;
  bool json = false;
  bool trust = false;
};

struct Contestant {
  std::unique_ptr<infer::Engine> engine;
  Precision precision = Precision::exact;  // what it computes with
  bool on_gpu = false;
  std::vector<float> scores;
  std::vector<double> milliseconds;
  double load_milliseconds = 0;

  double least() const { return *std::min_element(milliseconds.begin(), milliseconds.end()); }
  double median() const {
    std::vector<double> sorted = milliseconds;
    std::sort(sorted.begin(), sorted.end());
    const std::size_t half = sorted.size() / 2;
    return sorted.size() % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }
};

struct Missing {
  std::string name;
  std::string reason;
};

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count() * kMilliseconds;
}

// Windows as the network sees them: about zero, about one.
struct Input {
  std::vector<std::int64_t> shape;  // 1, channels, spatial axes..
  std::vector<float> values;
  std::int64_t voxels = 0;  // of a channel
  std::int64_t classes = 0;
};

std::string text_of(const std::vector<std::int64_t>& window) {
  std::string text;
  for (const std::int64_t size : window) text += (text.empty() ? "" : " x ") + std::to_string(size);
  return text;
}

// The model's, or what the command line says.
std::vector<std::int64_t> window_of(const BenchModel& model, const std::vector<std::int64_t>& given) {
  const auto axes = static_cast<std::size_t>(model.network->graph.axes);
  if (!given.empty() && !model.network->graph.empty() && given.size() != axes) {
    throw Error(
        ErrorCode::argument, Reason::invalid,
        "is a network of " + std::to_string(axes) + " axes; --window has " + std::to_string(given.size()),
        model.file);
  }
  if (!given.empty()) return given;
  if (!model.window.empty()) return model.window;
  throw Error(ErrorCode::argument, Reason::invalid,
              "has no description that states a window; give one with --window ROWS,COLUMNS", model.file);
}

Input make_input(const BenchModel& model, const std::vector<std::int64_t>& window) {
  Input input;
  input.shape = {1, model.channels};
  input.shape.insert(input.shape.end(), window.begin(), window.end());
  input.voxels = std::accumulate(window.begin(), window.end(), std::int64_t{1}, std::multiplies<>());
  input.classes = model.classes;
  input.values.resize(static_cast<std::size_t>(model.channels * input.voxels));
  for (std::size_t i = 0; i < input.values.size(); ++i) {
    input.values[i] = static_cast<float>(std::sin(0.37 * static_cast<double>(i)) +
                                         std::cos(0.011 * static_cast<double>(i)));
  }
  return input;
}

void run_once(Contestant& contestant, const Input& input) {
  contestant.engine->run(input.values.data(), input.shape, input.classes, contestant.scores.data());
}

// With a first run behind it, which does not count.
Contestant enter(const infer::Network& network, EngineChoice choice, const Device& device,
                 Precision precision, int threads, const Input& input) {
  infer::EngineRequest request;
  request.engine = choice;
  request.device = device;
  request.precision = precision;
  request.threads = threads;
  request.torch_threads = threads;
  request.compare_with_program = false;  // bench does so itself, on a whole window
  Contestant contestant;
  const Clock::time_point start = Clock::now();
  infer::LoadedEngine loaded = infer::load_engine(network, request);
  contestant.engine = std::move(loaded.engine);
  contestant.precision = loaded.precision;
  contestant.on_gpu = device.kind == Device::cuda;
  contestant.load_milliseconds = milliseconds_since(start);
  contestant.scores.resize(static_cast<std::size_t>(input.classes * input.voxels));
  run_once(contestant, input);
  return contestant;
}

struct Entered {
  std::vector<Contestant> exact;     // on the CPU; not empty
  std::vector<Contestant> compared;  // with the first of `exact`: fast precision, GPUs
  std::vector<Missing> missing;

  template <class Function>
  void for_each(const Function& function) {
    for (Contestant& each : exact) function(each);
    for (Contestant& each : compared) function(each);
  }
};

void enter_native_fast(const infer::Network& network, int threads, const Input& input, Entered* entered) {
  Contestant fast = enter(network, EngineChoice::native, Device{}, Precision::fast, threads, input);
  if (fast.precision == Precision::fast) {
    entered->compared.push_back(std::move(fast));
  } else {
    entered->missing.push_back(
        {"native with fast precision", "it does not pass the check that exact passes"});
  }
}

// The first GPU, where LibTorch finds one.
void enter_gpu(const infer::Network& network, int threads, const Input& input, Entered* entered) {
  if (!infer::probe_torch(true).cuda) return;
  for (const Precision precision : {Precision::exact, Precision::fast}) {
    try {
      const Device gpu{Device::cuda, 0};
      entered->compared.push_back(enter(network, EngineChoice::automatic, gpu, precision, threads, input));
    } catch (const Error& error) {
      entered->missing.push_back({"torch on a GPU", error.what()});
    }
  }
}

Entered enter_all(const BenchModel& model, int threads, const Input& input) {
  const infer::Network& network = *model.network;
  Entered entered;
  for (const auto& [name, choice] : {std::pair<const char*, EngineChoice>{"native", EngineChoice::native},
                                     {"torch", EngineChoice::torch}}) {
    try {
      entered.exact.push_back(enter(network, choice, Device{}, Precision::exact, threads, input));
    } catch (const Error& error) {
      entered.missing.push_back({name, error.what()});
      continue;
    }
    if (choice == EngineChoice::native && infer::native_has_fast())
      enter_native_fast(network, threads, input, &entered);
  }
  if (entered.exact.empty()) {
    throw Error(
        ErrorCode::device, Reason::model,
        "no engine runs it: native: " + entered.missing[0].reason + "; torch: " + entered.missing[1].reason,
        model.file);
  }
  enter_gpu(network, threads, input, &entered);
  return entered;
}

double largest_difference_of_exact(const Entered& entered) {
  return largest_difference(entered.exact.back().scores, entered.exact.front().scores);
}

nlohmann::ordered_json as_json(const Contestant& contestant) {
  nlohmann::ordered_json out;
  out["name"] = contestant.engine->name();
  out["load_ms"] = contestant.load_milliseconds;
  out["least_ms"] = contestant.least();
  out["median_ms"] = contestant.median();
  return out;
}

nlohmann::ordered_json as_json(const Entered& entered, std::int64_t classes) {
  nlohmann::ordered_json out;
  out["engines"] = nlohmann::ordered_json::array();
  for (const Contestant& each : entered.exact) out["engines"].push_back(as_json(each));
  const std::vector<float>& exact = entered.exact[0].scores;
  for (const Contestant& each : entered.compared) {
    nlohmann::ordered_json about = as_json(each);
    if (each.on_gpu) about["device"] = "cuda:0";
    about["precision"] = base::word_of(each.precision);
    about["largest_difference"] = largest_difference(each.scores, exact);
    about["changed_fraction"] = changed_fraction(each.scores, exact, classes);
    out["engines"].push_back(std::move(about));
  }
  out["missing"] = nlohmann::ordered_json::array();
  for (const Missing& each : entered.missing) {
    out["missing"].push_back({{"engine", each.name}, {"reason", each.reason}});
  }
  out["largest_score"] = largest_score(exact);
  if (entered.exact.size() > 1) out["largest_difference"] = largest_difference_of_exact(entered);
  return out;
}

std::string name_of(const Contestant& contestant) {
  const bool half = contestant.on_gpu && contestant.precision == Precision::fast;
  return contestant.engine->name() + (contestant.on_gpu ? " cuda" : "") + (half ? " fast" : "");
}

void print_result(Entered& entered, std::int64_t classes, Console& console) {
  const auto row = [&](const std::string& name, const auto& median, const auto& least, const auto& load) {
    std::ostringstream line;
    line << std::left << std::setw(20) << name << std::right << std::fixed << std::setprecision(1);
    line << std::setw(12) << median << std::setw(12) << least << std::setw(12) << load;
    console.result(line.str());
  };
  row("engine", "median ms", "least ms", "loading ms");
  entered.for_each([&](const Contestant& each) {
    row(name_of(each), each.median(), each.least(), each.load_milliseconds);
  });
  for (const Missing& each : entered.missing) console.result(each.name + " not run: " + each.reason);
  const std::vector<float>& exact = entered.exact[0].scores;
  if (entered.exact.size() > 1) {
    std::ostringstream line;
    line << std::setprecision(2) << "largest difference of scores " << largest_difference_of_exact(entered)
         << ", largest score " << largest_score(exact);
    console.result(line.str());
  }
  for (const Contestant& each : entered.compared) {
    std::ostringstream line;
    line << std::setprecision(2) << name_of(each) << ": largest difference of scores "
         << largest_difference(each.scores, exact) << " from exact, another best class at "
         << 100 * changed_fraction(each.scores, exact, classes) << " % of the pixels";
    console.result(line.str());
  }
}

int run_bench(const BenchArguments& arguments) {
  Console console(Voice{arguments.json});
  setenv("OMP_WAIT_POLICY", "passive", /*overwrite=*/0);  // as mm_segment runs LibTorch
  const BenchModel model = open_bench_model(arguments.model, arguments.trust);
  const std::vector<std::int64_t> window = window_of(model, arguments.window);
  const Input input = make_input(model, window);
  const int threads = base::resolve_threads(arguments.threads);
  const CancelToken interrupted = interrupt_token();

  Entered entered = enter_all(model, threads, input);
  // One after the other, so that a slow minute of the machine is everyone's.
  for (int run = 0; run < arguments.runs; ++run) {
    entered.for_each([&](Contestant& each) {
      if (interrupted.cancelled()) throw Error(ErrorCode::cancelled, "interrupted");
      const Clock::time_point start = Clock::now();
      run_once(each, input);
      each.milliseconds.push_back(milliseconds_since(start));
    });
  }

  if (arguments.json) {
    nlohmann::ordered_json out;
    out["model"] = model.file.string();
    out["network"] = model.text;
    out["window"] = window;
    out["threads"] = threads;
    out["runs"] = arguments.runs;
    out.update(as_json(entered, input.classes));
    console.object(out);
  } else {
    console.result(model.text);
    console.result("a window of " + text_of(window) + ", " + std::to_string(threads) + " threads, " +
                   std::to_string(arguments.runs) + " runs");
    print_result(entered, input.classes, console);
  }
  return kDone;
}

}  // namespace

void add_bench_command(CLI::App& app, int& exit_status) {
  auto arguments = std::make_shared<BenchArguments>();
  CLI::App* command = app.add_subcommand("bench", "time a model's windows on every engine of this machine");
  command
      ->add_option(
          "MODEL", arguments->model,
          "a .pth with its .json beside it, a TorchScript file, a model's folder, or one that nnU-Net "
          "has trained (its first network)")
      ->required();
  command->add_option("--window", arguments->window, "size of the window (default: the model's)")
      ->option_text("[PLANES,]ROWS,COLUMNS")
      ->delimiter(',')
      ->expected(2, 3)
      ->check(CLI::Range(1, 1 << 14));
  command->add_option("--threads", arguments->threads, "most threads to use (default: all cores)")
      ->option_text("N")
      ->check(CLI::Range(1, 1024));
  command->add_option("--runs", arguments->runs, "of each engine (default: 10)")
      ->option_text("N")
      ->check(CLI::Range(1, 1 << 20));
  command->add_flag("--json", arguments->json, "one JSON object on standard output");
  command->add_flag("--trust-model", arguments->trust,
                    "take a TorchScript file as trusted, so that LibTorch may run it");
  command->footer([] {
    return examples({{"musclemap bench model.pth --threads 4", "every engine of this machine"}}) +
           exit_statuses() + environment_variables();
  });
  command->callback([arguments, &exit_status] { exit_status = run_bench(*arguments); });
}

}  // namespace musclemap::cli
