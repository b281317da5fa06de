// The works that are compared, one file each. Each adds a subcommand that prepares its input and then serves.
#ifndef MUSCLEMAP_BENCH_PEERS_WORKS_HPP_
#define MUSCLEMAP_BENCH_PEERS_WORKS_HPP_

#include <CLI/CLI.hpp>

namespace musclemap::bench {

/// One window of an image to the logits, in the layout that blending reads.
void add_window(CLI::App& app);
/// A slice of overlapping windows to blended scores.
void add_slice(CLI::App& app);
/// Windows of a volume through a network that nnU-Net has trained: to blended scores, to logits, and loading
/// it.
void add_volume(CLI::App& app);
/// Scores of a resampled volume to labels on the image's grid.
void add_restore(CLI::App& app);
/// Scores in half precision to a label map, on their grid or another one.
void add_export(CLI::App& app);
/// Tiles of a picture through a network of Cellpose 3.
void add_cells(CLI::App& app);
/// Largest part of every label.
void add_components(CLI::App& app);
/// Intensities of a label to tissues.
void add_clusters(CLI::App& app);
/// Flows of cells to where pixels end, or to masks.
void add_flows(CLI::App& app);
/// NIfTI files in and out.
void add_nifti(CLI::App& app);

}  // namespace musclemap::bench

#endif  // MUSCLEMAP_BENCH_PEERS_WORKS_HPP_
