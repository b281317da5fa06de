// Subcommands of `musclemap`. Their callbacks throw musclemap::Error; the program turns it into a message and
// a status.
#ifndef MUSCLEMAP_CLI_COMMANDS_HPP_
#define MUSCLEMAP_CLI_COMMANDS_HPP_

#include <CLI/CLI.hpp>

#include "cli/short_names.hpp"

namespace musclemap::cli {

/// Options of `mm_segment`, which are also those of `segment`.
void add_segment_options(CLI::App& app, int& exit_status);

/// Options of `mm_extract_metrics`, which are also those of `metrics`.
void add_metrics_options(CLI::App& app, int& exit_status);

/// Options of `totalsegmentator`. `names` gets the short ones that have several letters.
void add_totalsegmentator_options(CLI::App& app, ShortNames& names, int& exit_status);

/// `run`: segment, then metrics, in one process.
void add_run_command(CLI::App& app, int& exit_status);

/// Options of `totalseg_get_phase`, which are also those of `phase`.
void add_phase_options(CLI::App& app, int& exit_status);

/// Options of `totalseg_get_modality`, which are also those of `modality`.
void add_modality_options(CLI::App& app, int& exit_status);

/// Options of `totalseg_combine_masks`, which are also those of `combine`.
void add_combine_options(CLI::App& app, int& exit_status);

/// `radiomics -i IMAGE --labels PATH -o FILE`
void add_radiomics_command(CLI::App& app, int& exit_status);

/// Options of `totalseg_import_weights`, which are also those of `import`.
void add_import_options(CLI::App& app, int& exit_status);

/// Options of `totalseg_download_weights`, which fetches nothing and says where weights come from.
void add_download_options(CLI::App& app);

/// Options of `totalseg_set_license`, which keeps nothing and says so.
void add_license_options(CLI::App& app, ShortNames& names);

/// Options of `totalseg_info`, which are also those of `task info`. `names`, unless null, gets the short ones
/// that have several letters.
void add_task_info_options(CLI::App& app, int& exit_status, ShortNames* names);

/// `info FILE... [--verify] [--json]`
void add_info_command(CLI::App& app, int& exit_status);

/// `fetch ARGUMENTS...`, which is musclemap-fetch with these; argv is that of main(), where "fetch" comes
/// first.
void add_fetch_command(CLI::App& app, char** argv);

/// `doctor [--json]`
void add_doctor_command(CLI::App& app, int& exit_status);

/// `model inspect FILE [--json] [--trust-model]`
void add_model_command(CLI::App& app, int& exit_status);

/// `task list`, `task info`, `task show`
void add_task_command(CLI::App& app, int& exit_status);

/// `bench MODEL [--window ROWS,COLUMNS] [--threads N] [--runs N] [--json] [--trust-model]`
void add_bench_command(CLI::App& app, int& exit_status);

/// `cells IMAGE... -m MODEL`, `cells masks`, `cells compare`
void add_cells_command(CLI::App& app, int& exit_status);

/// `masks --flows FILE -o FILE`, of `cells`.
void add_cells_masks_command(CLI::App& app, int& exit_status);

/// `compare A.npz B.npz`, of `cells`.
void add_cells_compare_command(CLI::App& app, int& exit_status);

/// `labels export FILE --for VIEWER [-o OUT]`
void add_labels_command(CLI::App& app, int& exit_status);

}  // namespace musclemap::cli

#endif  // MUSCLEMAP_CLI_COMMANDS_HPP_
