// musclemap_cell_score: how many cells of a picture of labels are those of the true one.
#include <cstdint>
#include <exception>
#include <iomanip>
#include <iostream>
#include <map>
#include <string>
#include <utility>

#include "musclemap/error.hpp"
#include "musclemap/pictures.hpp"

namespace {

using Counts = std::map<std::uint32_t, std::int64_t>;

constexpr double kLeastOverlap = 0.5;  // intersection over union from which on two cells are the same

std::uint32_t label_at(const musclemap::ImageStack& labels, std::int64_t y, std::int64_t x) {
  using musclemap::DType;
  switch (labels.dtype()) {
    case DType::u8:
      return labels.plane<std::uint8_t>(0, 0, 0)(y, x);
    case DType::u16:
      return labels.plane<std::uint16_t>(0, 0, 0)(y, x);
    case DType::u32:
      return labels.plane<std::uint32_t>(0, 0, 0)(y, x);
    default:
      throw musclemap::Error(musclemap::ErrorCode::argument, "labels are uint8, uint16 or uint32");
  }
}

musclemap::ImageStack read(const std::string& file) {
  try {
    return musclemap::read_picture(file);
  } catch (const musclemap::Error& error) {
    throw musclemap::Error(error.code(), error.reason(), file + ": " + error.what(), file);
  }
}

void score(const musclemap::ImageStack& found, const musclemap::ImageStack& truth) {
  if (found.shape() != truth.shape()) {
    throw musclemap::Error(musclemap::ErrorCode::argument, "the two pictures have not the same shape");
  }
  Counts of_found;
  Counts of_truth;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::int64_t> of_both;
  for (std::int64_t y = 0; y < found.shape()[3]; ++y) {
    for (std::int64_t x = 0; x < found.shape()[4]; ++x) {
      const std::uint32_t a = label_at(found, y, x);
      const std::uint32_t b = label_at(truth, y, x);
      if (a != 0) ++of_found[a];
      if (b != 0) ++of_truth[b];
      if (a != 0 && b != 0) ++of_both[{a, b}];
    }
  }
  // Above one half no cell has two partners; at one half itself it might, which whole pixels hardly meet.
  std::int64_t same = 0;
  for (const auto& [pair, common] : of_both) {
    const std::int64_t either = of_found[pair.first] + of_truth[pair.second] - common;
    if (static_cast<double>(common) > kLeastOverlap * static_cast<double>(either)) ++same;
  }
  const auto cells = static_cast<std::int64_t>(of_found.size());
  const auto true_cells = static_cast<std::int64_t>(of_truth.size());
  const std::int64_t wrong = cells + true_cells - 2 * same;
  const auto part = [](std::int64_t n, std::int64_t of) {
    return of == 0 ? 1 : static_cast<double>(n) / static_cast<double>(of);
  };
  std::cout << "cells " << cells << ", true ones " << true_cells << ", the same at IoU above 0.5: " << same
            << '\n'
            << std::fixed << std::setprecision(3) << "F1 " << part(2 * same, 2 * same + wrong) << ", AP "
            << part(same, same + wrong) << '\n';
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: musclemap_cell_score MASKS TRUTH\n";
    return 2;
  }
  try {
    score(read(argv[1]), read(argv[2]));
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
