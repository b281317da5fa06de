// Arrays as files of nothing but their values.
#ifndef MUSCLEMAP_BENCH_PEERS_RAW_FILE_HPP_
#define MUSCLEMAP_BENCH_PEERS_RAW_FILE_HPP_

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <vector>

namespace musclemap::bench {

template <class T>
std::vector<T> read_raw(const std::filesystem::path& file) {
  std::vector<T> values(std::filesystem::file_size(file) / sizeof(T));
  std::ifstream in(file, std::ios::binary);
  in.read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(values.size() * sizeof(T)));
  if (!in) throw std::runtime_error("cannot read " + file.string());
  return values;
}

template <class T>
void write_raw(const std::filesystem::path& file, const std::vector<T>& values) {
  std::ofstream out(file, std::ios::binary);
  out.write(reinterpret_cast<const char*>(values.data()),
            static_cast<std::streamsize>(values.size() * sizeof(T)));
  if (!out) throw std::runtime_error("cannot write " + file.string());
}

}  // namespace musclemap::bench

#endif  // MUSCLEMAP_BENCH_PEERS_RAW_FILE_HPP_
