// gzip in and out, voxels as numbers.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "io/files/byte_sink.hpp"
#include "io/files/byte_source.hpp"
#include "io/nifti/nifti_voxels.hpp"

namespace musclemap {
namespace {

constexpr std::size_t kVoxels = std::size_t{16} << 20;

// Tissue with noise as a CT has it, or labels of 97 voxels.
std::vector<std::int16_t> voxels(bool labels) {
  std::mt19937 random(1);
  std::normal_distribution<float> noise(0, 12);
  std::vector<std::int16_t> made(kVoxels);
  for (std::size_t n = 0; n < kVoxels; ++n) {
    const float tissue = 60 * std::sin(0.001F * static_cast<float>(n)) + noise(random);
    made[n] = static_cast<std::int16_t>(labels ? static_cast<float>(n / 97 % 90) : std::nearbyint(tissue));
  }
  return made;
}

class File {
 public:
  File()
      : path_(std::filesystem::temp_directory_path() / ("musclemap_bench_" + std::to_string(::getpid()))) {}
  ~File() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

void pack(const File& file, const std::vector<std::int16_t>& values, int threads) {
  const auto sink = io::create_gzip_sink(file.path(), threads);
  sink->write(values.data(), values.size() * 2);
  sink->commit();
}

// Arguments: labels instead of CT; threads.
void gzip_out(benchmark::State& state) {
  const File file;
  const std::vector<std::int16_t> values = voxels(state.range(0) != 0);
  for (auto _ : state) pack(file, values, static_cast<int>(state.range(1)));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(kVoxels * 2));
  state.counters["ratio"] = double(kVoxels * 2) / double(std::filesystem::file_size(file.path()));
}
BENCHMARK(gzip_out)->ArgsProduct({{0, 1}, {1, 2}})->Unit(benchmark::kMillisecond)->UseRealTime();

// Argument: labels instead of CT.
void gzip_in(benchmark::State& state) {
  const File file;
  std::vector<std::int16_t> values = voxels(state.range(0) != 0);
  pack(file, values, 0);
  for (auto _ : state) io::open_source(file.path())->read_all(values.data(), kVoxels * 2, "voxels");
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(kVoxels * 2));
}
BENCHMARK(gzip_in)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

void scaled_voxels(benchmark::State& state) {
  const std::vector<std::int16_t> stored = voxels(false);
  std::vector<double> values(kVoxels);
  for (auto _ : state) {
    io::convert_numbers(stored.data(), kVoxels, io::NumberKind::i16, {true, 0.5, -1024}, values.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kVoxels));
}
BENCHMARK(scaled_voxels)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace musclemap
