#include <exception>
#include <iostream>

#include "works.hpp"

int main(int argc, char** argv) {
  CLI::App app("Runs one work again and again, as often as standard input says, and prints the seconds.");
  app.require_subcommand(1);
  using namespace musclemap::bench;
  for (const auto& add : {add_window, add_slice, add_volume, add_restore, add_export, add_cells, add_flows,
                          add_components, add_clusters, add_nifti}) {
    add(app);
  }
  try {
    CLI11_PARSE(app, argc, argv);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
