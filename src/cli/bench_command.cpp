// `musclemap bench`: how long a model takes on every engine that this machine has.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <iomanip>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "base/parallel.hpp"
#include "cli/commands.hpp"
#include "cli/console.hpp"
#include "cli/program.hpp"
#include "infer/load_engine.hpp"
#include "musclemap/error.hpp"
#include "musclemap/model_bundle.hpp"
#include "pipeline/bundle_state.hpp"

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
  std::vector<float> logits;
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
  std::vector<std::int64_t> shape;  // 1, channels, rows, columns
  std::vector<float> values;
  std::int64_t classes = 0;
};

// The description's, or what the command line says.
std::vector<std::int64_t> window_of(const ModelBundle& bundle, const std::vector<std::int64_t>& given) {
  if (!given.empty()) return given;
  if (bundle.window()[0] > 0) return {bundle.window()[0], bundle.window()[1]};
  throw Error(ErrorCode::argument, Reason::invalid,
              "has no description that states a window; give one with --window ROWS,COLUMNS",
              bundle.weights_file());
}

Input make_input(const ModelBundle& bundle, const std::vector<std::int64_t>& window) {
  const infer::UNetSpec& spec = bundle.state().network.unet;
  const bool described = bundle.out_channels() > 0;
  if (!described && spec.channels.empty()) {
    throw Error(ErrorCode::model, Reason::model,
                "has no description that says how many channels it gives, and " +
                    infer::why_not_native(bundle.state().network),
                bundle.weights_file());
  }
  const std::int64_t channels = spec.channels.empty() ? 1 : spec.in_channels;
  Input input;
  input.shape = {1, channels, window[0], window[1]};
  input.classes = described ? bundle.out_channels() : spec.out_channels;
  input.values.resize(static_cast<std::size_t>(channels * window[0] * window[1]));
  for (std::size_t i = 0; i < input.values.size(); ++i) {
    input.values[i] = static_cast<float>(std::sin(0.37 * static_cast<double>(i)) +
                                         std::cos(0.011 * static_cast<double>(i)));
  }
  return input;
}

void run_once(Contestant& contestant, const Input& input) {
  contestant.engine->run(input.values.data(), input.shape, input.classes, contestant.logits.data());
}

// With a first run behind it, which does not count.
Contestant enter(const infer::Network& network, EngineChoice choice, int threads, const Input& input) {
  infer::EngineRequest request;
  request.engine = choice;
  request.threads = threads;
  request.torch_threads = threads;
  request.compare_with_program = false;  // bench does so itself, on a whole window
  Contestant contestant;
  const Clock::time_point start = Clock::now();
  contestant.engine = infer::load_engine(network, request).engine;
  contestant.load_milliseconds = milliseconds_since(start);
  contestant.logits.resize(static_cast<std::size_t>(input.classes * input.shape[2] * input.shape[3]));
  run_once(contestant, input);
  return contestant;
}

double largest_score(const std::vector<float>& scores) {
  double largest = 0;
  for (const float score : scores) largest = std::max(largest, std::abs(static_cast<double>(score)));
  return largest;
}

double largest_difference(const std::vector<Contestant>& contestants) {
  double largest = 0;
  for (const Contestant& other : contestants) {
    for (std::size_t i = 0; i < other.logits.size(); ++i) {
      const double here = std::abs(static_cast<double>(other.logits[i]) - contestants[0].logits[i]);
      if (!(here <= largest)) largest = here;  // NaN too
    }
  }
  return largest;
}

nlohmann::ordered_json as_json(const std::vector<Contestant>& contestants,
                               const std::vector<Missing>& missing) {
  nlohmann::ordered_json out;
  out["engines"] = nlohmann::ordered_json::array();
  for (const Contestant& each : contestants) {
    nlohmann::ordered_json entry;
    entry["name"] = each.engine->name();
    entry["load_ms"] = each.load_milliseconds;
    entry["least_ms"] = each.least();
    entry["median_ms"] = each.median();
    out["engines"].push_back(std::move(entry));
  }
  out["missing"] = nlohmann::ordered_json::array();
  for (const Missing& each : missing) {
    out["missing"].push_back({{"engine", each.name}, {"reason", each.reason}});
  }
  out["largest_score"] = largest_score(contestants[0].logits);
  if (contestants.size() > 1) out["largest_difference"] = largest_difference(contestants);
  return out;
}

