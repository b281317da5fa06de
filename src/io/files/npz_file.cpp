#include "io/files/npz_file.hpp"

#include <cstddef>

namespace musclemap::io {

std::string npz_entry(const std::string& array) { return array + ".npy"; }

void write_npy(const std::vector<std::int64_t>& shape, const std::vector<float>& values, ZipFile* file) {
  std::string text = "{'descr': '<f4', 'fortran_order': False, 'shape': (";
  for (const std::int64_t length : shape) text += std::to_string(length) + ", ";
  text += "), }";
  // Magic, version and the length of the text come before; the values begin at a multiple of 64.
  constexpr std::size_t kBefore = 10;
  constexpr std::size_t kAligned = 64;
  while ((kBefore + text.size() + 1) % kAligned != 0) text += ' ';
  text += '\n';
  std::string header("\x93NUMPY\x01\x00", 8);
  header += static_cast<char>(text.size() & 0xff);
  header += static_cast<char>(text.size() >> 8);
  header += text;
  file->write(header.data(), header.size());
  file->write(values.data(), values.size() * sizeof(float));
  file->finish();
}

}  // namespace musclemap::io
