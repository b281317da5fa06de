#include "cli/cell_mask_flags.hpp"

#include "cli/option_flags.hpp"
#include "decode/flows/mask_options.hpp"

namespace musclemap::cli {

void add_cell_mask_flags(CLI::App& app, CellMaskOptions* options) {
  app.option_defaults()->group("Masks");
  OptionFlags flags(app, options);
  flags.add("--cellprob-threshold", &CellMaskOptions::cellprob_threshold)->capture_default_str();
  flags.add("--flow-threshold", &CellMaskOptions::flow_threshold)->capture_default_str();
  flags.add("--min-size", &CellMaskOptions::min_size)->capture_default_str();
  flags.add("--max-size-fraction", &CellMaskOptions::max_size_fraction)->capture_default_str();
  flags.add("--no-interp", &CellMaskOptions::interp,
            "read flows at the pixel that holds a position, not between pixels");
  flags.add("--dynamics", &CellMaskOptions::dynamics);
  flags.add("--compat", &CellMaskOptions::compat);
  flags.add("--largest-part-only", &CellMaskOptions::largest_part_only);
}

}  // namespace musclemap::cli