void print(const std::vector<Contestant>& contestants, const std::vector<Missing>& missing,
           Console& console) {
  const auto row = [&](const std::string& name, const auto& median, const auto& least, const auto& load) {
    std::ostringstream line;
    line << std::left << std::setw(16) << name << std::right << std::fixed << std::setprecision(1);
    line << std::setw(12) << median << std::setw(12) << least << std::setw(12) << load;
    console.result(line.str());
  };
  row("engine", "median ms", "least ms", "loading ms");
  for (const Contestant& each : contestants) {
    row(each.engine->name(), each.median(), each.least(), each.load_milliseconds);
  }
  for (const Missing& each : missing) console.result(each.name + " not run: " + each.reason);
  if (contestants.size() < 2) return;
  std::ostringstream line;
  line << std::setprecision(2) << "largest difference of scores " << largest_difference(contestants)
       << ", largest score " << largest_score(contestants[0].logits);
  console.result(line.str());
}

int run_bench(const BenchArguments& arguments) {
  Console console(arguments.json ? Voice::json : Voice::prose);
  setenv("OMP_WAIT_POLICY", "passive", /*overwrite=*/0);  // as mm_segment runs LibTorch
  ModelOpenOptions open;
  open.trust = arguments.trust;
  open.allow_missing_description = true;
  const ModelBundle bundle = ModelBundle::open(arguments.model, open);
  const Input input = make_input(bundle, window_of(bundle, arguments.window));
  const std::vector<std::int64_t> window = {input.shape[2], input.shape[3]};
  const int threads = base::resolve_threads(arguments.threads);
  const CancelToken interrupted = interrupt_token();

  std::vector<Contestant> contestants;
  std::vector<Missing> missing;
  for (const auto& [name, choice] : {std::pair<const char*, EngineChoice>{"native", EngineChoice::native},
                                     {"torch", EngineChoice::torch}}) {
    try {
      contestants.push_back(enter(bundle.state().network, choice, threads, input));
    } catch (const Error& error) {
      missing.push_back({name, error.what()});
    }
  }
  if (contestants.empty()) {
    throw Error(ErrorCode::device, Reason::model,
                "no engine runs it: native: " + missing[0].reason + "; torch: " + missing[1].reason,
                bundle.weights_file());
  }
  // One after the other, so that a slow minute of the machine is everyone's.
  for (int run = 0; run < arguments.runs; ++run) {
    for (Contestant& each : contestants) {
      if (interrupted.cancelled()) throw Error(ErrorCode::cancelled, "interrupted");
      const Clock::time_point start = Clock::now();
      run_once(each, input);
      each.milliseconds.push_back(milliseconds_since(start));
    }
  }

  if (arguments.json) {
    nlohmann::ordered_json out;
    out["model"] = bundle.weights_file().string();
    out["network"] = bundle.network();
    out["window"] = window;
    out["threads"] = threads;
    out["runs"] = arguments.runs;
    out.update(as_json(contestants, missing));
    console.object(out);
  } else {
    console.result(bundle.network());
    console.result("a window of " + std::to_string(window[0]) + " x " + std::to_string(window[1]) + ", " +
                   std::to_string(threads) + " threads, " + std::to_string(arguments.runs) + " runs");
    print(contestants, missing, console);
  }
  return kDone;
}

}  // namespace

void add_bench_command(CLI::App& app, int& exit_status) {
  auto arguments = std::make_shared<BenchArguments>();
  CLI::App* command = app.add_subcommand("bench", "time a model's windows on every engine of this machine");
  command
      ->add_option("MODEL", arguments->model,
                   "a .pth with its .json beside it, a TorchScript file, or a folder")
      ->required();
  command->add_option("--window", arguments->window, "ROWS,COLUMNS (default: the model's)")
      ->delimiter(',')
      ->expected(2)
      ->check(CLI::Range(1, 1 << 14));
  command->add_option("--threads", arguments->threads, "most threads to use (default: all cores)")
      ->check(CLI::Range(1, 1024));
  command->add_option("--runs", arguments->runs, "of each engine (default: 10)")
      ->check(CLI::Range(1, 1 << 20));
  command->add_flag("--json", arguments->json, "one JSON object on standard output");
  command->add_flag("--trust-model", arguments->trust,
                    "take a TorchScript file as trusted, so that LibTorch may run it");
  command->callback([arguments, &exit_status] { exit_status = run_bench(*arguments); });
}

}  // namespace musclemap::cli
