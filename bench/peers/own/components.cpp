#include "image/labels/components.hpp"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <vector>

#include "musclemap/nifti.hpp"
#include "serve.hpp"
#include "works.hpp"

namespace musclemap::bench {
namespace {

struct Arguments {
  std::filesystem::path labels;  // int16
  std::filesystem::path out;
};

void run(const Arguments& arguments) {
  const Volume original = read_nifti(arguments.labels);
  Volume labels = read_nifti(arguments.labels);
  const Index3 n = original.geometry().shape;
  const auto restore = [&] {
    const auto from = original.view<std::int16_t>();
    const auto to = labels.mutable_view<std::int16_t>();
    std::copy(&from(0, 0, 0), &from(0, 0, 0) + n[0] * n[1] * n[2], &to(0, 0, 0));
  };
  const auto work = [&] { image::keep_largest_components(labels.mutable_view<std::int16_t>()); };
  work();
  if (!arguments.out.empty()) write_nifti(labels, arguments.out);
  serve({{"name", "musclemap"}, {"threads", 1}}, work, restore);
}

}  // namespace

void add_components(CLI::App& app) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("components", "largest part of every label");
  command->add_option("--labels", arguments->labels)->required();
  command->add_option("--out", arguments->out);
  command->callback([arguments] { run(*arguments); });
}

}  // namespace musclemap::bench
