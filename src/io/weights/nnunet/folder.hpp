// A folder of trained networks as nnU-Net v2 keeps it.
#ifndef MUSCLEMAP_IO_WEIGHTS_NNUNET_FOLDER_HPP_
#define MUSCLEMAP_IO_WEIGHTS_NNUNET_FOLDER_HPP_

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "io/weights/nnunet/dataset.hpp"
#include "io/weights/nnunet/plans.hpp"
#include "musclemap/run.hpp"
#include "net/graph.hpp"
#include "net/tensor.hpp"

namespace musclemap::io {

struct NnunetFold {
  std::string name;                  ///< "0", "all"
  std::filesystem::path checkpoint;  ///< fold_0/checkpoint_final.pth, with the folder
};

struct NnunetFolderOptions {
  std::string configuration;       ///< "3d_fullres"; empty: the only one
  std::string trainer;             ///< "nnUNetTrainer"; empty: the only one
  std::vector<std::string> folds;  ///< empty: all that are there, by name; `all` only if it is the only one
  std::string checkpoint = "checkpoint_final.pth";  ///< or checkpoint_best.pth
};

/// `<trainer>__<plans>__<configuration>` with plans.json, dataset.json and folds. No weights are read yet.
struct NnunetFolder {
  std::filesystem::path path;
  std::string trainer;
  NnunetPlans plans;
  NnunetDataset dataset;
  NnunetConfiguration configuration;  ///< with the channels of its network
  std::vector<NnunetFold> folds;      ///< at least one, in the order of their means
};

/// A network as an engine takes it.
struct NnunetNetwork {
  net::Graph graph;
  net::StateDict weights;           ///< as graph.parameters lists them
  std::string sha256;               ///< of the checkpoint
  std::string trainer;              ///< as the checkpoint says
  std::vector<int> mirroring_axes;  ///< that it was trained with, network axes; empty: none
};

/// `path` is such a folder, or one `DatasetNNN_…` that holds it. Plans, data set and network are checked
/// completely. Errors: `io` (what is missing, and which there are), `argument` (an unknown configuration or
/// fold, several to choose from), `format` and `unsupported` (file, field, what is seen, what is allowed).
NnunetFolder open_nnunet_folder(const std::filesystem::path& path, const NnunetFolderOptions& options = {});

/// Ports "image" and "scores". Error `model` for numbers that do not go together.
net::Graph nnunet_graph(const NnunetConfiguration& configuration);

/// Reads the checkpoint of one of the folds. Errors: `io`, `format`, `unsupported`, `model` (weights that are
/// not those of the plans), `cancelled`; they name the file.
NnunetNetwork read_nnunet_fold(const NnunetFolder& folder, std::size_t fold, const RunControl& control = {});

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_WEIGHTS_NNUNET_FOLDER_HPP_
