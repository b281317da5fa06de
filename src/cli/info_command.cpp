// `musclemap info`: what is in a NIfTI file or a file of pictures.
#include <cstdint>
#include <filesystem>
#include <iomanip>
#include <memory>
#include <new>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "cli/choices.hpp"
#include "cli/commands.hpp"
#include "cli/console.hpp"
#include "cli/help_sections.hpp"
#include "cli/picture_info.hpp"
#include "cli/program.hpp"
#include "cli/standard_output.hpp"
#include "io/files/justified_bytes.hpp"
#include "musclemap/error.hpp"
#include "musclemap/nifti.hpp"
#include "musclemap/pictures.hpp"
#include "task/info_json.hpp"

namespace musclemap::cli {
namespace {

using task::forms_differ;
using task::has_statistics;
using task::info_json;
using task::voxel_volume_mm3;

struct InfoArguments {
  std::vector<std::string> files;
  bool verify = false;
  bool json = false;
  std::uint64_t max_voxel_bytes = 0;  // 0: what the file's size justifies
};

void line(std::ostream& out, const std::string& name, const std::string& value) {
  out << "  " << std::left << std::setw(13) << name << value << '\n';
}

std::string joined(const std::vector<std::string>& parts, const char* between) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : between) + part;
  return text;
}

void print_matrix(std::ostream& out, const std::string& name, const Affine& affine) {
  std::size_t width = 0;
  for (const double value : affine.m) width = std::max(width, base::number_text(value).size());
  for (int r = 0; r < 3; ++r) {
    std::string row;
    for (int c = 0; c < 4; ++c) {
      const std::string value = base::number_text(affine(r, c));
      row += std::string(width - value.size() + (c > 0 ? 2 : 0), ' ') + value;
    }
    line(out, r == 0 ? name : "", row);
  }
}

void print_check(std::ostream& out, const NiftiVoxelCheck& check) {
  line(out, "sha256", check.sha256_voxels_le);
  if (!has_statistics(check)) return;
  line(out, "count",
       std::to_string(check.count) + " (" + std::to_string(check.nan) + " nan, " + std::to_string(check.inf) +
           " inf)");
  line(out, "range", base::number_text(check.min_finite) + " to " + base::number_text(check.max_finite));
  line(out, "sum", base::number_text(check.sum_finite));
}

std::string text_of(const std::filesystem::path& file, const NiftiInfo& info, const NiftiVoxelCheck* check) {
  std::ostringstream out;
  out << base::printable(file.native()) << '\n';
  line(out, "format",
       "NIfTI-" + std::to_string(info.nifti_version) + (info.pair ? " pair" : "") +
           (info.gzip ? ", gzip" : "") + (info.big_endian ? ", big-endian" : ", little-endian"));
  std::vector<std::string> shape;
  for (const std::int64_t length : info.shape) shape.push_back(std::to_string(length));
  line(out, "voxels", joined(shape, " x ") + " " + info.dtype);
  std::vector<std::string> pixdim;
  for (const double spacing : info.pixdim) pixdim.push_back(base::number_text(spacing));
  line(out, "pixdim", joined(pixdim, " x ") + " (" + info.unit + ")");
  line(out, "position",
       info.affine_source + " (sform code " + std::to_string(info.sform_code) + ", qform code " +
           std::to_string(info.qform_code) + ")");
  if (info.affine_source != "none") {
    print_matrix(out, "affine", info.affine);
    line(out, "voxel volume", base::number_text(voxel_volume_mm3(info)) + " mm3");
  }
  if (forms_differ(info)) print_matrix(out, "qform", info.qform);
  line(out, "scaling",
       info.scaled ? "raw * " + base::number_text(info.slope) + " + " + base::number_text(info.inter)
                   : "none");
  if (!info.description.empty()) line(out, "description", base::printable(info.description));
  if (info.extension_count > 0) line(out, "extensions", std::to_string(info.extension_count));
  if (check != nullptr) print_check(out, *check);
  for (const Warning& warning : info.warnings) line(out, "warning", warning.text);
  return out.str();
}

void show(const std::filesystem::path& file, const InfoArguments& arguments, Console& console) {
  if (is_picture(file)) {
    show_picture(file, {arguments.verify, arguments.json}, console);
    return;
  }
  NiftiLimits limits;
  limits.max_voxel_bytes =
      arguments.max_voxel_bytes > 0 ? arguments.max_voxel_bytes : io::justified_voxel_bytes(file);
  const NiftiInfo info = nifti_info(file, limits);
  std::optional<NiftiVoxelCheck> check;
  if (arguments.verify) check = verify_nifti(file, limits);
  const NiftiVoxelCheck* found = check ? &*check : nullptr;
  if (arguments.json) {
    console.object(info_json(file, info, found));
  } else {
    print(text_of(file, info, found));
  }
}

// Only the limit on declared voxels has a flag.
Error with_hint(const Error& error) {
  if (error.reason() != Reason::limit ||
      std::string(error.what()).find("bytes of voxels") == std::string::npos) {
    return error;
  }
  return Error(error.code(), error.reason(), std::string(error.what()) + "; --max-voxel-bytes allows more",
               error.file());
}

int run_info(const InfoArguments& arguments) {
  Console console(Voice{arguments.json});
  int status = kDone;
  for (const std::string& name : arguments.files) {
    const std::filesystem::path file = name;
    try {
      show(file, arguments, console);
    } catch (const Error& error) {
      console.fail(with_hint(error.about(file)));
      status = kFailed;
    } catch (const std::bad_alloc&) {
      console.fail(Error(ErrorCode::memory, Reason::nomem, "out of memory", file));
      status = kFailed;
    }
  }
  return status;
}

}  // namespace

void add_info_command(CLI::App& app, int& exit_status) {
  auto arguments = std::make_shared<InfoArguments>();
  CLI::App* command = app.add_subcommand("info", "what is in NIfTI and TIFF files");
  command
      ->add_option("FILE", arguments->files,
                   "NIfTI files (.nii, .nii.gz, .hdr or .img), TIFF and OME-TIFF files")
      ->required();
  command->add_flag("--verify", arguments->verify, "read and check every voxel");
  command->add_flag("--json", arguments->json, "one JSON object a line on standard output");
  command
      ->add_option(
          "--max-voxel-bytes", arguments->max_voxel_bytes,
          "most bytes of voxels a header may declare, such as 8GiB (default: 500 times the file's size, at "
          "least 64 MiB)")
      ->option_text("SIZE")
      ->transform(size_in_bytes());
  command->footer([] {
    return examples({{"musclemap info scan.nii.gz --verify", "header, odd things, sums of all voxels"}}) +
           exit_statuses();
  });
  command->callback([arguments, &exit_status] { exit_status = run_info(*arguments); });
}

}  // namespace musclemap::cli
