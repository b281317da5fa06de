#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "musclemap/tissue.hpp"
#include "quant/cluster/label_fit.hpp"
#include "raw_file.hpp"
#include "serve.hpp"
#include "works.hpp"

namespace musclemap::bench {
namespace {

struct Arguments {
  std::filesystem::path values;  // of `type`
  std::string type = "int16";    // or float32
  std::string method = "kmeans";
  int components = 3;
  int threads = 1;
};

template <class T>
void run(const Arguments& arguments) {
  const std::vector<T> values = read_raw<T>(arguments.values);
  TissueOptions options;
  options.method = arguments.method == "gmm" ? TissueMethod::gmm : TissueMethod::kmeans;
  options.components = arguments.components;
  TissueFit fit;
  const auto work = [&] {
    quant::DistinctValuesBuilder builder;
    builder.add(values.data(), static_cast<std::int64_t>(values.size()), 1);
    const quant::DistinctValues distinct = builder.take();
    fit = quant::fit_label(1, distinct, builder.nonfinite(), options, arguments.threads);
  };
  work();
  nlohmann::json means = nlohmann::json::array();
  for (const TissueComponent& component : fit.components) means.push_back(component.mean);
  serve(
      {{"name", "musclemap"}, {"threads", arguments.threads}, {"means", means}, {"objective", fit.objective}},
      work);
}

}  // namespace

void add_clusters(CLI::App& app) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("clusters", "intensities of a label to tissues");
  command->add_option("--values", arguments->values)->required();
  command->add_option("--type", arguments->type)->check(CLI::IsMember({"int16", "float32"}));
  command->add_option("--method", arguments->method)->check(CLI::IsMember({"kmeans", "gmm"}));
  command->add_option("--components", arguments->components);
  command->add_option("--threads", arguments->threads);
  command->callback([arguments] {
    if (arguments->type == "int16") {
      run<std::int16_t>(*arguments);
    } else {
      run<float>(*arguments);
    }
  });
}

}  // namespace musclemap::bench
