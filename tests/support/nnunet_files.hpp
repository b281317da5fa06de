// Folders of small networks as nnU-Net writes them, open to change.
#ifndef MUSCLEMAP_TESTS_SUPPORT_NNUNET_FILES_HPP_
#define MUSCLEMAP_TESTS_SUPPORT_NNUNET_FILES_HPP_

#include <filesystem>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

namespace musclemap::test {

/// Plans in the new form with a 3d_fullres configuration: two stages, one channel, CT.
nlohmann::json nnunet_plans();

/// Background and two labels.
nlohmann::json nnunet_dataset();

/// The entries of a checkpoint's dictionary as pickled text, by name; what is changed in it is written so.
struct NnunetPickle {
  /// Name and value, in the order of the file.
  std::vector<std::pair<std::string, std::string>> entries;
  std::map<std::string, std::string> storages;  ///< key to bytes

  std::string& operator[](const std::string& name);
  std::string file() const;  ///< the bytes of the checkpoint
};

/// With random weights for those plans and data set, listed twice as the modules of the original are, and
/// with all that its trainers write beside them.
NnunetPickle nnunet_checkpoint(const nlohmann::json& plans, const nlohmann::json& dataset, unsigned seed = 3);

/// A float64 of NumPy as it is pickled.
std::string pickle_numpy_scalar();

/// DatasetNNN_x/nnUNetTrainer__nnUNetPlans__3d_fullres with fold_0 in `folder`; gives its path.
std::filesystem::path write_nnunet_folder(const std::filesystem::path& folder, const nlohmann::json& plans,
                                          const nlohmann::json& dataset, const std::string& checkpoint);

void write_text(const std::filesystem::path& file, const std::string& bytes);

}  // namespace musclemap::test

#endif  // MUSCLEMAP_TESTS_SUPPORT_NNUNET_FILES_HPP_
