// Flags of the method by which cells are found, and of micro-sam's ways.
#ifndef MUSCLEMAP_CLI_SAM_FLAGS_HPP_
#define MUSCLEMAP_CLI_SAM_FLAGS_HPP_

#include <CLI/CLI.hpp>
#include <cstdint>

#include "base/words.hpp"
#include "musclemap/micro_sam.hpp"

namespace musclemap::cli {

enum class CellMethod : std::int32_t { cellpose, microsam_ais, microsam_amg };

/// All must outlive the parsing.
void add_sam_flags(CLI::App& app, CellMethod* method, SamModelOptions* model, SamOptions* options);

/// Error `argument` for a flag that was given and is one of another method.
void check_method_flags(const CLI::App& app, CellMethod method);

}  // namespace musclemap::cli

namespace musclemap::base {

template <>
struct Words<cli::CellMethod> {
  static constexpr WordList<cli::CellMethod, 3> kList{{{cli::CellMethod::cellpose, "cellpose"},
                                                       {cli::CellMethod::microsam_ais, "microsam-ais"},
                                                       {cli::CellMethod::microsam_amg, "microsam-amg"}}};
};

}  // namespace musclemap::base

#endif  // MUSCLEMAP_CLI_SAM_FLAGS_HPP_
